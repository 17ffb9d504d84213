// The form of a signature: limits on both sides of each edge, for every algorithm.

import fc from 'fast-check';
import t from 'tap';
import { concatBytes, equalBytes, hexDecode, hexEncode } from '../../../src/core/codec/bytes.js';
import { SMALL_ORDER_ENCODINGS } from '../../../src/core/signature/edwards.js';
import type { PublicKey } from '../../../src/core/signature/public-key.js';
import {
  checkSignatureEncoding,
  isLowS,
  normalizeLowS,
} from '../../../src/core/signature/signature-encoding.js';
import { CURVES } from '../../../src/core/signature/weierstrass.js';
import { littleEndian, ORDER } from './crafted.js';

const okp: PublicKey = { algorithm: 'Ed25519', x: new Uint8Array(32) };
const soundR = new Uint8Array(32).fill(9);

function bigEndian(value: bigint, length: number): Uint8Array {
  return hexDecode(value.toString(16).padStart(2 * length, '0'));
}

t.test('Ed25519: s lies below L', async (t) => {
  for (const [s, expected] of [
    [0n, true],
    [ORDER - 1n, true],
    [ORDER, false],
    [ORDER + 1n, false],
    [2n * ORDER, false],
    [(1n << 256n) - 1n, false],
  ] as const) {
    t.equal(checkSignatureEncoding(okp, concatBytes(soundR, littleEndian(s))), expected, `s = ${s}`);
  }
});

t.test('Ed25519: R is canonical and not of small order', async (t) => {
  const s = littleEndian(5n);
  for (const r of SMALL_ORDER_ENCODINGS)
    t.notOk(checkSignatureEncoding(okp, concatBytes(r, s)), hexEncode(r));
  const ff = 'ff'.repeat(30);
  for (const [hex, expected] of [
    [`eb${ff}7f`, true],
    [`ef${ff}7f`, false],
    [`ef${ff}ff`, false],
    [`ff${ff}7f`, false],
    [`ff${'ff'.repeat(29)}fe7f`, true],
    [`ff${ff}7e`, true],
  ] as const) {
    t.equal(checkSignatureEncoding(okp, concatBytes(hexDecode(hex), s)), expected, hex);
  }
});

t.test('ECDSA: r and s lie in [1, n - 1]', async (t) => {
  for (const algorithm of ['ES256', 'ES384'] as const) {
    const { n, coordinateBytes: length } = CURVES[algorithm];
    const key: PublicKey = { algorithm, x: new Uint8Array(length), y: new Uint8Array(length) };
    for (const [value, expected] of [
      [0n, false],
      [1n, true],
      [n - 1n, true],
      [n, false],
      [n + 1n, false],
    ] as const) {
      const edge = bigEndian(value, length);
      const one = bigEndian(1n, length);
      t.equal(checkSignatureEncoding(key, concatBytes(edge, one)), expected, `${algorithm} r = ${value}`);
      t.equal(checkSignatureEncoding(key, concatBytes(one, edge)), expected, `${algorithm} s = ${value}`);
    }
  }
});

t.test('the length is exact', async (t) => {
  const ec: PublicKey = { algorithm: 'ES256', x: new Uint8Array(32), y: new Uint8Array(32) };
  const rsa: PublicKey = { algorithm: 'PS256', n: new Uint8Array(256).fill(255), e: Uint8Array.of(1, 0, 1) };
  for (const [key, length] of [
    [okp, 64],
    [ec, 64],
    [rsa, 256],
  ] as const) {
    t.ok(checkSignatureEncoding(key, new Uint8Array(length).fill(1)));
    for (const wrong of [0, 1, length - 1, length + 1, 2 * length]) {
      t.notOk(checkSignatureEncoding(key, new Uint8Array(wrong).fill(1)), `${key.algorithm} ${wrong}`);
    }
  }
});

t.test('of (r, s) and (r, n - s) exactly one has the low s', async (t) => {
  const { n } = CURVES.ES256;
  const half = n >> 1n;
  const withS = (s: bigint): Uint8Array => concatBytes(bigEndian(7n, 32), bigEndian(s, 32));
  t.ok(isLowS(withS(half)));
  t.notOk(isLowS(withS(half + 1n)));
  t.notOk(isLowS(new Uint8Array(63)));
  t.strictSame(normalizeLowS(withS(half + 1n)), withS(half));
  fc.assert(
    fc.property(fc.bigInt({ min: 1n, max: n - 1n }), (s) => {
      const [one, other] = [withS(s), withS(n - s)];
      const normal = normalizeLowS(one);
      return isLowS(one) !== isLowS(other) && isLowS(normal) && equalBytes(normal, normalizeLowS(other));
    }),
  );
});
