import t, { type Test } from 'tap';
import { openConnection } from '../../../src/adapters/redis/connection.js';
import { createTrustShare, createTrustShareNews } from '../../../src/adapters/redis/trust-store.js';
import type { SharedDocument, TrustShare } from '../../../src/core/trust/share-port.js';
import { type RedisServer, startRedis, withoutRedis } from '../../support/redis-server.js';
import { until } from '../../support/until.js';

const PIN = `${'p'.repeat(42)}A`;
const KEYS = { marks: `yima:1:trust:${'p'.repeat(16)}:marks`, texts: `yima:1:trust:${'p'.repeat(16)}:texts` };
const list = (authority: string, version: number): SharedDocument => ({
  place: `list/${authority}`,
  version,
  hash: String(version).padEnd(43, 'h'),
  text: `{"${authority}":${version}}`,
});
const markOf = ({ place, version, hash }: SharedDocument) => ({ place, version, hash });

async function on(t: Test, { url }: RedisServer, pin = PIN) {
  const place = { url, sentinels: [], sentinelMaster: 'mymaster' };
  const asking = openConnection(place, 'test', { connectMs: 2_000, commandMs: 2_000 });
  const waiting = openConnection(place, 'test', { connectMs: 2_000, commandMs: null });
  for (const { close } of [asking, waiting]) t.teardown(close);
  await until('Redis is reached', async () => asking.isUp() && waiting.isUp());
  return { share: createTrustShare(asking, pin), news: createTrustShareNews(waiting, pin) };
}

async function sorted(share: TrustShare) {
  return [...(await share.marks())].sort((a, b) => (a.place < b.place ? -1 : 1));
}

t.test('documents are put, told, and read again', { skip: withoutRedis }, async (t) => {
  const server = await startRedis(t);
  const { share, news } = await on(t, server);
  t.same(await share.marks(), []);
  t.equal(await share.read('list/33'), undefined);
  const begin = await news.end();
  const waiting = news.read(begin, 30_000);
  t.equal(await share.put(list('33', 1), null), true);
  const told = await waiting;
  t.strictSame(told.marks, [markOf(list('33', 1))]);
  t.equal(told.place, await news.end());
  const root = { ...list('x', 1), place: 'root/1' };
  t.equal(await share.put(root, null), true);
  t.strictSame(await sorted(share), [markOf(list('33', 1)), markOf(root)]);
  t.equal(await share.read('list/33'), '{"33":1}');
  t.strictSame(await news.read(await news.end(), 10), { place: await news.end(), marks: [] });
  const other = await on(t, server, `${'q'.repeat(42)}A`);
  t.same(await other.share.marks(), [], 'another network is none of its business');
});

t.test('what is as new is not written over, unless it is refused', { skip: withoutRedis }, async (t) => {
  const { share } = await on(t, await startRedis(t));
  t.equal(await share.put(list('33', 2), null), true);
  for (const version of [1, 2]) t.equal(await share.put(list('33', version), null), false);
  t.equal(await share.put(list('33', 1), markOf(list('33', 3))), false, 'another one was refused');
  t.equal(await share.read('list/33'), '{"33":2}');
  t.equal(await share.put(list('33', 1), markOf(list('33', 2))), true);
  t.equal(await share.read('list/33'), '{"33":1}');
  t.equal(await share.put(list('33', 10), null), true);
  t.equal(await share.put(list('33', 9), null), false, 'versions are numbers');
});

t.test(
  'what others wrote under our names reads as nothing, and gives way',
  { skip: withoutRedis },
  async (t) => {
    const server = await startRedis(t);
    const { share, news } = await on(t, server);
    for (const [place, text] of [
      ['list/33', 'x'],
      ['list/44', `0 ${'h'.repeat(43)}`],
      ['list/55', `1 ${'h'.repeat(42)}`],
      ['list/UP', `1 ${'h'.repeat(43)}`],
      ['root/0', `1 ${'h'.repeat(43)}`],
      ['other', `1 ${'h'.repeat(43)}`],
    ] as const)
      await server.cli('HSET', KEYS.marks, place, text);
    t.same(await share.marks(), []);
    t.equal(await share.put(list('33', 1), null), true);
    t.strictSame(await share.marks(), [markOf(list('33', 1))]);

    await server.cli('SETRANGE', 'big', String(2 * 1_048_576 + 1), 'x');
    await server.cli(
      'EVAL',
      `redis.call('HSET', KEYS[2], 'list/33', redis.call('GET', KEYS[1]))`,
      '2',
      'big',
      KEYS.texts,
    );
    t.equal(await share.read('list/33'), undefined, 'too large to be a document');

    for (const key of Object.values(KEYS)) {
      await server.cli('DEL', key);
      await server.cli('SET', key, 'x');
    }
    t.same(await share.marks(), []);
    t.equal(await share.read('list/33'), undefined);
    await server.cli('DEL', `yima:1:trust:${'p'.repeat(16)}:news`);
    await server.cli('SET', `yima:1:trust:${'p'.repeat(16)}:news`, 'x');
    t.equal(await news.end(), '0-0');
    t.equal(await share.put(list('33', 1), null), true);
    t.strictSame(await share.marks(), [markOf(list('33', 1))]);
    t.strictSame((await news.read('0-0', 10)).marks, [markOf(list('33', 1))]);
  },
);
