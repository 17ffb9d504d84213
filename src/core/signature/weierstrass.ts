// The two NIST curves whose keys are read here: y² = x³ - 3x + b over p, of prime order n (FIPS 186-5, SP 800-186).

import { hexEncode } from '../codec/bytes.js';
import type { Algorithm } from './algorithm.js';

export interface Curve {
  /** JOSE name (RFC 7518, section 6.2.1.1). */
  readonly name: string;
  readonly coordinateBytes: number;
  readonly p: bigint;
  readonly b: bigint;
  readonly n: bigint;
}

export const CURVES = {
  ES256: {
    name: 'P-256',
    coordinateBytes: 32,
    p: 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn,
    b: 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn,
    n: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
  },
  ES384: {
    name: 'P-384',
    coordinateBytes: 48,
    p: 0xfffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000ffffffffn,
    b: 0xb3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aefn,
    n: 0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
  },
} as const satisfies Partial<Record<Algorithm, Curve>>;

/** The non-negative integer that big-endian bytes encode. */
export function integerFromBytes(bytes: Uint8Array): bigint {
  return bytes.length === 0 ? 0n : BigInt(`0x${hexEncode(bytes)}`);
}

/** Whether (x, y) lies on the curve, both coordinates below p. Both orders are prime, so every such point is a fair key. */
export function isOnCurve(curve: Curve, x: bigint, y: bigint): boolean {
  const { p, b } = curve;
  if (x >= p || y >= p) return false;
  return (y * y - (x * x * x - 3n * x + b)) % p === 0n;
}
