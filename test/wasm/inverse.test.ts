// 1/z of the WebAssembly verifier against its definition.

import fc from 'fast-check';
import t from 'tap';
import { modP, P, parts, place, readBytes, toBytes, toNumber, writeBytes } from './parts.js';

function inverse(value: bigint): bigint {
  writeBytes(place(0), toBytes(value));
  parts.invertBytes(place(0));
  return toNumber(readBytes(place(0), 32));
}

t.test('z times 1/z is 1, and the result fits 255 bits', async () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 1n, max: P - 1n }), (z) => {
      const found = inverse(z);
      return found < 2n ** 255n && modP(found * z) === 1n;
    }),
    { numRuns: 5_000 },
  );
});

t.test('edges: 1, 2, p - 1, p - 2, powers of two, runs of ones', async (t) => {
  const edges = [1n, 2n, 3n, P - 1n, P - 2n, (P + 1n) / 2n, (P - 1n) / 2n];
  for (let i = 1n; i < 255n; i++) edges.push(2n ** i, 2n ** i - 1n, P - 2n ** i);
  t.ok(edges.filter((z) => z > 0n).every((z) => modP(inverse(z) * z) === 1n));
});

t.test('0 stays 0', async (t) => {
  t.equal(modP(inverse(0n)), 0n);
});
