// Whether a presented secret is the one that a salted hash stands for. The hash is computed for a secret that was not presented
// before; the last one that was right is compared as it is, in constant time, which costs a tenth.

import { concatBytes } from '../codec/bytes.js';
import type { Sha256 } from '../signature/public-key.js';

export const SECRET_CHARACTERS = 52;
const LAST_ASCII = 0x7f;

export interface SecretCheckDeps {
  readonly sha256: Sha256;
  /** Constant-time comparison of equal lengths. */
  readonly equalSecrets: (a: Uint8Array, b: Uint8Array) => boolean;
}

/**
 * A check for one key. It keeps the right secret in memory, where every request brings it anyway, for as long as the check is kept.
 * @param hash SHA-256 of salt and secret
 * @returns a function of 52 ASCII characters that stand in a text from `from` on; false for any other characters
 */
export function createSecretCheck(
  salt: Uint8Array,
  hash: Uint8Array,
  { sha256, equalSecrets }: SecretCheckDeps,
): (text: string, from: number) => boolean {
  const salted = concatBytes(salt, new Uint8Array(SECRET_CHARACTERS));
  const presented = salted.subarray(salt.length);
  let right: Uint8Array | null = null;
  return (text, from) => {
    let all = 0;
    for (let i = 0; i < SECRET_CHARACTERS; i++) {
      const code = text.charCodeAt(from + i);
      presented[i] = code;
      all |= code;
    }
    if (all > LAST_ASCII || text.length - from !== SECRET_CHARACTERS) return false;
    if (right !== null && equalSecrets(presented, right)) return true;
    if (!equalSecrets(sha256(salted), hash)) return false;
    right = Uint8Array.from(presented);
    return true;
  };
}
