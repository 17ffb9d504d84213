// Which public keys may enter a trust table. What is refused here makes backends disagree, or makes signatures meaningless.

import { Point } from '@noble/ed25519';
import { YimaError } from '../errors/yima-error.js';
import { startsWithCanonicalY, startsWithSmallOrder } from './edwards.js';
import type { PublicKey } from './public-key.js';
import { CURVES, type Curve, integerFromBytes, isOnCurve } from './weierstrass.js';

export const KEY_RULES = {
  ed25519_encoding: 'The Ed25519 key is not the canonical encoding of a point.',
  ed25519_small_order: 'The Ed25519 key has a small order: signatures under it prove nothing.',
  ed25519_torsion: 'The Ed25519 key lies outside the prime-order subgroup.',
  ec_point: 'The key is not a point of its curve.',
  rsa_size: 'The RSA modulus must have 2048 to 4096 bits.',
  rsa_modulus: 'The RSA modulus has a small factor.',
  rsa_exponent: 'The RSA public exponent must be odd, at least 65537 and below 2^32.',
  rsa_roca: 'The RSA key comes from a faulty generator (ROCA, CVE-2017-15361).',
} as const;

type KeyRule = keyof typeof KEY_RULES;

function refuse(rule: KeyRule): YimaError {
  return new YimaError('key_refused', KEY_RULES[rule], { rule });
}

/**
 * Refuses every key under which two backends could answer differently, or a signature could be found without the private key.
 * Costs 1 to 5 ms for Ed25519: call it when a key is loaded, never for each verification.
 * @throws YimaError `key_refused` with `rule` one of `KEY_RULES`
 * @see RFC 8032, section 5.1.3; SP 800-56A, 5.6.2.3; SP 800-131A
 */
export function checkPublicKey(key: PublicKey): void {
  switch (key.algorithm) {
    case 'Ed25519':
      checkEd25519(key.x);
      return;
    case 'ES256':
    case 'ES384':
      checkEc(CURVES[key.algorithm], key.x, key.y);
      return;
    case 'PS256':
      checkRsa(key.n, key.e);
  }
}

function checkEd25519(x: Uint8Array): void {
  if (x.length !== 32) throw refuse('ed25519_encoding');
  if (startsWithSmallOrder(x)) throw refuse('ed25519_small_order');
  if (!startsWithCanonicalY(x)) throw refuse('ed25519_encoding');
  let point: Point;
  try {
    point = Point.fromBytes(x);
  } catch {
    throw refuse('ed25519_encoding');
  }
  if (point.isSmallOrder()) throw refuse('ed25519_small_order');
  if (!point.isTorsionFree()) throw refuse('ed25519_torsion');
}

function checkEc(curve: Curve, x: Uint8Array, y: Uint8Array): void {
  const { coordinateBytes: length } = curve;
  const isPoint =
    x.length === length && y.length === length && isOnCurve(curve, integerFromBytes(x), integerFromBytes(y));
  if (!isPoint) throw refuse('ec_point');
}

/** The odd primes up to 167: the factors common to the moduli of every ROCA generator. */
const ODD_PRIMES = [
  3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103, 107,
  109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167,
] as const;

/** For each prime, the powers of 65537 modulo it. */
const GENERATED: readonly ReadonlySet<number>[] = ODD_PRIMES.map((prime) => {
  const powers = new Set<number>();
  for (let power = 1; !powers.has(power); power = (power * 65_537) % prime) powers.add(power);
  return powers;
});

function checkRsa(modulus: Uint8Array, exponent: Uint8Array): void {
  const leading = modulus[0] ?? 0;
  const bits = modulus.length * 8 - (Math.clz32(leading) - 24);
  if (leading === 0 || bits < 2048 || bits > 4096) throw refuse('rsa_size');
  const isExponentLength = exponent.length > 0 && exponent.length <= 4 && exponent[0] !== 0;
  const e = isExponentLength ? Number(integerFromBytes(exponent)) : 0;
  if (e < 65_537 || e % 2 === 0) throw refuse('rsa_exponent');
  const n = integerFromBytes(modulus);
  const residues = ODD_PRIMES.map((prime) => Number(n % BigInt(prime)));
  if (n % 2n === 0n || residues.includes(0)) throw refuse('rsa_modulus');
  // The moduli of the faulty generator are powers of 65537 modulo each of these primes; a fair one is so by chance once in 2^27.
  if (residues.every((residue, i) => GENERATED[i]?.has(residue))) throw refuse('rsa_roca');
}
