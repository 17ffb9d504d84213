import fc from 'fast-check';
import t from 'tap';
import type { FeedEntry } from '../../../../src/core/status/feed/entry.js';
import type { FeedHead } from '../../../../src/core/status/feed/port.js';
import type { FeedRefusal } from '../../../../src/core/status/feed/refusal.js';
import { signEntry } from '../../../../src/core/status/feed/signed-entry.js';
import { NEVER } from '../../../../src/core/status/moment.js';
import {
  BASE,
  createFeedWorld,
  createMirrorWorld,
  epochOf,
  type FeedWorld,
  holdSame,
  type MirrorWorld,
  START_MS,
  trustIn,
} from '../../../support/feed-world.js';
import { createIssuer } from '../../../support/fixtures.js';

async function follow() {
  const world = createFeedWorld();
  world.addList(1);
  world.set(1, 100, 1);
  await world.found();
  const other = createMirrorWorld(world.twin, trustIn(world.issuer));
  t.equal(await other.begin(), null);
  t.ok(await other.load());
  return { world, other };
}

t.test('a mirror loads what the manifest names, follows, and says how current it is', async (t) => {
  const { world, other } = await follow();
  t.ok(holdSame(world.live, other.arena));
  t.strictSame(other.arena.confirmedAt(BASE), { epoch: START_MS / 1000, steady: 1_000 });
  world.set(1, 5, 2);
  world.addList(2, 4);
  world.set(2, 7, 0x0d);
  world.at += 1_000;
  await world.publish();
  other.now = { epoch: START_MS / 1000 + 9, steady: 1_008 };
  t.equal(other.follow(), null);
  t.ok(holdSame(world.live, other.arena));
  t.strictSame(other.arena.find(BASE, 2, 7), {
    value: 0x0d,
    asOf: { epoch: START_MS / 1000 + 1, steady: 1_008 },
  });
  t.end();
});

t.test('nothing is confirmed before every list is there', async (t) => {
  const world = createFeedWorld();
  world.addList(1);
  world.addList(2);
  await world.found();
  const other = createMirrorWorld(world.twin, trustIn(world.issuer));
  await other.begin();
  t.strictSame(other.arena.confirmedAt(BASE), NEVER);
  await world.publish();
  t.equal(other.follow(), null);
  t.strictSame(other.arena.confirmedAt(BASE), NEVER);
  await other.load();
  t.not(other.arena.confirmedAt(BASE), NEVER);
  t.end();
});

t.test('an entry that lacks committed changes confirms nothing', async (t) => {
  const { world, other } = await follow();
  const before = other.arena.confirmedAt(BASE);
  world.addList(2, 2, 65_536);
  for (let index = 0; index < 1_500; index++) world.set(2, index, 1);
  world.at += 5_000;
  other.now = { epoch: START_MS / 1000 + 6, steady: 1_005 };
  await world.publish();
  t.equal(other.follow(), null);
  t.strictSame(other.arena.confirmedAt(BASE), before);
  t.equal(other.arena.find(BASE, 2, 0)?.value, 1, 'what it says holds all the same');
  await world.publish();
  t.equal(other.follow(), null);
  t.equal(other.arena.confirmedAt(BASE).epoch, START_MS / 1000 + 5);
  t.end();
});

t.test('an entry from the future confirms nothing past a minute, and never more than now', async (t) => {
  const { world, other } = await follow();
  world.at = START_MS + 60_999; // our clock is a second on
  await world.publish();
  other.follow();
  t.strictSame(other.arena.confirmedAt(BASE), other.now, 'a minute ahead');
  world.at += 2_000;
  await world.publish();
  other.now = { epoch: other.now.epoch, steady: 1_001 };
  t.equal(other.follow(), null);
  t.strictSame(other.arena.confirmedAt(BASE).steady, 1_000);
  t.equal(other.ahead, 1);
  t.end();
});

t.test('the same entry read again makes nothing younger', async (t) => {
  const { other } = await follow();
  const before = other.arena.confirmedAt(BASE);
  other.now = { epoch: START_MS / 1000 - 3_600, steady: 9_000 }; // somebody has set the clock back
  t.equal(await other.begin(), null);
  t.strictSame(other.arena.confirmedAt(BASE), before);
  t.end();
});

