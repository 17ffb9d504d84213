// Other authorities' lists in a real Redis: the contract, and what somebody wrote there who should not.

import t, { type Test } from 'tap';
import { randomBytes, sha256 } from '../../../src/adapters/crypto-node.js';
import { openConnection } from '../../../src/adapters/redis/connection.js';
import { createRedisPartnerStore } from '../../../src/adapters/redis/partner-store.js';
import { MAX_TOKEN_BYTES } from '../../../src/core/status/list-token.js';
import type { PartnerStore } from '../../../src/core/status/partner-store.js';
import { createTwinCluster } from '../../server/support/twin-partner-store.js';
import { type RedisServer, startRedis, withoutRedis } from '../../support/redis-server.js';
import { until } from '../../support/until.js';
import { partnerContract } from './partner-contract.js';

const URI = 'https://a.example/status-lists/1';
const LIST = { uri: URI, form: 'jwt', etag: null, issuedAt: 1_800_000_000, body: Uint8Array.of(1) } as const;

async function join(t: Test, server: RedisServer, lockMs = 30_000): Promise<PartnerStore> {
  const place = { url: server.url, sentinels: [], sentinelMaster: 'mymaster' };
  const connection = openConnection(place, 'test', { connectMs: 2_000, commandMs: 2_000 });
  t.teardown(connection.close);
  await until('Redis is reached', () => connection.isUp());
  return createRedisPartnerStore(connection, { sha256, random: randomBytes, lockMs });
}

t.test('the twin in memory keeps the contract', (t) => partnerContract(t, createTwinCluster().join));

t.test('Redis keeps the contract', { skip: withoutRedis }, async (t) => {
  const server = await startRedis(t);
  const nodes = [await join(t, server), await join(t, server)];
  await partnerContract(t, () => nodes.shift() as PartnerStore);
});

t.test('a lock that nobody renews runs out', { skip: withoutRedis }, async (t) => {
  const server = await startRedis(t);
  const [first, second] = [await join(t, server, 200), await join(t, server)];
  t.equal(await first.lead(), true);
  await until('another may lead', () => second.lead());
  t.equal(await first.lead(), false);
  t.equal(await first.put(LIST), false, 'who was held up so long puts nothing any more');
});

t.test('an emptied Redis has a new life, and is read from its start', { skip: withoutRedis }, async (t) => {
  const server = await startRedis(t);
  const [first, second] = [await join(t, server), await join(t, server)];
  await first.lead();
  for (let n = 0; n < 9; n++) await first.put({ ...LIST, uri: `${URI}${n}` });
  t.equal((await second.news(false)).lists.length, 9);
  await server.cli('FLUSHALL');
  await first.lead();
  await first.put(LIST);
  t.same(await second.news(false), { isAnew: true, lists: [{ uri: URI, issuedAt: LIST.issuedAt }] });
});

t.test('many lists are told a thousand at a time', { skip: withoutRedis }, async (t) => {
  const node = await join(t, await startRedis(t));
  await node.lead();
  for (let n = 0; n < 1_030; n++) await node.put({ ...LIST, uri: `${URI}/${n}` });
  t.same(
    [
      (await node.news(false)).lists.length,
      (await node.news(false)).lists.length,
      (await node.news(false)).lists,
    ],
    [1_024, 6, []],
  );
});

t.test(
  'what is not of our form reads as nothing, and what is too long is not read',
  { skip: withoutRedis },
  async (t) => {
    const server = await startRedis(t);
    const node = await join(t, server);
    await node.lead();
    await node.put(LIST);
    const key = (await server.cli('KEYS', 'yima:1:partner:*')).trim();
    const reads = async (...fields: readonly string[]) => {
      await server.cli('HSET', key, ...fields);
      const read = await node.get(URI);
      await node.put(LIST);
      return read;
    };
    t.same(await reads('uri', 'https://b.example/1'), undefined, 'another list');
    t.same(await reads('form', 'exe'), undefined);
    t.same(await reads('iat', '1e99'), undefined);
    t.match(await reads('etag', '"a"\r\nx: y'), { etag: null }, 'no header is smuggled');
    await server.cli(
      'EVAL',
      `redis.call('HSET', KEYS[1], 'body', string.rep('x', ${MAX_TOKEN_BYTES + 1}))`,
      '1',
      key,
    );
    t.same(await node.get(URI), undefined, 'too long');
    await server.cli('DEL', key);
    t.same(await node.get(URI), undefined, 'gone');
    await server.cli('ZADD', 'yima:1:partners:index', '999', 'x'.repeat(10_000));
    await server.cli('HSET', 'yima:1:partners:times', URI, 'never');
    t.same((await node.news(true)).lists, [
      { uri: URI, issuedAt: 0 },
      { uri: '', issuedAt: 0 },
    ]);
    await server.cli('SADD', 'yima:1:partners:wanted', 'x'.repeat(10_000), URI);
    t.same(await node.asked(), [URI]);
    await server.cli('SET', key, 'a text');
    await t.rejects(node.get(URI));
  },
);
