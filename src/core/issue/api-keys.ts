// API keys: made, confirmed, listed and revoked through the ledger, and held in the table that judges them (api-key-table.ts).

import { encodeBase32 } from '../codec/base32.js';
import type { KindTable } from '../credential/kind.js';
import { YimaError } from '../errors/yima-error.js';
import type { Sha256 } from '../signature/public-key.js';
import {
  apiKeyConfirmed,
  apiKeyCreated,
  apiKeyRevoked,
  apiKeyRotated,
  isApiKeyAsTold,
  replayApiKey,
  type ToldApiKeys,
} from './api-key-log.js';
import { type ApiKeyTable, isLiveKey } from './api-key-table.js';
import { areIndependent, type MakerOf } from './key-origin.js';
import { NO_OLD_SECRET, newKeySecret, type Rotation, rotatedKey } from './key-rotation.js';
import { type Ledger, nothingToWrite } from './ledger.js';
import { checkBounds, checkNewKey, type NewApiKey } from './new-api-key.js';
import type { Clock, Random } from './ports.js';
import { needsConfirmation } from './principal.js';
import type { ApiKeyRow, Store } from './store.js';

export interface ApiKeys {
  /**
   * @returns with the whole key, which is shown this once and never stored
   * @throws YimaError `invalid_request`, `key_refused`, `forbidden`; `conflict` for a public key that somebody has or had
   */
  readonly create: (actor: string, request: NewApiKey) => Promise<{ secret: string; row: ApiKeyRow }>;
  /**
   * A second administrator's word for the key of an officer or a rule service.
   * @throws YimaError `not_found`; `conflict` for a key that needs none, has one, or no longer lives; `forbidden` unless the two
   *   administrators' keys are live and independent of each other
   */
  readonly confirm: (actor: string, id: string) => Promise<ApiKeyRow>;
  /**
   * Gives a key a new secret; the present one opens the same for a while yet, and one from before it no more. Everybody's but an
   * officer's or a rule service's is rotated by an administrator; theirs by themselves alone, or one administrator could act as two people.
   * @returns as `create`
   * @throws YimaError `not_found`; `invalid_request`; `forbidden` for who may not; `conflict` for a key that no longer lives
   */
  readonly rotate: (
    actor: string,
    id: string,
    rotation: Rotation,
  ) => Promise<{ secret: string; row: ApiKeyRow }>;
  /** @throws YimaError `not_found` */
  readonly revoke: (actor: string, id: string) => Promise<ApiKeyRow>;
  readonly list: () => Promise<readonly ApiKeyRow[]>;
  /** A key that opens something now; undefined for any other. */
  readonly findLive: (id: string) => ApiKeyRow | undefined;
  readonly makerOf: MakerOf;
}

