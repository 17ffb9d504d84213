import t from 'tap';
import type { FeedTwin, TwinPlace } from '../../support/feed-twin.js';
import { createFeedTwin } from '../../support/feed-twin.js';
import { BASE, epochOf } from '../../support/feed-world.js';
import { createIssuer } from '../../support/fixtures.js';
import { until } from '../../support/until.js';
import { openOffice } from './support.js';

const rebuilds = ({ rebuilds }: { readonly rebuilds: ReadonlyMap<string, number> }) =>
  Object.fromEntries(rebuilds);

async function published(t: Parameters<typeof openOffice>[0]) {
  const twin = createFeedTwin();
  const office = openOffice(t, twin);
  office.addList(1);
  office.set(1, 7, 1);
  await office.untilPublished();
  t.equal(await office.loop.settled(), true);
  return { twin, office };
}

t.test('an empty place is built, changes go out at once, and heartbeats follow', async (t) => {
  const { twin, office } = await published(t);
  t.strictSame(rebuilds(office.figures), { empty: 1 });
  office.set(1, 8, 2);
  t.equal(await office.loop.settled(), true);
  await office.untilPublished();
  const { length } = twin.place(BASE).stream;
  await until('two heartbeats', () => twin.place(BASE).stream.length >= length + 2);
  t.match(office.figures, { seq: 3, highWater: 3 });
  t.equal(office.loop.failures(), 0);
});

t.test(
  'a publisher that starts again finishes what was committed and not published, in the same epoch',
  async (t) => {
    const { twin, office } = await published(t);
    await office.loop.close();
    const { epoch } = twin.place(BASE).state ?? { epoch: epochOf(0) };
    office.arena.set(BASE, 1, 9, 1); // committed, and the process died before it was published
    office.arena.addList({ base: BASE, number: 2, bits: 2, entries: 64 });
    office.arena.set(BASE, 2, 5, 2);
    const again = openOffice(t, twin, {
      issuer: office.issuer,
      arena: office.arena,
      head: office.ledger.head + 3,
    });
    await again.untilPublished();
    t.strictSame(rebuilds(again.figures), {});
    t.strictSame(twin.place(BASE).state?.epoch, epoch);
  },
);

t.test(
  'a database that is a restored backup begins another epoch, however far the feed had come',
  async (t) => {
    const { twin, office } = await published(t);
    await office.loop.close();
    const { epoch } = twin.place(BASE).state ?? { epoch: epochOf(0) };
    const floor = 2 ** 45;
    const again = openOffice(t, twin, { issuer: office.issuer, arena: office.arena, head: floor + 1, floor });
    await until('it begins another', () => again.figures.rebuilds.size > 0);
    t.strictSame(rebuilds(again.figures), { older: 1 });
    t.strictNotSame(twin.place(BASE).state?.epoch, epoch);
    again.set(1, 9, 1);
    t.equal(await again.loop.settled(), true);
    t.match(again.figures, { seq: floor + 2 });
  },
);

t.test('a step whose answer was lost is made once', async (t) => {
  const { twin, office } = await published(t);
  twin.losesAnswer = true;
  office.set(1, 10, 1);
  await until('it was noticed', () => office.loop.failures() === 1);
  await office.untilPublished();
  const ns = twin.place(BASE).stream.length;
  await until('it goes on', () => twin.place(BASE).stream.length > ns);
  t.strictSame(rebuilds(office.figures), { empty: 1 });
  t.equal(twin.place(BASE).state?.n, twin.place(BASE).stream.length, 'no entry came twice');
});

t.test('while nobody answers, changes are not published and said so at once; then they are', async (t) => {
  const { twin, office } = await published(t);
  twin.isDown = true;
  await until('the loss is known', () => office.loop.failures() > 0);
  office.set(1, 11, 1);
  t.equal(await office.loop.settled(), false);
  twin.isDown = false;
  await until('it is back', () => office.loop.settled());
  await office.untilPublished();
});