t.test(
  'a part of the past that is played once more makes nothing younger, whatever the clock says',
  async (t) => {
    const { world, other } = await follow();
    const past = structuredClone(world.twin.place(BASE));
    const replayed: Uint8Array[] = [];
    for (let beat = 0; beat < 3; beat++) {
      world.at += 500;
      await world.publish();
      replayed.push(world.twin.place(BASE).stream.at(-1)?.entry ?? new Uint8Array());
      other.now = { epoch: Math.floor(world.at / 1000), steady: 1_000 + beat };
      t.equal(other.follow(), null);
    }
    const before = other.arena.confirmedAt(BASE);
    other.now = { epoch: START_MS / 1000, steady: 4_600 }; // an hour later, and our clock was set back by it
    const after = structuredClone(world.twin.place(BASE));
    Object.assign(world.twin.place(BASE), past);
    t.equal(await other.begin(), null);
    for (const entry of replayed) t.equal(other.mirror.hear(entry, other.now), null);
    t.strictSame(other.arena.confirmedAt(BASE), before);

    Object.assign(world.twin.place(BASE), after);
    world.at = START_MS - 9_000; // the issuer's clock was set back too: what goes on is news all the same
    await world.publish();
    t.equal(await other.begin(), null);
    t.not(other.arena.confirmedAt(BASE), before);
    t.end();
  },
);

t.test('a replica that lacks the last of several entries about one change is older', async (t) => {
  const { world, other } = await follow();
  for (let index = 1_000; index < 2_500; index++) world.set(1, index, 2);
  const before = structuredClone(world.twin.place(BASE));
  await world.publish();
  t.equal(other.follow(), null);
  t.equal(other.arena.find(BASE, 1, 1_000)?.value, 2);
  Object.assign(world.twin.place(BASE), before);
  t.equal(await other.begin(), 'older');
  t.equal(other.arena.find(BASE, 1, 1_000)?.value, 2);
  t.end();
});

t.test('lists that are held as the manifest names them are not read again', async (t) => {
  const { world, other } = await follow();
  world.addList(2);
  await world.found(epochOf(2));
  t.equal(other.follow(), 'epoch');
  t.equal(await other.begin(), null);
  t.strictSame(
    other.mirror.waiting().map(({ number }) => number),
    [2],
  );
  t.ok(await other.load());
  t.equal(other.follow(), null);
  t.end();
});

t.test('a revoked value that a valid entry takes back stays revoked, and is counted', async (t) => {
  const { world, other } = await follow();
  other.arena.set(BASE, 1, 50, 1);
  world.set(1, 50, 2);
  await world.publish();
  t.equal(other.follow(), null);
  t.equal(other.arena.find(BASE, 1, 50)?.value, 1);
  t.equal(other.kept, 1);
  t.end();
});

t.test('bytes of a list count only as those of an entry, and what came meanwhile follows them', async (t) => {
  const world = createFeedWorld();
  world.addList(1);
  world.set(1, 3, 1);
  await world.found();
  const other = createMirrorWorld(world.twin, trustIn(world.issuer));
  await other.begin();
  const [old, epoch] = [await world.twin.readList(BASE, epochOf(1), 1, 1_024), epochOf(1)];
  world.set(1, 4, 2);
  await world.publish();
  const middle = await world.twin.readList(BASE, epoch, 1, 1_024);
  world.set(1, 4, 1);
  await world.publish();
  const late = await world.twin.readList(BASE, epoch, 1, 1_024);
  if (old === null || middle === null || late === null) throw new Error('no bytes');
  t.notOk(other.mirror.take(1, late), 'of an entry that was not met yet');
  t.equal(other.follow(), null);
  const forged = late.slice();
  forged[0] = 0;
  t.notOk(other.mirror.take(1, forged), 'somebody cleared a revoked bit');
  t.notOk(other.mirror.take(1, late.subarray(1)), 'another length');
  t.notOk(other.mirror.take(9, late), 'a list that nobody waits for');
  t.ok(other.mirror.take(1, middle));
  t.ok(holdSame(world.live, other.arena));
  t.equal(other.kept, 0, 'no change is made twice');
  t.end();
});

