import t from 'tap';
import { NEVER } from '../../../src/core/status/moment.js';
import { createFeedTwin } from '../../support/feed-twin.js';
import { BASE, trustIn } from '../../support/feed-world.js';
import { createIssuer } from '../../support/fixtures.js';
import { until } from '../../support/until.js';
import { openCheckpoint, openOffice } from './support.js';

async function followed(t: Parameters<typeof openOffice>[0]) {
  const twin = createFeedTwin();
  const office = openOffice(t, twin);
  for (const number of [1, 2, 3]) office.addList(number);
  office.set(1, 7, 1);
  await office.untilPublished();
  const checkpoint = openCheckpoint(t, twin, office.issuer);
  await checkpoint.untilLike(office.arena);
  await until('it is current', () => checkpoint.arena.confirmedAt(BASE) !== NEVER);
  return { twin, office, checkpoint };
}

t.test('a checkpoint learns the lists, then every change, and stays current', async (t) => {
  const { office, checkpoint } = await followed(t);
  office.set(2, 8, 2);
  office.addList(4);
  office.set(4, 0, 1);
  await checkpoint.untilLike(office.arena);
  const before = checkpoint.arena.confirmedAt(BASE);
  await until('a heartbeat confirms', () => checkpoint.arena.confirmedAt(BASE).steady > before.steady);
  t.match(checkpoint.figures(), {
    seq: office.ledger.head,
    highWater: office.ledger.head,
    lastRebuild: null,
  });
});

t.test('a stream that was trimmed behind it is made up for by the manifest', async (t) => {
  const { twin, office, checkpoint } = await followed(t);
  const { read } = twin;
  Object.assign(twin, { read: () => new Promise((resolve) => setTimeout(() => resolve([]), 10)) });
  office.set(3, 1, 1);
  office.set(3, 2, 1);
  await office.untilPublished();
  const stream = twin.place(BASE).stream;
  const { length } = stream;
  await until('two more entries', () => stream.length >= length + 2);
  stream.splice(0, stream.length - 1);
  Object.assign(twin, { read });
  await checkpoint.untilLike(office.arena);
  await until('it counts', () => checkpoint.figures().rebuilds.has('gap'));
  t.equal(checkpoint.figures().lastRebuild?.reason, 'gap');
});

t.test('a forged entry is never applied, and the feed goes on behind it', async (t) => {
  const { twin, office, checkpoint } = await followed(t);
  const forger = createFeedTwin();
  const forged = openOffice(t, forger, { arena: office.arena, head: 99 });
  await forged.untilPublished();
  const [entry] = forger.place(BASE).stream;
  if (entry === undefined) throw new Error('nothing was forged');
  twin.add(BASE, entry.entry);
  await until('it is refused', () => checkpoint.figures().refused.has('key'));
  office.set(1, 9, 1);
  await checkpoint.untilLike(office.arena);
});

t.test('bytes of no entry are not taken; once they are put right the list is there', async (t) => {
  const twin = createFeedTwin();
  const office = openOffice(t, twin);
  office.addList(1);
  office.set(1, 0, 1);
  await office.untilPublished();
  await office.loop.close();
  const { bitmaps } = twin.place(BASE);
  for (const [name, bytes] of bitmaps) bitmaps.set(name, bytes.map(() => 0)); // biome-ignore format: a line
  const checkpoint = openCheckpoint(t, twin, office.issuer);
  await until('they are refused', () => checkpoint.figures().refused.has('digest'));
  t.equal(checkpoint.arena.hasList(BASE, 1), false);
  t.equal(checkpoint.arena.confirmedAt(BASE), NEVER);
  const again = openOffice(t, twin, { issuer: office.issuer, arena: office.arena, head: office.ledger.head });
  await until('the publisher has noticed', () => again.figures.rebuilds.has('digest'));
  await checkpoint.untilLike(office.arena);
});

t.test('a publisher that is gone is silence, told once, and what is known ages', async (t) => {
  const { office, checkpoint } = await followed(t);
  await office.loop.close();
  await until('it is noticed', () => checkpoint.figures().refused.has('silent'));
  const before = checkpoint.arena.confirmedAt(BASE);
  const again = openOffice(t, createFeedTwin(), { issuer: office.issuer });
  t.strictSame(checkpoint.arena.confirmedAt(BASE), before);
  t.equal(checkpoint.figures().refused.get('silent'), 1);
  await again.loop.close();
});

t.test('a place that does not answer is tried again until it does, also at the start', async (t) => {
  const twin = createFeedTwin();
  const office = openOffice(t, twin);
  office.addList(1);
  office.set(1, 7, 1);
  await office.untilPublished();
  twin.isDown = true;
  const checkpoint = openCheckpoint(t, twin, office.issuer);
  await until('it is tried', () => checkpoint.figures().refused.has('unreachable'));
  twin.isDown = false;
  await checkpoint.untilLike(office.arena);
  twin.isDown = true;
  twin.drop();
  await until('the loss shows', () => (checkpoint.figures().refused.get('unreachable') ?? 0) > 1);
  twin.isDown = false;
  office.set(1, 8, 1);
  await checkpoint.untilLike(office.arena);
});

t.test('feeds come and go with the key table, and keys count as it has them now', async (t) => {
  const twin = createFeedTwin();
  const office = openOffice(t, twin);
  office.addList(1);
  await office.untilPublished();
  let asked = 0;
  const readHead = (base: string) => {
    asked += 1;
    return twin.readHead(base);
  };
  const checkpoint = openCheckpoint(t, { ...twin, readHead }, createIssuer());
  await until('its key is not known', () => checkpoint.figures().refused.has('key'));
  const [source] = checkpoint.sources.splice(0);
  if (source === undefined) throw new Error('no source');
  await until('it is not asked for any more', () => {
    const before = asked;
    return new Promise((resolve) => setTimeout(() => resolve(asked === before), 1_500));
  });
  checkpoint.sources.push({ ...source, trust: trustIn(office.issuer) });
  await checkpoint.untilLike(office.arena);
});
