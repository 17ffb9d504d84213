import fc from 'fast-check';
import t from 'tap';
import { createStatusArena, type ListShape } from '../../../src/core/status/arena.js';
import { NEVER } from '../../../src/core/status/moment.js';
import { getStatus, STATUS_BITS } from '../../../src/core/status/packed.js';

const BASE = 'https://a.example/status-lists/';
const EARLY = { epoch: 1_600_000_000, steady: 5 };
const LATE = { epoch: 1_700_000_000, steady: 9 };
const list = (more: Partial<ListShape> = {}): ListShape => ({
  base: BASE,
  number: 1,
  bits: 4,
  entries: 64,
  ...more,
});

t.test('a value that was set is found, with the time of the last confirmation', (t) => {
  const arena = createStatusArena();
  arena.addList(list());
  t.equal(arena.set(BASE, 1, 63, 0x0d), 'changed');
  t.strictSame(arena.find(BASE, 1, 63), { value: 0x0d, asOf: NEVER }, 'nothing was confirmed yet');
  arena.confirm(BASE, LATE);
  t.strictSame(arena.find(BASE, 1, 63), { value: 0x0d, asOf: LATE });
  t.strictSame(arena.find(BASE, 1, 0), { value: 0, asOf: LATE });
  arena.confirm(BASE, EARLY);
  t.equal(arena.find(BASE, 1, 0)?.asOf, EARLY, 'an earlier time is believed: it only makes readings older');
  arena.confirm('https://other.test/lists/', LATE);
  t.equal(arena.find(BASE, 1, 0)?.asOf, EARLY, 'another base says nothing of this one');
  t.end();
});

t.test(
  'a list may have a time of its own, which its base does not change until the list is loaded anew',
  (t) => {
    const arena = createStatusArena();
    arena.addList(list());
    arena.addList(list({ number: 2 }));
    arena.confirm(BASE, EARLY, 1);
    arena.confirm(BASE, LATE);
    t.same(
      [arena.confirmedAt(BASE, 1), arena.confirmedAt(BASE, 2), arena.confirmedAt(BASE)],
      [EARLY, LATE, LATE],
    );
    t.equal(arena.find(BASE, 1, 0)?.asOf, EARLY);
    t.same(arena.confirmations(), [
      { base: BASE, number: null, asOf: LATE },
      { base: BASE, number: 1, asOf: EARLY },
    ]);
    arena.confirm(BASE, NEVER, 1);
    t.equal(arena.find(BASE, 1, 0)?.asOf, NEVER);
    arena.load(list(), new Uint8Array(32));
    t.equal(arena.find(BASE, 1, 0)?.asOf, LATE, 'who brings it now speaks for it');
    arena.confirm(BASE, LATE, 9);
    t.equal(arena.hasList(BASE, 9), false, 'a list that is not held has no time');
    t.end();
  },
);

t.test('lists that codes name in vain are told once, and no more of them than are bounded', (t) => {
  const arena = createStatusArena();
  arena.addList(list());
  arena.find(BASE, 1, 9_999);
  for (let number = 2; number < 2_000; number++) arena.find(BASE, number, 0);
  arena.find(BASE, 2, 1);
  const missed = arena.missed();
  t.equal(missed.length, 1_024);
  t.same(missed[0], { base: BASE, number: 2 }, 'an index past the end is no missing list');
  t.same(arena.missed(), []);
  t.end();
});

t.test('a list that is not held, and an index past its end, have no status', (t) => {
  const arena = createStatusArena();
  arena.addList(list({ bits: 1, entries: 3 }));
  arena.addList(list({ number: 2 }));
  for (const index of [3, 7, 8, 2 ** 31, -1, 0.5, Number.NaN]) {
    t.equal(arena.find(BASE, 1, index), undefined, `${index}`);
  }
  t.equal(arena.find(BASE, 3, 0), undefined);
  t.equal(arena.find('https://b.example/status-lists/', 1, 0), undefined);
  t.end();
});