t.test('a change that gets no answer is told as not published after a second', async (t) => {
  const { twin, office } = await published(t);
  let release = (): void => undefined;
  const { publish } = twin;
  Object.assign(twin, {
    publish: (...args: Parameters<FeedTwin['publish']>) =>
      new Promise((resolve) => {
        release = () => resolve(publish(...args));
      }),
  });
  office.set(1, 12, 1);
  t.equal(await office.loop.settled(), false);
  Object.assign(twin, { publish });
  release();
  await office.untilPublished();
});

const cleared = (bytes: Uint8Array): Uint8Array => bytes.map((byte) => byte & 0xfe);
const spoilt: Readonly<Record<string, readonly [reason: string, spoil: (place: TwinPlace) => void]>> = {
  'Redis is emptied': [
    'empty',
    (place) => Object.assign(place, { state: null, lists: new Map(), stream: [], bitmaps: new Map() }),
  ],
  'the state is gone': ['chain', (place) => Object.assign(place, { state: null })],
  'a row of the manifest is changed': [
    'root',
    ({ lists }) => {
      for (const row of lists.values()) lists.set(row.number, { ...row, digest: new Uint8Array(32) });
    },
  ],
  'a revoked bit is cleared': [
    'digest',
    ({ bitmaps }) => {
      for (const [name, bytes] of bitmaps) if (name.endsWith(':1')) bitmaps.set(name, cleared(bytes));
    },
  ],
  'a bitmap is gone': ['digest', ({ bitmaps }) => bitmaps.clear()],
};

for (const [name, [reason, spoil]] of Object.entries(spoilt)) {
  t.test(`${name}: the publisher builds the feed anew, and nothing that was revoked is lost`, async (t) => {
    const { twin, office } = await published(t);
    office.set(1, 0, 1);
    await office.untilPublished();
    spoil(twin.place(BASE));
    await until('it is built anew', () => office.figures.rebuilds.has(reason as 'root'));
    await office.untilPublished();
    office.set(1, 13, 1);
    t.equal(await office.loop.settled(), true);
    t.equal(office.figures.lastRebuild?.reason, reason);
  });
}

t.test('an older state of our own feed is built anew under another epoch', async (t) => {
  const { twin, office } = await published(t);
  const place = twin.place(BASE);
  const old = {
    ...place,
    lists: new Map(place.lists),
    stream: [...place.stream],
    bitmaps: new Map(place.bitmaps),
  };
  office.set(1, 14, 1);
  await office.untilPublished();
  Object.assign(place, old);
  await until('it is built anew', () => office.figures.rebuilds.has('older'));
  await office.untilPublished();
});

t.test('a feed that others signed is replaced', async (t) => {
  const { twin, office } = await published(t);
  await office.loop.close();
  const other = openOffice(t, twin, {
    issuer: createIssuer({ use: 'status' }),
    arena: office.arena,
    head: 99,
  });
  await until('it is built anew', () => other.figures.rebuilds.has('key'));
  await other.untilPublished();
});

t.test('a feed that knows of more than our database is left alone, and that is said', async (t) => {
  const { twin, office } = await published(t);
  await office.loop.close();
  const before = twin.place(BASE).stream.length;
  const behind = openOffice(t, twin, { issuer: office.issuer, arena: office.arena, head: 1 });
  await until('it is noticed', () => behind.loop.isAhead());
  behind.set(1, 15, 1);
  t.equal(await behind.loop.settled(), false);
  t.equal(twin.place(BASE).stream.length, before);
  behind.ledger.head = 50;
  await until('the database has caught up', () => !behind.loop.isAhead());
  await behind.untilPublished();
});

t.test('while the outcome of a write is in doubt nothing is said', async (t) => {
  const { twin, office } = await published(t);
  office.ledger.certain = false;
  office.set(1, 16, 1);
  const { length } = twin.place(BASE).stream;
  t.equal(await office.loop.settled(), false);
  t.equal(twin.place(BASE).stream.length, length);
  office.ledger.certain = true;
  await office.untilPublished();
});
