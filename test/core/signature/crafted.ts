// Keys and signatures on edwards25519 that no honest signer makes: small orders and torsion. Computed, not copied.

import { createHash } from 'node:crypto';
import { Point } from '@noble/ed25519';
import { concatBytes, hexDecode } from '../../../src/core/codec/bytes.js';

export const ORDER = Point.CURVE().n;

/** A generator of the points of order 8. */
export const TORSION = Point.fromBytes(
  hexDecode('c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a'),
);

export function sha512(data: Uint8Array): Uint8Array {
  return createHash('sha512').update(data).digest();
}

export function littleEndian(value: bigint): Uint8Array {
  return hexDecode(value.toString(16).padStart(64, '0')).reverse();
}

/** k = SHA-512(R || A || M) mod L (RFC 8032, section 5.1.7). */
export function challenge(r: Uint8Array, a: Uint8Array, message: Uint8Array): bigint {
  const digest = sha512(concatBytes(r, a, message));
  return BigInt(`0x${Buffer.from(digest).reverse().toString('hex')}`) % ORDER;
}

/** R || s with s = nonce + k * secret for a freely chosen R. */
export function signFreely(
  choice: { readonly r: Uint8Array; readonly nonce: bigint; readonly a: Uint8Array; readonly secret: bigint },
  message: Uint8Array,
): Uint8Array {
  const s = (choice.nonce + challenge(choice.r, choice.a, message) * choice.secret) % ORDER;
  return concatBytes(choice.r, littleEndian(s));
}
