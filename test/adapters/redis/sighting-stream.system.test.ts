// Sightings in a real Redis: told, read again, and forgotten by themselves.

import t, { type Test } from 'tap';
import { openConnection } from '../../../src/adapters/redis/connection.js';
import { createSightingNews, createSightingStream } from '../../../src/adapters/redis/sighting-stream.js';
import { type RedisServer, startRedis, withoutRedis } from '../../support/redis-server.js';
import { until } from '../../support/until.js';

const STREAM = 'yima:1:sightings';
const entry = (n: number): Uint8Array => Uint8Array.from([n, 0xff, 0]);

async function on(t: Test, { url }: RedisServer) {
  const place = { url, sentinels: [], sentinelMaster: 'mymaster' };
  const asking = openConnection(place, 'test', { connectMs: 2_000, commandMs: 2_000 });
  const waiting = openConnection(place, 'test', { connectMs: 2_000, commandMs: null });
  for (const { close } of [asking, waiting]) t.teardown(close);
  await until('Redis is reached', async () => asking.isUp() && waiting.isUp());
  return { stream: createSightingStream(asking), news: createSightingNews(waiting) };
}

t.test('what is told is read, byte for byte, and once', { skip: withoutRedis }, async (t) => {
  const { stream, news } = await on(t, await startRedis(t));
  const begin = await news.begin();
  t.same(await news.read(begin, 10), { place: begin, entries: [] });
  const waiting = news.read(begin, 30_000);
  await stream.tell(entry(1));
  const told = await waiting;
  t.same(told.entries, [entry(1)]);
  await stream.tell(entry(2));
  t.same((await news.read(told.place, 10)).entries, [entry(2)]);
  t.same(
    (await news.read(await news.begin(), 10)).entries,
    [entry(1), entry(2)],
    'who comes later reads all',
  );
});

t.test(
  'old entries go, and a stream that nobody tells goes as a whole',
  { skip: withoutRedis },
  async (t) => {
    const redis = await startRedis(t);
    const { stream } = await on(t, redis);
    for (let n = 0; n < 300; n++) await redis.cli('XADD', STREAM, `${n + 1}-0`, 's', 'old');
    await stream.tell(entry(1));
    t.ok(Number(await redis.cli('XLEN', STREAM)) <= 101, 'whole nodes of the stream are dropped');
    const seconds = Number(await redis.cli('TTL', STREAM));
    t.ok(seconds > 90 && seconds <= 180, `${seconds} s`);
  },
);

t.test('what takes no entry there gives way', { skip: withoutRedis }, async (t) => {
  const redis = await startRedis(t);
  const { stream, news } = await on(t, redis);
  await redis.cli('SET', STREAM, 'x');
  t.equal(await news.begin(), '0-0');
  await stream.tell(entry(1));
  await redis.cli(
    'XADD',
    STREAM,
    '18446744073709551615-18446744073709551615',
    's',
    'the last id there can be',
  );
  await stream.tell(entry(2));
  t.same((await news.read('0-0', 10)).entries, [entry(2)]);
});
