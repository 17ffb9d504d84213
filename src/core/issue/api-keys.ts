// API keys: `yk_<id>_<secret>`. The id is public and looked up; the secret is stored only as a salted hash and compared
// in constant time. Secrets are 256 random bits, so one SHA-256 is enough: there is nothing to guess slowly.

import { encodeBase32 } from '../codec/base32.js';
import { concatBytes, hexDecode, hexEncode, utf8Encode } from '../codec/bytes.js';
import { YimaError } from '../errors/yima-error.js';
import type { Sha256 } from '../signature/public-key.js';
import {
  apiKeyCreated,
  apiKeyRevoked,
  isApiKeyAsTold,
  replayApiKey,
  type ToldApiKeys,
} from './api-key-log.js';
import { type Ledger, nothingToWrite } from './ledger.js';
import type { Clock, Random } from './ports.js';
import { type Principal, SCOPES, type Scope } from './principal.js';
import { createSecretCheck } from './secret-check.js';
import type { ApiKeyRow, Store } from './store.js';

export interface ApiKeys {
  /** Synchronous; undefined for an unknown, malformed, wrong, expired or revoked key alike. */
  readonly check: (presented: string) => Principal | undefined;
  /**
   * @returns with the whole key, which is shown this once and never stored
   * @throws YimaError `invalid_request`
   */
  readonly create: (actor: string, request: NewApiKey) => Promise<{ secret: string; row: ApiKeyRow }>;
  /** @throws YimaError `not_found` */
  readonly revoke: (actor: string, id: string) => Promise<ApiKeyRow>;
  readonly list: () => Promise<readonly ApiKeyRow[]>;
}

export interface NewApiKey {
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** Epoch seconds; null: until revoked. */
  readonly expiresAt: number | null;
}

export interface ApiKeysDeps {
  readonly store: Store;
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly random: Random;
  readonly sha256: Sha256;
  /** Constant-time comparison of equal lengths. */
  readonly equalSecrets: (a: Uint8Array, b: Uint8Array) => boolean;
}

interface KnownKey {
  readonly row: ApiKeyRow;
  readonly isSecret: (text: string, from: number) => boolean;
  readonly principal: Principal;
}

const PREFIX = 'yk_';
const ID_END = PREFIX.length + 16;
const SECRET_START = ID_END + 1;

/**
 * Loads the keys; they stay in memory, so that authentication asks nobody. A stored key that is not as its log entries tell
 * is left out: it opens nothing and is not listed, and the check of the log names it. The store keeps an index of the
 * entries about keys, so this takes time in proportion to the keys, however long the log is.
 */
export async function createApiKeys(deps: ApiKeysDeps): Promise<ApiKeys> {
  const known = new Map<string, KnownKey>();
  const hold = (row: ApiKeyRow): void => {
    known.set(row.id, {
      row,
      isSecret: createSecretCheck(hexDecode(row.salt), hexDecode(row.hash), deps),
      principal: { id: row.id, scopes: SCOPES.filter((scope) => row.scopes.includes(scope)) },
    });
  };
  const load = async (): Promise<void> => {
    const rows = await deps.store.apiKeys();
    const told: ToldApiKeys = new Map();
    for (const entry of await deps.store.apiKeyLog()) replayApiKey(told, entry);
    known.clear();
    for (const row of rows) if (isApiKeyAsTold(told.get(row.id), row, deps.sha256)) hold(row);
  };
  await load();

  return {
    check: (presented) => {
      if (!presented.startsWith(PREFIX) || presented[ID_END] !== '_') return undefined;
      const key = known.get(presented.slice(PREFIX.length, ID_END));
      if (key === undefined || !key.isSecret(presented, SECRET_START)) return undefined;
      const { expiresAt, revokedAt } = key.row;
      const ended = revokedAt !== null || (expiresAt !== null && expiresAt <= deps.clock());
      return ended ? undefined : key.principal;
    },
    create: async (actor, request) => {
      checkNewKey(request, deps.clock());
      const id = encodeBase32(deps.random(10));
      const secret = encodeBase32(deps.random(32));
      const salt = deps.random(16);
      return deps.ledger.submit([`api-key:${id}`], async () => {
        const createdAt = deps.clock();
        const row: ApiKeyRow = {
          id,
          name: request.name,
          scopes: [...request.scopes],
          salt: hexEncode(salt),
          hash: hexEncode(deps.sha256(concatBytes(salt, utf8Encode(secret)))),
          createdAt,
          expiresAt: request.expiresAt,
          revokedAt: null,
        };
        return {
          entries: [apiKeyCreated(actor, row, deps.sha256)],
          change: { apiKeys: [row] },
          unsure: load,
          done: () => {
            hold(row);
            return { secret: `yk_${id}_${secret}`, row };
          },
        };
      });
    },
    revoke: (actor, id) =>
      deps.ledger.submit([`api-key:${id}`], async () => {
        const key = known.get(id);
        if (key === undefined) throw new YimaError('not_found', 'There is no API key with this id.');
        if (key.row.revokedAt !== null) return nothingToWrite(key.row);
        const at = deps.clock();
        const row = { ...key.row, revokedAt: at };
        return {
          entries: [apiKeyRevoked(actor, id, at)],
          change: { apiKeys: [row] },
          unsure: load,
          done: () => {
            hold(row);
            return row;
          },
        };
      }),
    list: async () => [...known.values()].map(({ row }) => row),
  };
}

function checkNewKey({ name, scopes, expiresAt }: NewApiKey, now: number): void {
  if (!/^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,63}$/u.test(name)) {
    throw new YimaError(
      'invalid_request',
      'A key’s name is 1 to 64 letters, digits, spaces, dots or dashes.',
      {
        field: 'name',
      },
    );
  }
  if (scopes.length === 0 || scopes.some((scope) => !SCOPES.includes(scope))) {
    throw new YimaError('invalid_request', `Name one or more scopes of ${SCOPES.join(', ')}.`, {
      field: 'scopes',
    });
  }
  if (expiresAt !== null && !(Number.isSafeInteger(expiresAt) && expiresAt > now)) {
    throw new YimaError('invalid_request', 'expiresAt is a time to come, in epoch seconds.', {
      field: 'expiresAt',
    });
  }
}