t.test('a revoked index stays revoked whatever is written after', (t) => {
  const arena = createStatusArena();
  arena.addList(list());
  arena.set(BASE, 1, 5, 2);
  t.equal(arena.set(BASE, 1, 5, 1), 'changed');
  t.equal(arena.set(BASE, 1, 5, 0), 'kept_revoked');
  t.equal(arena.set(BASE, 1, 5, 1), 'same');
  t.equal(arena.find(BASE, 1, 5)?.value, 1);
  t.end();
});

t.test('a snapshot is a copy, and its change count grows only with changed values', (t) => {
  const arena = createStatusArena();
  arena.addList(list());
  const before = arena.snapshot(BASE, 1);
  arena.set(BASE, 1, 0, 0);
  t.equal(arena.changes(BASE, 1), before?.changes, 'the same value is no change');
  arena.set(BASE, 1, 0, 0x0c);
  const after = arena.snapshot(BASE, 1);
  t.equal(before?.bytes[0], 0);
  t.equal(after?.bytes[0], 0x0c);
  t.equal(after?.changes, (before?.changes ?? 0) + 1);
  t.equal(after?.bytes.length, 32);
  t.equal(arena.snapshot(BASE, 9), undefined);
  t.equal(arena.changes(BASE, 9), undefined);
  t.end();
});

t.test('shapes and writes that do not fit are refused', (t) => {
  const arena = createStatusArena();
  arena.addList(list());
  t.throws(() => arena.addList(list()), { code: 'conflict' });
  const shapes = [
    { entries: 0 },
    { entries: 2 ** 20 + 1 },
    { entries: 1.5 },
    { number: -1 },
    { number: 0.5 },
    { base: 'https://a.example' },
    { bits: 3 as 2 },
  ];
  for (const shape of shapes) {
    t.throws(() => arena.addList(list({ number: 2, ...shape })), { code: 'internal' }, JSON.stringify(shape));
  }
  for (const [number, index, value] of [
    [1, 64, 0],
    [1, -1, 0],
    [1, 0, 16],
    [1, 0, -1],
    [1, 0, 0.5],
    [2, 0, 0],
  ] as const) {
    t.throws(
      () => arena.set(BASE, number, index, value),
      { code: 'internal' },
      `${number} ${index} ${value}`,
    );
  }
  t.equal(arena.hasList(BASE, 1), true);
  t.equal(arena.hasList(BASE, 2), false);
  t.end();
});

t.test('any mix of lists and writes reads back as a map would, while the arena grows', (t) => {
  const write = fc.record({ list: fc.nat(5), index: fc.nat(), value: fc.nat(255) });
  const shape = fc.record({
    bits: fc.constantFrom(...STATUS_BITS),
    entries: fc.integer({ min: 1, max: 200_000 }),
  });
  fc.assert(
    fc.property(
      fc.array(shape, { minLength: 1, maxLength: 6 }),
      fc.array(write, { maxLength: 40 }),
      (shapes, writes) => {
        const arena = createStatusArena();
        const model = new Map<string, number>();
        shapes.forEach(({ bits, entries }, number) => {
          arena.addList({ base: BASE, number, bits, entries });
          for (const { list: any, index, value } of writes) {
            const target = any % (number + 1);
            const { bits: width = 1, entries: size = 1 } = shapes[target] ?? {};
            const key = `${target} ${index % size}`;
            arena.set(BASE, target, index % size, value % 2 ** width);
            if (model.get(key) !== 1) model.set(key, value % 2 ** width);
          }
        });
        return [...model].every(([key, value]) => {
          const [number = 0, index = 0] = key.split(' ').map(Number);
          const copy = arena.snapshot(BASE, number);
          return (
            arena.find(BASE, number, index)?.value === value &&
            copy !== undefined &&
            getStatus(copy.bytes, copy.bits, index) === value
          );
        });
      },
    ),
    { numRuns: 50 },
  );
  t.end();
});

