// Scalars of the WebAssembly verifier against BigInt: comparison with L, reduction of hashes, signed digits.

import { createHash } from 'node:crypto';
import fc from 'fast-check';
import t from 'tap';
import { integers, L, parts, place, readBytes, toBytes, toNumber, writeBytes } from './parts.js';

const [A, B, C] = [place(0), place(1), place(2)];
const ORDER_EDGES = [0n, 1n, L - 1n, L, L + 1n, 2n ** 252n, 2n ** 253n - 1n, 2n ** 256n - 1n];

t.test('reduced is below L, at the edge and anywhere', async (t) => {
  for (const value of ORDER_EDGES) {
    writeBytes(A, toBytes(value));
    t.equal(parts.isReduced(A) !== 0, value < L, String(value));
  }
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }), (value) => {
      writeBytes(A, toBytes(value));
      return (parts.isReduced(A) !== 0) === value < L;
    }),
  );
});

t.test('64 bytes reduce modulo L to a number below 2^253', async () => {
  const edges = [
    0n,
    L,
    L * L,
    2n ** 512n - 1n,
    2n ** 511n,
    (2n ** 259n - 1n) * L,
    2n ** 252n,
    2n ** 273n - 1n,
  ];
  fc.assert(
    fc.property(
      fc.oneof(fc.constantFrom(...edges), fc.bigInt({ min: 0n, max: 2n ** 512n - 1n })),
      (value) => {
        writeBytes(A, toBytes(value, 64));
        parts.reduceHash(B, A);
        const found = toNumber(readBytes(B, 32));
        return found < 2n ** 253n && found % L === value % L;
      },
    ),
    { numRuns: 5_000 },
  );
});

t.test('digits of every width add up to the scalar and none is larger than half a window', async (t) => {
  for (let width = 4; width <= 10; width++) {
    const windows = parts.windowsOf(width);
    t.equal(windows, Math.ceil(254 / width));
    fc.assert(
      fc.property(
        fc.oneof(
          fc.constantFrom(0n, 1n, L - 1n, 2n ** 253n - 1n),
          fc.bigInt({ min: 0n, max: 2n ** 253n - 1n }),
        ),
        (scalar) => {
          writeBytes(A, toBytes(scalar, 40));
          parts.recode(C, A, width);
          const digits = [...integers.subarray(C / 4, C / 4 + windows)];
          const sum = digits.reduce((all, digit, j) => all + (BigInt(digit) << BigInt(width * j)), 0n);
          return sum === scalar && digits.every((digit) => Math.abs(digit) <= 2 ** (width - 1));
        },
      ),
      { numRuns: 500 },
    );
  }
});

t.test('SHA-512 of every length around a block, and of long messages', async (t) => {
  const lengths = [...Array.from({ length: 300 }, (_, i) => i), 1_000, 4_095, 10_000];
  const data = place(10);
  for (const length of lengths) {
    const message = Uint8Array.from({ length }, (_, i) => (i * 7 + length) & 0xff);
    writeBytes(data, message);
    parts.sha512(A, data, length);
    const found = Buffer.from(readBytes(A, 64)).toString('hex');
    if (found !== createHash('sha512').update(message).digest('hex')) t.fail(`${length} bytes`);
  }
  t.pass(`${lengths.length} lengths`);
});
