import fc from 'fast-check';
import t from 'tap';
import { createStatusArena, type ListShape } from '../../../src/core/status/arena.js';
import { getStatus, STATUS_BITS } from '../../../src/core/status/packed.js';

const BASE = 'https://a.example/status-lists/';
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
  t.strictSame(arena.find(BASE, 1, 63), { value: 0x0d, asOf: 0 }, 'nothing was confirmed yet');
  arena.confirm(1_700_000_000);
  t.strictSame(arena.find(BASE, 1, 63), { value: 0x0d, asOf: 1_700_000_000 });
  t.strictSame(arena.find(BASE, 1, 0), { value: 0, asOf: 1_700_000_000 });
  arena.confirm(1_600_000_000);
  t.equal(
    arena.find(BASE, 1, 0)?.asOf,
    1_600_000_000,
    'an earlier time is believed: it only makes readings older',
  );
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

t.test('memory is what was reserved, or at most an eighth more than the values need', (t) => {
  const reserved = createStatusArena(8 * 2 ** 18);
  const grown = createStatusArena();
  for (let number = 0; number < 8; number++) {
    reserved.addList(list({ number, bits: 2, entries: 2 ** 20 }));
    grown.addList(list({ number, bits: 2, entries: 2 ** 20 }));
  }
  t.equal(reserved.reservedBytes(), 8 * 2 ** 18);
  t.ok(grown.reservedBytes() <= 8 * 2 ** 18 * 1.125);
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
  for (const { base, number } of first.shapes()) {
    const { bytes = new Uint8Array() } = first.snapshot(base, number) ?? {};
    second.load(base, number, bytes);
  }
  t.equal(second.find(BASE, 1, 9)?.value, 1);
  t.equal(second.find(BASE, 7, 1023)?.value, 12);
  t.equal(second.find(BASE, 7, 1022)?.value, 0);
  t.equal(second.set(BASE, 1, 9, 0), 'kept_revoked');
  t.ok((second.changes(BASE, 1) ?? 0) > 0, 'whoever keeps a token of it makes a new one');
  t.throws(() => second.load(BASE, 2, new Uint8Array(256)), { code: 'internal' }, 'not held');
  t.throws(() => second.load(BASE, 1, new Uint8Array(255)), { code: 'internal' }, 'another length');
  t.end();
});
