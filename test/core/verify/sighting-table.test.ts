// Who saw what first: remembered as long as it can be shown again, bounded, and never wrong about who was first.

import fc from 'fast-check';
import t from 'tap';
import {
  createSightingTable,
  SEVERAL_PLACES,
  type Sighting,
} from '../../../src/core/verify/sighting-table.js';

const NOW = 1_790_000_010; // a third into its 30 s

function sighting(n: number, place = 1, issuedAt = NOW): Sighting {
  return { high: Math.imul(n, 0x9e37_79b1) >>> 0, low: Math.imul(n, 0x85eb_ca77) >>> 0, issuedAt, place };
}

t.test('the first place stays the first', async (t) => {
  const table = createSightingTable();
  t.equal(table.note(sighting(1), NOW, false), 'new');
  t.equal(table.note(sighting(1), NOW, false), 'same');
  t.equal(table.note(sighting(1, 2), NOW, false), 'other');
  t.equal(table.note(sighting(1), NOW, true), 'same');
  t.equal(table.note(sighting(1, 2, NOW + 30), NOW, false), 'new', 'signed anew');
});

t.test('where two places were first before they heard of each other, neither is', async (t) => {
  const table = createSightingTable();
  table.note(sighting(1), NOW, false);
  t.equal(table.note(sighting(1, 2), NOW, true), 'disputed');
  t.equal(table.note(sighting(1, 2), NOW, true), 'other', 'told once more');
  for (const place of [1, 2, SEVERAL_PLACES]) t.equal(table.note(sighting(1, place), NOW, false), 'other');
  const other = createSightingTable();
  for (const each of table.all()) t.equal(other.note(each, NOW, true), 'new');
  t.equal(other.note(sighting(1), NOW, false), 'other', 'and whoever learns of it knows');
});

t.test('it is held until it cannot be shown any more, and then costs nothing', async (t) => {
  for (const begin of [NOW, NOW + 19, NOW + 20]) {
    const table = createSightingTable();
    table.note(sighting(1, 1, begin + 30), begin, false); // by a clock that is 30 s ahead
    for (let now = begin; now <= begin + 60; now++) {
      table.note(sighting(now, 1, now), now, false);
      t.equal(table.note(sighting(1, 2, begin + 30), now, false), 'other', `after ${now - begin} s`);
    }
    for (let now = begin + 61; now < begin + 200; now++) table.note(sighting(now, 1, now), now, false);
    t.ok(table.figures().held <= 91, 'only three times 30 s are held');
  }
});

t.test('what could not be shown now is not taken', async (t) => {
  const table = createSightingTable();
  t.equal(table.note(sighting(1, 1, NOW - 61), NOW, true), 'past');
  t.equal(table.note(sighting(1, 1, NOW + 61), NOW, true), 'past');
  t.equal(table.note(sighting(1, 1, 0), NOW, true), 'past');
  t.equal(table.figures().held, 0);
});

t.test('what does not fit is said, and what others tell may not take all the room', async (t) => {
  const table = createSightingTable(8); // 256 shards of eight places
  let told = 0;
  for (let n = 0; n < 10_000; n++) if (table.note(sighting(n), NOW, true) === 'new') told++;
  t.notOk(table.isWhole(NOW));
  t.ok(table.isWhole(NOW + 30), 'of another time everything is known');
  let own = 0;
  let full = 0;
  for (let n = 10_000; n < 30_000; n++) {
    const noted = table.note(sighting(n), NOW, false);
    if (noted === 'new') own++;
    if (noted === 'full') full++;
  }
  t.equal(told, 256 * 5);
  t.equal(own, 256 * 2);
  t.equal(full, 20_000 - own);
  t.equal(table.figures().bytes, 256 * 8 * 12);
  t.equal(table.note(sighting(0, 2), NOW, false), 'other', 'what is held is still known');
});

t.test('60,000 presentations a second for 30 s have room in 24 MiB', async (t) => {
  const table = createSightingTable();
  let state = 1;
  const word = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
  const count = 1_800_000;
  for (let n = 0; n < count; n++)
    table.note({ high: word(), low: word(), issuedAt: NOW, place: 1 }, NOW, false);
  t.match(table.figures(), { held: count, dropped: 0 });
  t.ok(table.figures().bytes <= 24 * 1_048_576);
});

t.test('a table is a map, whatever is put into it', async (t) => {
  const entry = fc.record({
    n: fc.integer({ min: 0, max: 40 }),
    place: fc.integer({ min: 1, max: 3 }),
    isTold: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 200 }), (entries) => {
      const table = createSightingTable();
      const first = new Map<number, number>();
      const isRight = entries.every(({ n, place, isTold }) => {
        const known = first.get(n);
        if (known === undefined) first.set(n, place);
        const isDisputed = known !== undefined && known !== place && known !== SEVERAL_PLACES && isTold;
        if (isDisputed) first.set(n, SEVERAL_PLACES);
        const seen = known === place ? 'same' : isDisputed ? 'disputed' : 'other';
        const expected = known === undefined ? 'new' : seen;
        // All in one shard, and every fourth begins at the same place.
        return table.note({ high: n, low: n % 4, issuedAt: NOW, place }, NOW, isTold) === expected;
      });
      const held = [...table.all()].map(({ high, place }) => [high, place] as const);
      return isRight && held.length === first.size && held.every(([n, place]) => first.get(n) === place);
    }),
  );
  t.pass('as a map');
});
