import fc from 'fast-check';
import t from 'tap';
import { sha256 } from '../../../../src/adapters/crypto-node.js';
import { listDigest } from '../../../../src/core/status/feed/digest.js';
import { openEntry } from '../../../../src/core/status/feed/signed-entry.js';
import { bitmapName, isOfOnePiece } from '../../../support/feed-twin.js';
import { BASE, createFeedWorld, epochOf, type FeedWorld, trustIn } from '../../../support/feed-world.js';

const digest = (packed: Uint8Array) => listDigest(packed, sha256);

/** Whether the place holds what the arena holds. */
function isPublished({ live, twin }: FeedWorld): boolean {
  const place = twin.place(BASE);
  return live.shapes(BASE).every(({ number }) => {
    const bytes = place.bitmaps.get(bitmapName(place.state?.epoch ?? epochOf(0), number));
    return bytes !== undefined && Buffer.from(bytes).equals(live.packed(BASE, number) ?? new Uint8Array(1));
  });
}

const lastEntry = (world: FeedWorld) => {
  const opened = openEntry(
    world.twin.place(BASE).stream.at(-1)?.entry ?? new Uint8Array(0),
    BASE,
    trustIn(world.issuer),
  );
  if ('refused' in opened) throw new Error(opened.refused);
  return opened.entry;
};

t.test(
  'a founded feed holds every list; then changes follow, and heartbeats when there are none',
  async (t) => {
    const world = createFeedWorld();
    world.addList(1);
    world.set(1, 100, 1);
    await world.found();
    t.ok(isPublished(world));
    t.match(lastEntry(world), { n: 1, seq: 2, highWater: 2, changes: [] });
    world.set(1, 5, 2);
    world.set(1, 4_095, 1);
    await world.publish();
    t.match(lastEntry(world), {
      n: 2,
      seq: 4,
      highWater: 4,
      changes: [{ list: 1, values: [{ index: 5, value: 2 }, { index: 4_095, value: 1 }] }], // biome-ignore format: a pair
    });
    await world.publish();
    t.match(lastEntry(world), { n: 3, seq: 4, changes: [] });
    t.ok(isPublished(world));
    t.end();
  },
);

t.test('a list that begins is there in its whole length before its first change', async (t) => {
  const world = createFeedWorld();
  await world.found();
  world.addList(3, 4, 2_048);
  await world.publish();
  t.strictSame(lastEntry(world).lists, [{ number: 3, bits: 4, entries: 2_048 }]);
  t.ok(isPublished(world));
  t.end();
});

t.test(
  'more than fits waits for the next entry, and only the last one says that nothing is missing',
  async (t) => {
    const world = createFeedWorld();
    world.addList(1, 2, 65_536);
    await world.found();
    for (let index = 0; index < 2_500; index++) world.set(1, index * 7, 1);
    await world.publish();
    t.match(lastEntry(world), { seq: 1, highWater: 2_501 });
    t.equal(lastEntry(world).changes[0]?.values.length, 1_000);
    t.ok(isOfOnePiece(world.twin.place(BASE), digest), 'what is published is of one piece all the while');
    world.set(1, 7 * 2_499, 1);
    await world.publishAll();
    t.match(lastEntry(world), { n: 4, seq: 2_501, highWater: 2_501 });
    t.ok(isPublished(world));
    t.end();
  },
);

t.test('a value that is back before it was published is no change', async (t) => {
  const world = createFeedWorld();
  world.addList(1);
  await world.found();
  world.set(1, 9, 2);
  world.set(1, 9, 0);
  await world.publish();
  t.match(lastEntry(world), { seq: 3, highWater: 3, changes: [] });
  t.equal(world.publisher.pending(), 0);
  t.end();
});

t.test(
  'a list is compared by its digest alone, or by its bytes, and what differs is published',
  async (t) => {
    const world = createFeedWorld();
    world.addList(1);
    world.addList(2);
    world.set(2, 8, 1);
    await world.found();
    const place = world.twin.place(BASE);
    const [one, two] = [place.lists.get(1), place.lists.get(2)];
    if (one === undefined || two === undefined || place.state === null) throw new Error('not founded');
    world.publisher.forget();
    world.live.set(BASE, 2, 9, 2); // committed while nobody published
    world.head += 1;
    t.ok(world.publisher.match(one, one.digest));
    t.notOk(world.publisher.match(two, two.digest));
    const bytes = place.bitmaps.get(bitmapName(place.state.epoch, 2)) ?? new Uint8Array(0);
    t.equal(world.publisher.compare(two, bytes, true, 0), null, 'more than the limit');
    t.notOk(world.publisher.isTracked(2));
    t.equal(world.publisher.compare(two, bytes, true, 10), 1);
    world.publisher.adopt(place.state, 3);
    await world.publishAll();
    t.match(lastEntry(world), { n: 2, seq: 4, changes: [{ list: 2, values: [{ index: 9, value: 2 }] }] });
    t.ok(isPublished(world));
    t.end();
  },
);

t.test('an entry for which nothing was adopted or founded is a defect', (t) => {
  t.throws(() => createFeedWorld().publisher.next({ at: 0, head: 0 }), { code: 'internal' });
  t.end();
});

t.test(
  'whatever changes and is published in whatever turns, the place holds the values and is of one piece',
  async (t) => {
    const step = fc.oneof(
      { weight: 6, arbitrary: fc.record({ list: fc.nat(2), index: fc.nat(70_000), value: fc.nat(3) }) },
      { weight: 2, arbitrary: fc.constant('publish' as const) },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const world = createFeedWorld();
        for (const number of [0, 1, 2]) world.addList(number, 2, 131_072);
        await world.found();
        for (const each of steps) {
          if (each === 'publish') await world.publish();
          else world.set(each.list, each.index, each.value);
          if (!isOfOnePiece(world.twin.place(BASE), digest)) return false;
        }
        await world.publishAll();
        return isPublished(world) && lastEntry(world).seq === world.head;
      }),
      { numRuns: 60 },
    );
    t.end();
  },
);
