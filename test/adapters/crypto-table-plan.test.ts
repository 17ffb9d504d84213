// Which tables the plan wants, and where they find room.

import fc from 'fast-check';
import t from 'tap';
import { planWidths, TABLE_SIZES } from '../../src/adapters/crypto-table/table-plan.js';
import { createTableSpace } from '../../src/adapters/crypto-table/table-space.js';

const bytesOf = (width: number): number => Math.ceil(254 / width) * 2 ** (width - 1) * 96 + 64;
const AMPLE = 1e9;
const unused = (uses: number) => ({ uses, width: 0 });

t.test('a key gets the widest table that its use pays for', async (t) => {
  const uses = [0, 15, 16, 255, 256, 1_023, 1_024, 1e9];
  t.strictSame(planWidths(uses.map(unused), AMPLE, bytesOf), [0, 0, 5, 5, 8, 8, 10, 10]);
});

t.test('a table that is there stays until its use has halved', async (t) => {
  t.strictSame(
    planWidths(
      [
        { uses: 600, width: 10 },
        { uses: 511, width: 10 },
        { uses: 8, width: 5 },
        { uses: 7, width: 5 },
      ],
      AMPLE,
      bytesOf,
    ),
    [10, 8, 5, 0],
  );
});

t.test('short of memory, all keys in use come before the width of any, and the busiest first', async (t) => {
  const budget = 4 * bytesOf(5) + (bytesOf(8) - bytesOf(5));
  t.strictSame(planWidths([20, 2_000, 300, 16].map(unused), budget, bytesOf), [5, 8, 5, 5]);
  t.strictSame(planWidths([20, 2_000, 300, 16].map(unused), 3 * bytesOf(5), bytesOf), [5, 5, 5, 0]);
});

t.test('no plan is larger than its budget', async () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ uses: fc.nat(5_000), width: fc.constantFrom(0, 5, 8, 10) }), { maxLength: 60 }),
      fc.nat(2 ** 24),
      (demands, budget) => {
        const widths = planWidths(demands, budget, bytesOf);
        const bytes = widths.reduce((sum, width) => sum + (width === 0 ? 0 : bytesOf(width)), 0);
        return bytes <= budget && widths.length === demands.length;
      },
    ),
  );
});

t.test('space is handed out once, and joined again when it returns', async () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ width: fc.constantFrom(5, 8), frees: fc.nat(10) }), { maxLength: 80 }),
      (acts) => {
        const [from, to] = [64, 64 + 4 * 1024 * 1024];
        const space = createTableSpace(from, to);
        const held: { at: number; bytes: number }[] = [];
        for (const { width, frees } of acts) {
          const at = space.take(bytesOf(width));
          if (at !== null) held.push({ at, bytes: bytesOf(width) });
          if (frees < 5) {
            const gone = held.splice(frees % Math.max(1, held.length), 1)[0];
            if (gone !== undefined) space.free(gone.at, gone.bytes);
          }
          const sorted = [...held].sort((a, b) => a.at - b.at);
          const overlaps = sorted.some((each, i) => each.at + each.bytes > (sorted[i + 1]?.at ?? to));
          if (overlaps || sorted.some((each) => each.at < from || each.at % 64 !== 0)) return false;
        }
        for (const { at, bytes } of held) space.free(at, bytes);
        return space.usedBytes() === 0 && space.take(to - from) === from;
      },
    ),
  );
});

t.test('sizes ascend in width and in what they ask', async (t) => {
  for (const [i, size] of TABLE_SIZES.slice(1).entries()) {
    t.ok(size.width > (TABLE_SIZES[i]?.width ?? 0) && size.minUses > (TABLE_SIZES[i]?.minUses ?? 0));
  }
});
