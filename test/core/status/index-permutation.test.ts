import fc from 'fast-check';
import t from 'tap';
import { sha256 } from '../../../src/adapters/crypto-node.js';
import { createPermutation } from '../../../src/core/status/index-permutation.js';

const seedOf = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);

const isBijection = (entries: number, permute: (counter: number) => number): boolean => {
  const seen = new Uint8Array(entries);
  for (let counter = 0; counter < entries; counter++) {
    const index = permute(counter);
    if (!Number.isInteger(index) || index < 0 || index >= entries || seen[index] === 1) return false;
    seen[index] = 1;
  }
  return true;
};

t.test('every index comes exactly once, at every width from 0 to 14 bits', (t) => {
  for (let width = 0; width <= 14; width++) {
    for (const byte of [0, 1, 255]) {
      t.ok(isBijection(2 ** width, createPermutation(seedOf(byte), 2 ** width, sha256)), `${width} bits`);
    }
  }
  t.end();
});

t.test('every index of a full list of 2^20 comes exactly once', (t) => {
  t.ok(isBijection(2 ** 20, createPermutation(seedOf(7), 2 ** 20, sha256)));
  t.end();
});

t.test('every seed gives a bijection', (t) => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), fc.nat(9), (seed, width) =>
      isBijection(2 ** width, createPermutation(seed, 2 ** width, sha256)),
    ),
  );
  t.end();
});

t.test('the same seed gives the same order after a restart, another seed another order', (t) => {
  const order = (byte: number): number[] => {
    const permute = createPermutation(seedOf(byte), 2 ** 20, sha256);
    return Array.from({ length: 8 }, (_, counter) => permute(counter));
  };
  t.strictSame(order(1), order(1));
  t.notSame(order(1), order(2));
  t.strictSame(
    order(1),
    [214869, 391507, 249197, 518194, 401076, 71042, 740919, 955338],
    'the order is part of the stored format: it must never change',
  );
  t.end();
});

t.test('neighbouring counters, and one changed bit of the seed, lead to unrelated indices', (t) => {
  const entries = 2 ** 20;
  const samples = 4_096;
  const seed = seedOf(3);
  const other = seed.slice();
  other[31] = 2;
  const permute = createPermutation(seed, entries, sha256);
  const permuteOther = createPermutation(other, entries, sha256);
  const steps = new Set<number>();
  const flips = new Array<number>(20).fill(0);
  let same = 0;
  for (let counter = 0; counter < samples; counter++) {
    const index = permute(counter);
    steps.add((permute(counter + 1) - index + entries) % entries);
    const changed = index ^ permute(counter ^ 1);
    for (let bit = 0; bit < 20; bit++) flips[bit] = (flips[bit] ?? 0) + ((changed >>> bit) & 1);
    if (index === permuteOther(counter)) same++;
  }
  t.ok(steps.size > samples * 0.98, 'steps hardly ever repeat');
  t.ok(same < 5, 'hardly an index is shared');
  for (const [bit, count] of flips.entries()) {
    t.ok(Math.abs(count / samples - 0.5) < 0.06, `bit ${bit} flips half of the time`);
  }
  t.end();
});

t.test('sizes that are no power of two up to 2^20, and counters outside, are refused', (t) => {
  for (const entries of [0, 3, 100, 2 ** 21, -2, 1.5, Number.NaN]) {
    t.throws(() => createPermutation(seedOf(0), entries, sha256), { code: 'internal' }, `${entries}`);
  }
  t.throws(() => createPermutation(new Uint8Array(16), 8, sha256), { code: 'internal' });
  const permute = createPermutation(seedOf(0), 8, sha256);
  for (const counter of [8, -1, 0.5, Number.NaN]) t.throws(() => permute(counter), { code: 'internal' });
  t.end();
});