export interface ApiKeysDeps {
  readonly store: Store;
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly random: Random;
  readonly sha256: Sha256;
  readonly kinds: Pick<KindTable, 'byName'>;
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
  const makers = new Map<string, string>();
  const hold = (row: ApiKeyRow): void => {
    known.set(row.id, row);
    deps.table.hold(row);
  };
  const findLive = (id: string): ApiKeyRow | undefined => {
    const key = known.get(id);
    return key !== undefined && isLiveKey(key, deps.clock()) ? key : undefined;
  };
  const makerOf: MakerOf = (id) => makers.get(id);
  const load = async (): Promise<void> => {
    const rows = await deps.store.apiKeys();
    const told: ToldApiKeys = new Map();
    for (const entry of await deps.store.apiKeyLog()) replayApiKey(told, entry);
    known.clear();
    makers.clear();
    for (const row of rows) {
      const entry = told.get(row.id);
      if (entry === undefined || !isApiKeyAsTold(entry, row, deps.sha256)) continue;
      known.set(row.id, row);
      makers.set(row.id, entry.createdBy);
    }
    deps.table.replace([...known.values()]);
  };
  await load();
  return {
    create: async (actor, request) => {
      const publicKey = checkNewKey(actor, request, deps.clock());
      const id = encodeBase32(deps.random(10));
      const bounds = checkBounds(request, (name) => deps.kinds.byName(name) !== undefined);
      const made = newKeySecret(deps);
      const subjects = [`api-key:${id}`, ...(publicKey === null ? [] : [`public-key:${publicKey}`])];
      return deps.ledger.submit(subjects, async () => {
        if (publicKey !== null && [...known.values()].some((key) => key.publicKey === publicKey)) {
          throw new YimaError(
            'conflict',
            'Another API key has or had this public key. Make a new one for each officer.',
            {
              field: 'publicKey',
            },
          );
        }
        const createdAt = deps.clock();
        const row: ApiKeyRow = {
          id,
          name: request.name,
          scopes: [...request.scopes],
          salt: made.salt,
          hash: made.hash,
          createdAt,
          expiresAt: request.expiresAt,
          revokedAt: null,
          createdBy: actor,
          publicKey,
          confirmedBy: null,
          confirmedAt: null,
          ...bounds,
          ...NO_OLD_SECRET,
        };
        return {
          entries: [apiKeyCreated(actor, row, deps.sha256)],
          change: { apiKeys: [row] },
          unsure: load,
          done: () => {
            makers.set(id, actor);
            hold(row);
            return { secret: `yk_${id}_${made.secret}`, row };
          },
        };
      });
    },
    confirm: (actor, id) =>
      deps.ledger.submit([`api-key:${id}`], async () => {
        const key = known.get(id);
        if (key === undefined) throw new YimaError('not_found', 'There is no API key with this id.');
        const at = deps.clock();
        checkWaiting(key, at);
        checkConfirmer(actor, makerOf(id), findLive, makerOf);
        const row = { ...key, confirmedBy: actor, confirmedAt: at };
        return {
          entries: [apiKeyConfirmed(actor, id, at)],
          change: { apiKeys: [row] },
          unsure: load,
          done: () => {
            hold(row);
            return row;
          },
        };
      }),
    rotate: (actor, id, rotation) =>
      deps.ledger.submit([`api-key:${id}`], async () => {
        const at = deps.clock();
        const { secret, ...row } = rotatedKey(deps, { actor, at, rotation }, known.get(id), findLive);
        return {
          entries: [apiKeyRotated(actor, row, at, deps.sha256)],
          change: { apiKeys: [row] },
          unsure: load,
          done: () => {
            hold(row);
            return { secret: `yk_${id}_${secret}`, row };
          },
        };
      }),
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
    findLive,
    makerOf,
  };
}

function checkWaiting(key: ApiKeyRow, now: number): void {
  if (!needsConfirmation(key.scopes)) throw new YimaError('conflict', 'This key needs no confirmation.');
  if (key.confirmedAt !== null) throw new YimaError('conflict', 'This key is confirmed already.');
  if (!isLiveKey({ ...key, confirmedAt: now }, now))
    throw new YimaError('conflict', 'This key has expired or is revoked; make a new one.');
}

function checkConfirmer(
  actor: string,
  maker: string | undefined,
  findLive: ApiKeys['findLive'],
  makerOf: MakerOf,
): void {
  const isAdmin = (id: string | undefined): boolean =>
    id !== undefined && findLive(id)?.scopes.includes('admin') === true;
  if (!isAdmin(actor)) {
    throw new YimaError(
      'forbidden',
      'A key is confirmed by an administrator’s own API key, not through the socket.',
      {
        rule: 'local',
      },
    );
  }
  if (!isAdmin(maker)) {
    throw new YimaError('forbidden', 'Who made this key is no administrator any more. Make it anew.', {
      rule: 'maker_gone',
    });
  }
  if (!areIndependent(actor, maker ?? actor, makerOf)) {
    throw new YimaError(
      'forbidden',
      'Another administrator has to confirm it: one whose key this one’s maker did not make.',
      {
        rule: 'same_origin',
      },
    );
  }
}
