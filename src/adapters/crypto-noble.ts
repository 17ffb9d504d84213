// Ed25519 in plain JavaScript, for browsers whose WebCrypto lacks it. Slow (about 1 ms) and strict: RFC 8032 without cofactor.

import { Point } from '@noble/ed25519';
import { concatBytes, equalBytes } from '../core/codec/bytes.js';
import { YimaError } from '../core/errors/yima-error.js';
import type { VerifySignature, VerifySignatureAsync } from '../core/signature/ports.js';
import type { PublicKey } from '../core/signature/public-key.js';
import { checkSignatureEncoding } from '../core/signature/signature-encoding.js';
import { integerFromBytes } from '../core/signature/weierstrass.js';

const ORDER = Point.CURVE().n;

function littleEndian(bytes: Uint8Array): bigint {
  return integerFromBytes(Uint8Array.from(bytes).reverse());
}

/**
 * A verifier for Ed25519 keys that passed `checkPublicKey`. It computes R' = sB - kA and compares bytes with R, since
 * the library's own `verify` multiplies by the cofactor and so accepts what other backends refuse.
 * @param sha512 the only hash Ed25519 needs; 64 bytes
 * @throws YimaError `unsupported` from the returned function for keys of other algorithms
 * @see RFC 8032, section 5.1.7
 */
export function createNobleVerify(sha512: (data: Uint8Array) => Uint8Array): VerifySignature {
  const equation = createEquation();
  return (key, message, signature) => {
    const x = pointOf(key);
    if (!checkSignatureEncoding(key, signature)) return false;
    return equation(key, signature, sha512(concatBytes(signature.subarray(0, 32), x, message)));
  };
}

/** The same where the hash comes later: a browser's. */
export function createNobleVerifyAsync(
  sha512: (data: Uint8Array) => Promise<Uint8Array>,
): VerifySignatureAsync {
  const equation = createEquation();
  return async (key, message, signature) => {
    const x = pointOf(key);
    if (!checkSignatureEncoding(key, signature)) return false;
    return equation(key, signature, await sha512(concatBytes(signature.subarray(0, 32), x, message)));
  };
}

function pointOf(key: PublicKey): Uint8Array {
  if (key.algorithm !== 'Ed25519') throw new YimaError('unsupported', 'This verifier knows Ed25519 alone.');
  return key.x;
}

function createEquation(): (key: PublicKey, signature: Uint8Array, digest: Uint8Array) => boolean {
  const negated = new WeakMap<PublicKey, Point>();
  return (key, signature, digest) => {
    let minusA = negated.get(key);
    if (minusA === undefined) {
      minusA = Point.fromBytes(pointOf(key)).negate();
      negated.set(key, minusA);
    }
    const s = littleEndian(signature.subarray(32));
    const k = littleEndian(digest) % ORDER;
    const expected = Point.BASE.multiplyUnsafe(s).add(minusA.multiplyUnsafe(k));
    return equalBytes(expected.toBytes(), signature.subarray(0, 32));
  };
}
