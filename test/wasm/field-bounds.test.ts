// Why the sums of field.ts are exact: the worst value of every column, from the bounds that the file states.

import t from 'tap';
import { exponent, LIMBS } from './parts.js';

/** One unit: what `mul` returns at most, in units of 2^e(k), doubled to stay whole. */
function unitBound(k: number): bigint {
  const half = 1n << BigInt(exponent(k + 1) - exponent(k) - 1);
  return half + (k === 1 || k === 7 ? 1n << 11n : 0n);
}

/** The largest |column k| of f * g for operands of one unit, in units of 2^e(k), rounded up. */
function columnBound(k: number): bigint {
  let sum = 0n;
  for (let i = 0; i < LIMBS; i++) {
    const j = (k - i + LIMBS) % LIMBS;
    const wraps = i + j >= LIMBS;
    // Exponents of two elements' limbs add up to at least that of the column: the product is a whole number of its units.
    const shift = exponent(i) + exponent(j) - exponent(k) - (wraps ? 255 : 0);
    sum += (unitBound(i) * unitBound(j) * (wraps ? 19n : 1n)) << BigInt(shift);
  }
  return sum;
}

const PRODUCT_UNITS = 16n;

t.test('every product is a whole number of its column', async (t) => {
  for (let i = 0; i < LIMBS; i++) {
    for (let j = 0; j < LIMBS; j++) {
      const wraps = i + j >= LIMBS;
      const k = (i + j) % LIMBS;
      t.ok(exponent(i) + exponent(j) - (wraps ? 255 : 0) >= exponent(k), `${i} ${j}`);
    }
  }
});

t.test(
  'operands of units(f) * units(g) <= 16 keep every column, and every part of its sum, below 2^53',
  async (t) => {
    for (let k = 0; k < LIMBS; k++) t.ok(columnBound(k) * PRODUCT_UNITS < 2n ** 53n, `column ${k}`);
  },
);

t.test('a carry out of a column leaves the next one below 2^53', async (t) => {
  for (let k = 1; k < LIMBS; k++) {
    const carried = (columnBound(k - 1) * PRODUCT_UNITS) >> BigInt(exponent(k) - exponent(k - 1));
    t.ok(columnBound(k) * PRODUCT_UNITS + carried + 1n < 2n ** 53n, `into column ${k}`);
  }
});

t.test('late carries into limbs 0 and 6 lift less than 2^11 units of limbs 1 and 7', async (t) => {
  const out = (k: number) => (columnBound(k) * PRODUCT_UNITS) >> BigInt(exponent(k + 1) - exponent(k));
  t.ok((19n * out(11) + (1n << 21n)) >> 22n < 1n << 11n, 'what wraps, into limb 0 and on into 1');
  t.ok((out(5) + (1n << 20n)) >> 21n < 1n << 11n, 'what the first half leaves, into limb 6 and on into 7');
});

t.test('19 times any limb of at most 16 units is an exact double', async (t) => {
  for (let k = 0; k < LIMBS; k++) t.ok(unitBound(k) * 16n * 19n < 2n ** 53n, `limb ${k}`);
});
