// Who a presented API key is: `yk_<id>_<secret>`. The id is public and looked up; the secret is known only as a salted hash and
// compared in constant time. Secrets are 256 random bits, so one SHA-256 is enough: there is nothing to guess slowly.

import { concatBytes, hexDecode } from '../codec/bytes.js';
import type { Sha256 } from '../signature/public-key.js';
import type { Clock } from './ports.js';
import { type Principal, SCOPES } from './principal.js';
import type { ApiKeyRow } from './store.js';

/** What judging a key takes, and all that leaves the process which owns the database. */
export type HeldApiKey = Pick<ApiKeyRow, 'id' | 'scopes' | 'salt' | 'hash' | 'expiresAt' | 'revokedAt'>;

export interface ApiKeyTable {
  /** A new key, or a known one as it is from now on. */
  readonly hold: (key: HeldApiKey) => void;
  /** From now on these keys and no others. */
  readonly replace: (keys: readonly HeldApiKey[]) => void;
  /** What is held, in no order. */
  readonly held: () => readonly HeldApiKey[];
  /** Synchronous; undefined for an unknown, malformed, wrong, expired or revoked key alike. */
  readonly check: (presented: string) => Principal | undefined;
}

export interface ApiKeyTableDeps {
  readonly clock: Clock;
  readonly sha256: Sha256;
  /** Constant-time comparison of equal lengths. */
  readonly equalSecrets: (a: Uint8Array, b: Uint8Array) => boolean;
}

interface KnownKey {
  readonly key: HeldApiKey;
  /** The salt, with room for a presented secret behind it: hashing copies nothing else. */
  readonly salted: Uint8Array;
  readonly hash: Uint8Array;
  readonly principal: Principal;
}

const SECRET_CHARACTERS = 52;
const KEY_PATTERN = /^yk_([a-z2-7]{16})_([a-z2-7]{52})$/;

/** An empty table. */
export function createApiKeyTable({ clock, sha256, equalSecrets }: ApiKeyTableDeps): ApiKeyTable {
  const known = new Map<string, KnownKey>();
  const hold = (key: HeldApiKey): void => void known.set(key.id, prepareKey(key));
  const hashOf = (salted: Uint8Array, secret: string): Uint8Array => {
    const saltLength = salted.length - SECRET_CHARACTERS;
    for (let i = 0; i < SECRET_CHARACTERS; i++) salted[saltLength + i] = secret.charCodeAt(i); // ASCII by its pattern
    return sha256(salted);
  };
  return {
    hold,
    replace: (keys) => {
      known.clear();
      for (const key of keys) hold(key);
    },
    held: () => [...known.values()].map(({ key }) => key),
    check: (presented) => {
      const [, id, secret] = KEY_PATTERN.exec(presented) ?? [];
      const found = known.get(id ?? '');
      if (found === undefined || secret === undefined) return undefined;
      if (!equalSecrets(hashOf(found.salted, secret), found.hash)) return undefined;
      const { expiresAt, revokedAt } = found.key;
      const ended = revokedAt !== null || (expiresAt !== null && expiresAt <= clock());
      return ended ? undefined : found.principal;
    },
  };
}

function prepareKey({ id, scopes, salt, hash, expiresAt, revokedAt }: HeldApiKey): KnownKey {
  return {
    key: { id, scopes, salt, hash, expiresAt, revokedAt },
    salted: concatBytes(hexDecode(salt), new Uint8Array(SECRET_CHARACTERS)),
    hash: hexDecode(hash),
    principal: { id, scopes: SCOPES.filter((scope) => scopes.includes(scope)) },
  };
}
