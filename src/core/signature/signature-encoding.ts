// What a signature must look like before any backend is asked, so that all backends give one answer.

import { hexDecode } from '../codec/bytes.js';
import { hasReducedScalar, startsWithCanonicalY, startsWithSmallOrder } from './edwards.js';
import type { PublicKey } from './public-key.js';
import { CURVES, integerFromBytes } from './weierstrass.js';

function bigEndian(value: bigint, length: number): Uint8Array {
  return hexDecode(value.toString(16).padStart(2 * length, '0'));
}

const ORDERS = { ES256: bigEndian(CURVES.ES256.n, 32), ES384: bigEndian(CURVES.ES384.n, 48) } as const;
const HALF_P256_ORDER = bigEndian(CURVES.ES256.n >> 1n, 32);

/** Compares `length` bytes at `offset` with a constant, both big-endian. */
function compareAt(bytes: Uint8Array, offset: number, constant: Uint8Array): number {
  for (let i = 0; i < constant.length; i++) {
    const difference = (bytes[offset + i] ?? 0) - (constant[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function isZeroAt(bytes: Uint8Array, offset: number, length: number): boolean {
  for (let i = 0; i < length; i++) if (bytes[offset + i] !== 0) return false;
  return true;
}

function isScalarAt(bytes: Uint8Array, offset: number, order: Uint8Array): boolean {
  return compareAt(bytes, offset, order) < 0 && !isZeroAt(bytes, offset, order.length);
}

/**
 * Whether the signature has an admissible form for this key's algorithm: one text for one signature wherever the mathematics
 * allows it.
 *
 * Ed25519: 64 bytes, s < L, R with a canonical y and not of small order (RFC 8032, 5.1.7; the small orders are our addition).
 * ECDSA: r||s of twice the field's length, both in [1, n - 1]; either s of a pair passes. PS256: as long as the modulus.
 */
export function checkSignatureEncoding(key: PublicKey, signature: Uint8Array): boolean {
  switch (key.algorithm) {
    case 'Ed25519':
      return (
        signature.length === 64 &&
        hasReducedScalar(signature) &&
        startsWithCanonicalY(signature) &&
        !startsWithSmallOrder(signature)
      );
    case 'ES256':
    case 'ES384': {
      const order = ORDERS[key.algorithm];
      return (
        signature.length === 2 * order.length &&
        isScalarAt(signature, 0, order) &&
        isScalarAt(signature, order.length, order)
      );
    }
    case 'PS256':
      return signature.length === key.n.length;
  }
}

/** Whether an ES256 signature r||s carries the smaller of its two possible s. Our own codes require it. */
export function isLowS(signature: Uint8Array): boolean {
  return signature.length === 64 && compareAt(signature, 32, HALF_P256_ORDER) <= 0;
}

/** The ES256 signature r||s with the smaller s: the same bytes if they are so already. */
export function normalizeLowS(signature: Uint8Array): Uint8Array {
  if (signature.length !== 64 || isLowS(signature)) return signature;
  const normal = Uint8Array.from(signature);
  normal.set(bigEndian(CURVES.ES256.n - integerFromBytes(signature.subarray(32)), 32), 32);
  return normal;
}