t.test('memory is what the values take', (t) => {
  const arena = createStatusArena();
  for (let number = 0; number < 8; number++) arena.addList(list({ number, bits: 2, entries: 2 ** 20 }));
  t.equal(arena.heldBytes(), 8 * 2 ** 18);
  arena.load(list({ number: 0, bits: 4, entries: 2 ** 10 }), new Uint8Array(2 ** 9));
  t.equal(arena.heldBytes(), 7 * 2 ** 18 + 2 ** 9, 'what a list had before is given back');
  t.end();
});

t.test('bytes that are adopted are held themselves, with what was revoked before written into them', (t) => {
  const arena = createStatusArena();
  arena.addList(list());
  arena.set(BASE, 1, 5, 1);
  const given = new Uint8Array(32).fill(0x22);
  t.equal(arena.adopt(list(), given), 1);
  t.equal(arena.packed(BASE, 1), given);
  t.equal(arena.find(BASE, 1, 5)?.value, 1);
  t.equal(arena.find(BASE, 1, 4)?.value, 2);
  t.equal(arena.heldBytes(), 32);
  const copied = new Uint8Array(32);
  t.equal(arena.load(list(), copied), 1);
  t.notOk(
    copied.some((byte) => byte !== 0),
    "what is loaded stays the caller's and as it was",
  );
  t.throws(() => arena.adopt(list(), new Uint8Array(31)), { code: 'internal' });
  t.end();
});

t.test('a list that is replaced whole keeps what was revoked, in every width and across widths', (t) => {
  for (const before of STATUS_BITS)
    for (const after of STATUS_BITS)
      fc.assert(
        fc.property(
          fc.uint8Array({ minLength: 8, maxLength: 8 }),
          fc.uint8Array({ minLength: 8, maxLength: 8 }),
          (a, b) => {
            const arena = createStatusArena();
            arena.load(list({ bits: before, entries: 64 / before }), a);
            const kept = arena.load(list({ bits: after, entries: 64 / after }), b);
            let expected = 0;
            for (let index = 0; index < 64 / after; index++) {
              const wasRevoked = index < 64 / before && getStatus(a, before, index) === 1;
              const told = getStatus(b, after, index);
              if (wasRevoked && told !== 1) expected++;
              t.equal(arena.find(BASE, 1, index)?.value, wasRevoked ? 1 : told);
            }
            t.equal(kept, expected);
          },
        ),
        { numRuns: 20 },
      );
  t.end();
});

t.test('a second arena takes the lists of the first as they are packed, and goes on from there', (t) => {
  const first = createStatusArena();
  const shapes = [
    { base: BASE, number: 1, bits: 2, entries: 1024 },
    { base: 'https://other.test/lists/', number: 1, bits: 4, entries: 16 },
    { base: BASE, number: 7, bits: 4, entries: 1024 },
  ] as const;
  for (const shape of shapes) first.addList(shape);
  first.set(BASE, 1, 9, 1);
  first.set(BASE, 7, 1023, 12);
  t.same(first.shapes(), [shapes[0], shapes[2], shapes[1]], 'base by base');

  const second = createStatusArena();
  for (const shape of first.shapes()) second.addList(shape);
  for (const shape of first.shapes()) {
    second.load(shape, first.packed(shape.base, shape.number) ?? new Uint8Array());
  }
  t.equal(second.find(BASE, 1, 9)?.value, 1);
  t.equal(second.find(BASE, 7, 1023)?.value, 12);
  t.equal(second.find(BASE, 7, 1022)?.value, 0);
  t.equal(second.set(BASE, 1, 9, 0), 'kept_revoked');
  t.ok((second.changes(BASE, 1) ?? 0) > 0, 'whoever keeps a token of it makes a new one');
  t.same(second.shapes(BASE), [shapes[0], shapes[2]]);
  t.throws(() => second.load(list({ entries: 0 }), new Uint8Array()), { code: 'internal' }, 'a bad shape');
  t.throws(() => second.load(shapes[0], new Uint8Array(255)), { code: 'internal' }, 'another length');
  t.end();
});
