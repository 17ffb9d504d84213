// Public keys as plain values: what a trust table holds, and what every backend is given.

import { equalBytes, hexEncode, utf8Encode } from '../codec/bytes.js';

/** A public key with the one algorithm it may be used for. Byte fields are big-endian, except Ed25519's wire form. */
export type PublicKey =
  | { readonly algorithm: 'Ed25519' /** RFC 8032 encoding, 32 bytes. */; readonly x: Uint8Array }
  | {
      readonly algorithm: 'ES256' | 'ES384';
      /** 32 bytes for P-256, 48 for P-384. */
      readonly x: Uint8Array;
      readonly y: Uint8Array;
    }
  | {
      readonly algorithm: 'PS256';
      /** Modulus without leading zeros. */
      readonly n: Uint8Array;
      readonly e: Uint8Array;
    };

/** SHA-256 as an argument of core: node:crypto on servers, a browser's own elsewhere. */
export type Sha256 = (data: Uint8Array) => Uint8Array;

/** Lower-case hex SHA-256 of a text in UTF-8, a lone surrogate as U+FFFD. */
export type Sha256Hex = (text: string) => string;

/** The same of a hash of bytes; an adapter may do it in one step. */
export function hexHash(sha256: Sha256): Sha256Hex {
  return (text) => hexEncode(sha256(utf8Encode(text)));
}

/** Whether two are one key for one algorithm. */
export function samePublicKey(a: PublicKey, b: PublicKey): boolean {
  if (a.algorithm === 'PS256') {
    return b.algorithm === 'PS256' && equalBytes(a.n, b.n) && equalBytes(a.e, b.e);
  }
  if (b.algorithm !== a.algorithm || !equalBytes(a.x, b.x)) return false;
  return !('y' in a) || ('y' in b && equalBytes(a.y, b.y));
}
