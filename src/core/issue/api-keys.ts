// API keys: made, listed and revoked through the ledger, and held in the table that judges them (api-key-table.ts).

import { encodeBase32 } from '../codec/base32.js';
import { concatBytes, hexEncode, utf8Encode } from '../codec/bytes.js';
import { YimaError } from '../errors/yima-error.js';
import type { Sha256 } from '../signature/public-key.js';
import {
  apiKeyCreated,
  apiKeyRevoked,
  isApiKeyAsTold,
  replayApiKey,
  type ToldApiKeys,
} from './api-key-log.js';
import type { ApiKeyTable } from './api-key-table.js';
import { type Ledger, nothingToWrite } from './ledger.js';
import type { Clock, Random } from './ports.js';
import { SCOPES, type Scope } from './principal.js';
import type { ApiKeyRow, Store } from './store.js';

export interface ApiKeys {
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
  /** Hears of every key that counts, and of every change. */
  readonly table: Pick<ApiKeyTable, 'hold' | 'replace'>;
}

/**
 * Loads the keys into the table, so that authentication asks nobody. A stored key that is not as its log entries tell
 * is left out: it opens nothing and is not listed, and the check of the log names it. The store keeps an index of the
 * entries about keys, so this takes time in proportion to the keys, however long the log is.
 */
export async function createApiKeys(deps: ApiKeysDeps): Promise<ApiKeys> {
  const known = new Map<string, ApiKeyRow>();
  const hold = (row: ApiKeyRow): void => {
    known.set(row.id, row);
    deps.table.hold(row);
  };
  const load = async (): Promise<void> => {
    const rows = await deps.store.apiKeys();
    const told: ToldApiKeys = new Map();
    for (const entry of await deps.store.apiKeyLog()) replayApiKey(told, entry);
    known.clear();
    for (const row of rows) if (isApiKeyAsTold(told.get(row.id), row, deps.sha256)) known.set(row.id, row);
    deps.table.replace([...known.values()]);
  };
  await load();
  return {
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
          createdBy: actor,
          publicKey: null,
          confirmedBy: null,
          confirmedAt: null,
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
        if (key.revokedAt !== null) return nothingToWrite(key);
        const at = deps.clock();
        const row = { ...key, revokedAt: at };
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
    list: async () => [...known.values()],
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
