// Ed25519 in plain JavaScript, for browsers whose WebCrypto lacks it. Slow (about 1 ms) and strict: RFC 8032 without cofactor.

import { Point } from '@noble/ed25519';
import { concatBytes, equalBytes } from '../core/codec/bytes.js';
import { YimaError } from '../core/errors/yima-error.js';
import type { VerifySignature } from '../core/signature/ports.js';
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
  const negated = new WeakMap<PublicKey, Point>();
  return (key, message, signature) => {
    if (key.algorithm !== 'Ed25519') throw new YimaError('unsupported', 'This verifier knows Ed25519 alone.');
    if (!checkSignatureEncoding(key, signature)) return false;
    let minusA = negated.get(key);
    if (minusA === undefined) {
      minusA = Point.fromBytes(key.x).negate();
      negated.set(key, minusA);
    }
    const r = signature.subarray(0, 32);
    const s = littleEndian(signature.subarray(32));
    const k = littleEndian(sha512(concatBytes(r, key.x, message))) % ORDER;
    const expected = Point.BASE.multiplyUnsafe(s).add(minusA.multiplyUnsafe(k));
    return equalBytes(expected.toBytes(), r);
  };
}
