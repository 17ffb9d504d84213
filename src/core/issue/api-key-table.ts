// Who a presented API key is: `yk_<id>_<secret>`. The id is public and looked up; the secret is known only as a salted hash and
// compared in constant time. Secrets are 256 random bits, so one SHA-256 is enough: there is nothing to guess slowly.

import { hexDecode } from '../codec/bytes.js';
import type { Clock } from './ports.js';
import { needsConfirmation, type Principal, SCOPES } from './principal.js';
import { createSecretCheck, type SecretCheckDeps } from './secret-check.js';
import type { ApiKeyRow } from './store.js';

/** What judging a key takes, and all that leaves the process which owns the database. */
export type HeldApiKey = Pick<
  ApiKeyRow,
  | 'id'
  | 'scopes'
  | 'salt'
  | 'hash'
  | 'expiresAt'
  | 'revokedAt'
  | 'confirmedAt'
  | 'region'
  | 'kinds'
  | 'site'
  | 'oldSalt'
  | 'oldHash'
  | 'oldEndsAt'
>;

/** Whether a key opens what its scopes say at this time: neither revoked nor expired nor waiting for its confirmation. */
export function isLiveKey(
  {
    scopes,
    expiresAt,
    revokedAt,
    confirmedAt,
  }: Pick<HeldApiKey, 'scopes' | 'expiresAt' | 'revokedAt' | 'confirmedAt'>,
  now: number,
): boolean {
  const ended = revokedAt !== null || (expiresAt !== null && expiresAt <= now);
  return !ended && (confirmedAt !== null || !needsConfirmation(scopes));
}

export interface ApiKeyTable {
  /** A new key, or a known one as it is from now on. */
  readonly hold: (key: HeldApiKey) => void;
  /** From now on these keys and no others. */
  readonly replace: (keys: readonly HeldApiKey[]) => void;
  /** What is held, in no order. */
  readonly held: () => readonly HeldApiKey[];
  /** Synchronous; undefined for an unknown, malformed, wrong, unconfirmed, expired or revoked key alike. */
  readonly check: (presented: string) => Principal | undefined;
}

export interface ApiKeyTableDeps extends SecretCheckDeps {
  readonly clock: Clock;
}

interface KnownKey {
  readonly key: HeldApiKey;
  readonly isSecret: (text: string, from: number) => boolean;
  /** The secret before, while it counts; null where there is none. */
  readonly isOldSecret: ((text: string, from: number) => boolean) | null;
  readonly oldEndsAt: number;
  readonly principal: Principal;
}

const PREFIX = 'yk_';
const ID_END = PREFIX.length + 16;
const SECRET_START = ID_END + 1;

/** An empty table. */
export function createApiKeyTable(deps: ApiKeyTableDeps): ApiKeyTable {
  const known = new Map<string, KnownKey>();
  const hold = (key: HeldApiKey): void => void known.set(key.id, prepareKey(key, deps));
  return {
    hold,
    replace: (keys) => {
      known.clear();
      for (const key of keys) hold(key);
    },
    held: () => [...known.values()].map(({ key }) => key),
    check: (presented) => {
      if (!presented.startsWith(PREFIX) || presented[ID_END] !== '_') return undefined;
      const found = known.get(presented.slice(PREFIX.length, ID_END));
      if (found === undefined) return undefined;
      const now = deps.clock();
      if (!found.isSecret(presented, SECRET_START) && !isOld(found, presented, now)) return undefined;
      return isLiveKey(found.key, now) ? found.principal : undefined;
    },
  };
}

function isOld({ isOldSecret, oldEndsAt }: KnownKey, presented: string, now: number): boolean {
  return isOldSecret !== null && now < oldEndsAt && isOldSecret(presented, SECRET_START);
}

/** Rows hold more than judging takes. */
export function heldOnly(key: HeldApiKey): HeldApiKey {
  const { id, scopes, salt, hash, expiresAt, revokedAt, confirmedAt } = key;
  const { region, kinds, site, oldSalt, oldHash, oldEndsAt } = key;
  const bounds = { region, kinds, site };
  const old = { oldSalt, oldHash, oldEndsAt };
  return { id, scopes, salt, hash, expiresAt, revokedAt, confirmedAt, ...bounds, ...old };
}

function prepareKey(held: HeldApiKey, deps: SecretCheckDeps): KnownKey {
  const key = heldOnly(held);
  const { salt, hash, oldSalt, oldHash, oldEndsAt } = key;
  const old = oldSalt === null || oldHash === null ? null : secretOf(oldSalt, oldHash, deps);
  return {
    key,
    isSecret: secretOf(salt, hash, deps),
    isOldSecret: old,
    oldEndsAt: oldEndsAt ?? 0,
    principal: principalOf(key),
  };
}

function secretOf(salt: string, hash: string, deps: SecretCheckDeps) {
  return createSecretCheck(hexDecode(salt), hexDecode(hash), deps);
}

function principalOf({ id, scopes, region, kinds, site }: HeldApiKey): Principal {
  return {
    id,
    scopes: SCOPES.filter((scope) => scopes.includes(scope)),
    ...(region === null && kinds === null ? {} : { reach: { region, kinds } }),
    ...(site === null ? {} : { place: site }),
  };
}