t.test('what does not follow is refused with its reason, and nothing of it is applied', async (t) => {
  const crafted = (change: (good: FeedEntry) => Partial<FeedEntry>) => async () => {
    const { world, other } = await follow();
    const state = other.mirror.state();
    if (state === null) throw new Error('not begun');
    const good: FeedEntry = {
      base: BASE,
      epoch: state.epoch,
      n: state.n + 1,
      prev: state.hash,
      at: world.at,
      seq: world.head,
      highWater: world.head,
      root: new Uint8Array(32),
      lists: [],
      changes: [],
    };
    return { other, entry: signEntry({ ...good, ...change(good) }, world.issuer.signer) };
  };
  const digest = new Uint8Array(32);
  const change = (list: number, index: number, value: number) => ({
    changes: [{ list, digest, values: [{ index: 1, value: 1 }, { index, value }] }], // biome-ignore format: a pair
  });
  const rows: readonly (readonly [FeedRefusal | null, (good: FeedEntry) => Partial<FeedEntry>])[] = [
    [null, () => ({})],
    ['epoch', () => ({ epoch: epochOf(9) })],
    ['gap', ({ n }) => ({ n: n + 1 })],
    ['gap', ({ n }) => ({ n: n - 1 || 1 })],
    ['chain', () => ({ prev: new Uint8Array(32) })],
    ['older', () => ({ seq: 1 })],
    ['base', () => ({ base: 'https://other.example/' })],
    ['lists', () => ({ lists: [{ number: 1, bits: 2, entries: 8 }] })],
    ['lists', () => change(2, 5, 1)],
    ['shape', () => change(1, 4_096, 1)],
    ['shape', () => change(1, 5, 4)],
  ];
  for (const [reason, craft] of rows) {
    const { other, entry } = await crafted(craft)();
    t.equal(other.mirror.hear(entry, other.now), reason);
    if (reason === null) continue;
    t.equal(other.arena.find(BASE, 1, 1)?.value, 0);
    t.equal(other.mirror.state(), null);
    t.equal(other.mirror.hear(entry, other.now), 'empty', 'nothing is taken before the head was read again');
  }
  t.end();
});

t.test('a head is refused when it is not whole, not sound, or behind', async (t) => {
  const { world, other } = await follow();
  const good = await world.twin.readHead(BASE);
  const behind = createFeedWorld(world.issuer);
  behind.addList(1);
  await behind.found(epochOf(5));
  const stranger = createFeedWorld(createIssuer({ use: 'status' }));
  stranger.addList(1);
  await stranger.found();
  const fewer = createFeedWorld(world.issuer);
  fewer.head = 100;
  await fewer.found(epochOf(6));
  const [row] = good.lists ?? [];
  if (row === undefined) throw new Error('no list');
  const rows: readonly (readonly [FeedRefusal, FeedHead])[] = [
    ['empty', { state: null, last: null, lists: [] }],
    ['root', { ...good, lists: null }],
    ['root', { ...good, lists: [] }],
    ['root', { ...good, lists: [{ ...row, digest: new Uint8Array(32) }] }],
    ['root', { ...good, lists: Array.from({ length: 4_097 }, (_, number) => ({ ...row, number })) }],
    ['damaged', { ...good, last: { id: '1', entry: new Uint8Array(9) } }],
    ['older', await behind.twin.readHead(BASE)],
    ['key', await stranger.twin.readHead(BASE)],
    ['lists', await fewer.twin.readHead(BASE)],
  ];
  for (const [reason, head] of rows) {
    t.equal(other.mirror.begin(head, other.now), reason);
    t.equal(other.arena.find(BASE, 1, 100)?.value, 1, 'what was known stays');
  }
  t.equal(other.mirror.begin(good, other.now), null);
  t.end();
});

t.test('changes that come while lists are loaded are kept up to a limit', async (t) => {
  const world = createFeedWorld();
  world.addList(1, 2, 2 ** 20);
  await world.found();
  const other = createMirrorWorld(world.twin, trustIn(world.issuer));
  await other.begin();
  for (let index = 0; index < 200_001; index++) world.set(1, index, 2);
  await world.publishAll();
  t.equal(other.follow(), 'overflow');
  t.equal(await other.begin(), null);
  t.ok(await other.load());
  t.ok(holdSame(world.live, other.arena));
  t.end();
});

