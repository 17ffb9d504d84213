// Somebody can write to Redis: they can delay what verifiers hear, and never bring back what is revoked.

import t, { type Test } from 'tap';
import { withoutRedis } from '../../support/redis-server.js';
import { until } from '../../support/until.js';
import { feedInRedis } from '../support/feed-in-redis.js';
import { openScene } from '../support/status-scene.js';

t.test('a writer in Redis', { skip: withoutRedis }, async (t) => {
  const scene = await openScene(t, { verifiers: 2, codes: 30 });
  const feed = feedInRedis(t, scene.redis, `${scene.issuer.node().url}/status-lists/`);
  const refused = (): Promise<number> =>
    (scene.verifiers[0] as (typeof scene.verifiers)[0]).metric('yima_feed_refused_total');

  /** Changes that are published while verifiers hear nothing. @returns their entries */
  const behind = async (count: number) => {
    scene.proxy.set({ silent: true });
    const [last] = await feed.newest(1);
    for (let i = 0; i < count; i += 1) await scene.change();
    return (await feed.newest(500)).filter(({ id }) => last === undefined || isAfter(id, last.id));
  };
  const settle = async (t: Test, what: string): Promise<void> => {
    scene.proxy.heal();
    const healedMs = performance.now();
    t.comment(`recovered ${await scene.recovered(healedMs)} ms after ${what}`);
    t.same(scene.violations(), []);
  };

  await t.test('the stream is trimmed behind a verifier', async (t) => {
    await behind(3);
    await feed.redis.xtrim(feed.streamKey, 'MAXLEN', 1);
    await settle(t, 'the stream was trimmed');
  });

  await t.test('an entry is dropped', async (t) => {
    const entries = await behind(3);
    const largest = entries.reduce((a, b) => (b.entry.length > a.entry.length ? b : a));
    await feed.remove([largest.id]);
    await settle(t, 'an entry was dropped');
  });

  await t.test('entries are reordered', async (t) => {
    const entries = await behind(3);
    await feed.remove(entries.map(({ id }) => id));
    for (const { entry } of [...entries].reverse()) await feed.append(entry);
    await settle(t, 'entries were reordered');
  });

  await t.test('an entry is replayed', async (t) => {
    const before = await refused();
    const [old] = await feed.newest(10);
    await scene.change();
    await feed.append(old?.entry ?? new Uint8Array());
    await until('it is refused', async () => (await refused()) > before);
    await settle(t, 'an entry was replayed');
  });

  await t.test('entries are forged', async (t) => {
    const [newest] = await feed.newest(1);
    const entry = newest?.entry ?? Buffer.alloc(0);
    const flipped = Buffer.from(entry);
    flipped[flipped.length - 1] = (flipped.at(-1) ?? 0) ^ 1;
    for (const forged of [Buffer.from('nonsense'), Buffer.alloc(0), Buffer.alloc(1_000_000), flipped]) {
      const before = await refused();
      await feed.append(forged);
      await until('it is refused', async () => (await refused()) > before);
    }
    await settle(t, 'entries were forged');
  });

  await t.test('a revoked bit is cleared', async (t) => {
    await scene.change();
    await scene.change();
    await scene.recovered(performance.now());
    for (const key of await feed.bitmapKeys()) {
      const length = await feed.redis.strlen(key);
      await feed.redis.set(key, Buffer.alloc(length));
    }
    const late = await scene.join();
    await until('it has read the list', async () => (await late.metric('yima_feed_refused_total')) > 0);
    await scene.redis.cli('XTRIM', feed.streamKey, 'MAXLEN', '0'); // the others have to read it again, too
    await scene.change();
    await settle(t, 'revoked bits were cleared');
  });
});

function isAfter(id: string, other: string): boolean {
  const [a = 0, b = 0] = id.split('-').map(Number);
  const [c = 0, d = 0] = other.split('-').map(Number);
  return a > c || (a === c && b > d);
}
