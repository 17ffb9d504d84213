import t, { type Test } from 'tap';
import { sha256 } from '../../../src/adapters/crypto-node.js';
import { openConnection, type RedisConnection } from '../../../src/adapters/redis/connection.js';
import { createFeedStore } from '../../../src/adapters/redis/feed-store.js';
import { createFeedStream } from '../../../src/adapters/redis/feed-stream.js';
import { createFeedTwin } from '../../support/feed-twin.js';
import { epochOf } from '../../support/feed-world.js';
import { startReplica, startSentinel } from '../../support/redis-sentinel.js';
import { type RedisServer, startRedis, withoutRedis } from '../../support/redis-server.js';
import { until } from '../../support/until.js';
import { feedContract } from './feed-contract.js';

const BASE = 'https://a.example/status-lists/';
const hash = (fill: number) => new Uint8Array(32).fill(fill);
const NO_SENTINEL = { sentinels: [], sentinelMaster: 'mymaster' };

async function connect(
  t: Test,
  place: Parameters<typeof openConnection>[0],
  commandMs: number | null = 2_000,
): Promise<RedisConnection> {
  const connection = openConnection(place, 'test', { connectMs: 2_000, commandMs });
  t.teardown(connection.close);
  await until('Redis is reached', async () => connection.isUp());
  return connection;
}

async function storeOn(t: Test, server: RedisServer) {
  const store = createFeedStore(await connect(t, { url: server.url, ...NO_SENTINEL }), sha256);
  const stream = createFeedStream(await connect(t, { url: server.url, ...NO_SENTINEL }, null), sha256);
  return { ...store, ...stream };
}

t.test('the twin in memory keeps the contract', (t) => feedContract(t, createFeedTwin()));

t.test('Redis keeps the contract', { skip: withoutRedis }, async (t) => {
  await feedContract(t, await storeOn(t, await startRedis(t)));
});

t.test(
  'what others wrote under our names reads as nothing, and a new epoch takes its place',
  { skip: withoutRedis },
  async (t) => {
    const server = await startRedis(t);
    const store = await storeOn(t, server);
    const first = { state: { epoch: epochOf(1), n: 1, hash: hash(1) }, entry: Uint8Array.of(1), lists: [] };
    await store.beginEpoch(BASE, first);
    const names = (await server.cli('KEYS', 'yima:1:*')).split('\n');
    const [feed, state] = ['feed', 'state'].map((end) => names.find((name) => name.endsWith(end)) ?? '');
    const lists = (feed ?? '').replace(/feed$/, 'lists');
    for (const text of ['', 'x', 'AA 1 BB', `${'A'.repeat(22)} 0 ${'A'.repeat(43)}`]) {
      await server.cli('SET', state ?? '', text);
      t.equal((await store.readHead(BASE)).state, null, text);
    }
    for (const [number, text] of [
      ['1', 'x'],
      ['01', `2 8 ${'A'.repeat(43)}`],
      ['1', `3 8 ${'A'.repeat(43)}`],
      ['1', `2 8 ${'A'.repeat(42)}`],
    ] as const) {
      await server.cli('DEL', lists);
      await server.cli('HSET', lists, number, text);
      t.equal((await store.readHead(BASE)).lists, null, text);
    }
    for (const name of [feed, state, lists]) {
      await server.cli('DEL', name ?? '');
      await server.cli('LPUSH', name ?? '', 'x');
    }
    t.strictSame(await store.readHead(BASE), { state: null, last: null, lists: null });
    await t.rejects(
      store.publish(BASE, { ...first, expected: first.state, ranges: [] }),
      /WRONGTYPE/,
      'nothing is published on top of it',
    );
    await store.beginEpoch(BASE, first);
    t.match(await store.readHead(BASE), { state: { n: 1 }, last: { entry: Uint8Array.of(1) }, lists: [] });
    await server.cli('XADD', feed ?? '', '18446744073709551615-18446744073709551615', 'e', 'x');
    await store.beginEpoch(BASE, first);
    t.strictSame(
      (await store.readHead(BASE)).last?.entry,
      Uint8Array.of(1),
      'a stream that is full is begun anew',
    );
  },
);

t.test(
  'without Redis a command fails at once, and with a hung one within its deadline',
  { skip: withoutRedis },
  async (t) => {
    const server = await startRedis(t);
    const connection = await connect(t, { url: server.url, ...NO_SENTINEL }, 200);
    const store = createFeedStore(connection, sha256);
    server.pause();
    await t.rejects(store.readHead(BASE));
    server.resume();
    await until('it is back', () =>
      store.readHead(BASE).then(
        () => true,
        () => false,
      ),
    );
    await server.kill();
    await until('the loss shows', async () => !connection.isUp());
    await t.rejects(store.readHead(BASE));
    await server.restart({ empty: true });
    await until('it is back', () =>
      store.readHead(BASE).then(
        () => true,
        () => false,
      ),
    );
  },
);

t.test('after a failover Sentinel leads to the new master', { skip: withoutRedis }, async (t) => {
  const master = await startRedis(t);
  const replica = await startReplica(t, master);
  const sentinel = await startSentinel(t, master);
  const [host = '', port] = sentinel.address.split(':');
  const place = {
    url: 'redis://unused.invalid',
    sentinels: [{ host, port: Number(port) }],
    sentinelMaster: 'mymaster',
  };
  const store = createFeedStore(await connect(t, place), sha256);
  const write = (fill: number) => store.writeList(BASE, epochOf(1), 1, new Uint8Array(16).fill(fill));
  await write(1);
  await master.kill();
  await until('the replica is written to', () =>
    write(2).then(
      () => true,
      () => false,
    ),
  );
  t.equal(await sentinel.masterPort(), replica.port);
  t.strictSame(await store.readList(BASE, epochOf(1), 1, 16), new Uint8Array(16).fill(2));
});