/** What may go wrong on the way of a stream. */
const spoil = {
  drop: (entries: Uint8Array[], at: number) => entries.filter((_, i) => i !== at),
  swap: (entries: Uint8Array[], at: number) =>
    entries.map((entry, i) => (i === at ? entries[i + 1] : i === at + 1 ? entries[at] : entry) ?? entry),
  replay: (entries: Uint8Array[], at: number) => [...entries.slice(0, at + 1), ...entries.slice(at)],
  flip: (entries: Uint8Array[], at: number, bit: number) =>
    entries.map((entry, i) => {
      if (i !== at) return entry;
      const other = entry.slice();
      const byte = (bit >> 3) % entry.length;
      other[byte] = (other[byte] ?? 0) ^ (1 << (bit & 7));
      return other;
    }),
} as const;

t.test(
  'an entry that is dropped, reordered, replayed or spoilt is never applied, and the head heals it',
  async (t) => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...(Object.keys(spoil) as (keyof typeof spoil)[])),
        fc.nat(6),
        fc.nat(4_000),
        async (way, at, bit) => {
          const { world, other } = await follow();
          const applied: string[] = [];
          for (let n = 0; n < 8; n++) {
            world.set(1, 200 + n, 1);
            await world.publish();
            applied.push(JSON.stringify([...(world.live.packed(BASE, 1) ?? [])]));
          }
          const sent = world.twin
            .place(BASE)
            .stream.slice(1)
            .map(({ entry }) => entry);
          let refused: FeedRefusal | null = null;
          for (const entry of spoil[way](sent, at, bit)) {
            refused = other.mirror.hear(entry, other.now);
            if (refused !== null) break;
          }
          const holds = JSON.stringify([...(other.arena.packed(BASE, 1) ?? [])]);
          const upTo = way === 'replay' ? at : at - 1;
          const isPrefix = upTo < 0 ? other.arena.find(BASE, 1, 200)?.value === 0 : holds === applied[upTo];
          const healed = (await other.begin()) === null && (await other.load());
          return refused !== null && isPrefix && healed && holdSame(world.live, other.arena);
        },
      ),
      { numRuns: 60 },
    );
    t.end();
  },
);

t.test('publishing, loading and following in any order end with the bytes of the publisher', async (t) => {
  const step = fc.oneof(
    { weight: 5, arbitrary: fc.record({ list: fc.nat(1), index: fc.nat(4_095), value: fc.nat(3) }) },
    {
      weight: 4,
      arbitrary: fc.constantFrom('publish' as const, 'follow' as const, 'read' as const, 'take' as const),
    },
    { weight: 1, arbitrary: fc.constantFrom('list' as const, 'found' as const, 'begin' as const) },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      const world = createFeedWorld();
      for (const number of [0, 1]) world.addList(number);
      await world.found();
      const other = createMirrorWorld(world.twin, trustIn(world.issuer));
      await other.begin();
      const run = takesOf(world, other);
      for (const each of steps) {
        if (typeof each === 'object') world.set(each.list, each.index, each.value);
        else await run[each]();
      }
      await world.publishAll();
      await followOrBegin(other);
      const loaded = await other.load();
      return (
        loaded &&
        holdSame(world.live, other.arena) &&
        other.kept === 0 &&
        other.mirror.newest()?.asOf !== null
      );
    }),
    { numRuns: 100 },
  );
  t.end();
});

function takesOf(world: FeedWorld, other: MirrorWorld) {
  let read: { number: number; bytes: Uint8Array }[] = [];
  let next = 2;
  return {
    publish: world.publish,
    begin: other.begin,
    follow: () => followOrBegin(other),
    list: () => world.addList(next++),
    found: () => world.found(epochOf(10 + next++)),
    read: async () => {
      const epoch = other.mirror.state()?.epoch ?? epochOf(0);
      for (const { number } of other.mirror.waiting()) {
        const bytes = await world.twin.readList(BASE, epoch, number, 1_024);
        if (bytes !== null) read.push({ number, bytes });
      }
    },
    take: () => {
      for (const { number, bytes } of read) other.mirror.take(number, bytes);
      read = [];
    },
  };
}

async function followOrBegin(other: MirrorWorld): Promise<void> {
  if (other.follow() !== null) await other.begin();
}
