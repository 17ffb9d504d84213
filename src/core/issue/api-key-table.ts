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
  'id' | 'scopes' | 'salt' | 'hash' | 'expiresAt' | 'revokedAt' | 'confirmedAt'
>;

/** Whether a key opens what its scopes say at this time: neither revoked nor expired nor waiting for its confirmation. */
export function isLiveKey(
  { scopes, expiresAt, revokedAt, confirmedAt }: Omit<HeldApiKey, 'id' | 'salt' | 'hash'>,
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
      if (found === undefined || !found.isSecret(presented, SECRET_START)) return undefined;
      return isLiveKey(found.key, deps.clock()) ? found.principal : undefined;
    },
  };
}

function prepareKey(
  { id, scopes, salt, hash, expiresAt, revokedAt, confirmedAt }: HeldApiKey,
  deps: SecretCheckDeps,
): KnownKey {
  return {
    key: { id, scopes, salt, hash, expiresAt, revokedAt, confirmedAt },
    isSecret: createSecretCheck(hexDecode(salt), hexDecode(hash), deps),
    principal: { id, scopes: SCOPES.filter((scope) => scopes.includes(scope)) },
  };
}
