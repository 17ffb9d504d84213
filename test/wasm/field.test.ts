// GF(2^255 - 19) of the WebAssembly verifier against BigInt: random numbers, edges of the field, and limbs at their bounds.

import fc from 'fast-check';
import t from 'tap';
import {
  exponent,
  LIMBS,
  modP,
  P,
  parts,
  place,
  readLimbs,
  residue,
  valueOfLimbs,
  writeLimbs,
  writeNumbers,
} from './parts.js';

const EDGES = [0n, 1n, 2n, 18n, 19n, 20n, P - 2n, P - 1n, P, P + 1n, P + 18n, 2n ** 255n - 1n];
EDGES.push(2n ** 254n, 2n ** 64n - 1n, 2n ** 128n, 2n ** 192n - 1n, (P - 1n) / 2n);
const anyNumber = fc.oneof(fc.constantFrom(...EDGES), fc.bigInt({ min: 0n, max: 2n ** 255n - 1n }));
const [F, G, H, S] = [place(0), place(1), place(2), place(3)];

/** What `mul` promises of its result: one unit. */
function isOneUnit(units: readonly number[]): boolean {
  return units.every((unit, k) => {
    const half = 2 ** (exponent(k + 1) - exponent(k) - 1);
    return Number.isInteger(unit) && Math.abs(unit) <= half + (k === 1 || k === 7 ? 2 ** 11 : 0);
  });
}

t.test('bytes to an element and back give the residue, in each lane, with its sign', async () => {
  fc.assert(
    fc.property(anyNumber, anyNumber, fc.integer({ min: 0, max: 3 }), (a, b, flips) => {
      writeNumbers(F, a, b, flips);
      const [first, second] = [flips & 1 ? -a : a, flips & 2 ? -b : b];
      return residue(F, 0) === modP(first) && residue(F, 1) === modP(second);
    }),
    { numRuns: 2_000 },
  );
});

t.test('sums, differences and products are right modulo p, and products are one unit', async () => {
  fc.assert(
    fc.property(anyNumber, anyNumber, anyNumber, anyNumber, (a, b, c, d) => {
      writeNumbers(F, a, b);
      writeNumbers(G, c, d);
      parts.add(H, F, G);
      const isSum = residue(H, 0) === modP(a + c) && residue(H, 1) === modP(b + d);
      parts.sub(H, F, G);
      const isDifference = residue(H, 0) === modP(a - c) && residue(H, 1) === modP(b - d);
      parts.addSub(H, S, F, G);
      const areBoth = residue(H, 0) === modP(a + c) && residue(S, 1) === modP(b - d);
      parts.mul(H, F, G);
      const isProduct = residue(H, 0) === modP(a * c) && residue(H, 1) === modP(b * d);
      return isSum && isDifference && areBoth && isProduct && isOneUnit(readLimbs(H, 0));
    }),
    { numRuns: 3_000 },
  );
});

/** Limbs of so many units, each at its bound or anywhere below. */
function limbsOf(units: number): fc.Arbitrary<number[]> {
  return fc.tuple(
    ...Array.from({ length: LIMBS }, (_, k) => {
      const bound = units * (2 ** (exponent(k + 1) - exponent(k) - 1) + (k === 1 || k === 7 ? 2 ** 11 : 0));
      return fc.oneof(fc.constantFrom(bound, -bound), fc.integer({ min: -bound, max: bound }));
    }),
  );
}

t.test('products stay exact with limbs at their bounds, whatever their signs', async (t) => {
  for (const [f, g] of [
    [1, 1],
    [4, 4],
    [2, 8],
    [16, 1],
    [1, 16],
    [3, 5],
  ] as const) {
    fc.assert(
      fc.property(limbsOf(f), limbsOf(g), limbsOf(f), limbsOf(g), (a, b, c, d) => {
        writeLimbs(F, 0, a);
        writeLimbs(G, 0, b);
        writeLimbs(F, 1, c);
        writeLimbs(G, 1, d);
        parts.mul(H, F, G);
        const first = residue(H, 0) === modP(valueOfLimbs(a) * valueOfLimbs(b));
        const second = residue(H, 1) === modP(valueOfLimbs(c) * valueOfLimbs(d));
        return first && second && isOneUnit(readLimbs(H, 0)) && isOneUnit(readLimbs(H, 1));
      }),
      { numRuns: 500 },
    );
    t.pass(`${f} units by ${g}`);
  }
});

t.test('elements of up to 16 units pack to their residue', async () => {
  fc.assert(
    fc.property(limbsOf(16), (units) => {
      writeLimbs(F, 0, units);
      return residue(F, 0) === modP(valueOfLimbs(units));
    }),
    { numRuns: 2_000 },
  );
});

t.test('a product may be written over its left factor', async (t) => {
  writeNumbers(F, 12345n, P - 2n);
  writeNumbers(G, 67890n, 5n);
  parts.mul(F, F, G);
  t.equal(residue(F, 0), 12345n * 67890n);
  t.equal(residue(F, 1), modP(-10n));
});

function power(base: bigint, exponentValue: bigint): bigint {
  let result = 1n;
  let square = modP(base);
  for (let e = exponentValue; e > 0n; e >>= 1n) {
    if (e & 1n) result = modP(result * square);
    square = modP(square * square);
  }
  return result;
}

t.test('the power for square roots is (p - 5) / 8', async (t) => {
  for (const value of [...EDGES, 7n, 3n ** 100n % P]) {
    writeNumbers(F, value, value + 1n < 2n ** 255n ? value + 1n : 0n);
    parts.powRoot(H, F);
    t.equal(residue(H, 0), power(value, (P - 5n) / 8n));
  }
});
