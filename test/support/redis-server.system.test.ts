// The servers and the bad network that the fault tests stand on do what they say.

import { Redis } from 'ioredis';
import t, { type Test } from 'tap';
import { startReplica, startSentinel } from './redis-sentinel.js';
import { startRedis, withoutRedis } from './redis-server.js';
import { startTcpProxy } from './tcp-proxy.js';
import { until } from './until.js';

function client(t: Test, port: number, commandTimeout = 300): Redis {
  const redis = new Redis({
    port,
    host: '127.0.0.1',
    maxRetriesPerRequest: 0,
    commandTimeout,
    retryStrategy: () => null,
  });
  redis.on('error', () => undefined);
  t.teardown(() => redis.disconnect());
  return redis;
}

t.test(
  'a server holds what it is given until it is emptied, and an old state comes back',
  { skip: withoutRedis },
  async (t) => {
    const redis = await startRedis(t);
    await redis.cli('SET', 'a', 'old');
    const snapshot = await redis.snapshot();
    await redis.cli('SET', 'a', 'new');
    await redis.restart({ empty: true });
    t.equal(await redis.cli('GET', 'a'), '');
    await redis.restart({ snapshot });
    t.equal(await redis.cli('GET', 'a'), 'old');
    await redis.stop();
    await t.rejects(redis.cli('PING'), /redis-cli PING/);
  },
);

t.test(
  'a paused server keeps its connections and answers nothing until it goes on',
  { skip: withoutRedis },
  async (t) => {
    const redis = await startRedis(t);
    const asks = client(t, redis.port);
    t.equal(await asks.ping(), 'PONG');
    redis.pause();
    await t.rejects(asks.ping(), /timed out/);
    redis.resume();
    await until('it answers', () =>
      asks.ping().then(
        () => true,
        () => false,
      ),
    );
    redis.pause(); // and is ended all the same
  },
);

t.test(
  'a sentinel makes the replica the master when the master is gone',
  { skip: withoutRedis },
  async (t) => {
    const master = await startRedis(t);
    await master.cli('SET', 'a', '1');
    const replica = await startReplica(t, master);
    t.equal(await replica.cli('GET', 'a'), '1');
    const sentinel = await startSentinel(t, master);
    t.equal(await sentinel.masterPort(), master.port);
    await master.kill();
    await until('it was promoted', async () => (await sentinel.masterPort()) === replica.port);
    await until('it takes writes', () =>
      replica.cli('SET', 'a', '2').then(
        () => true,
        () => false,
      ),
    );
  },
);

t.test(
  'a bad network refuses, falls silent, delays, trickles, cuts, and heals',
  { skip: withoutRedis },
  async (t) => {
    const redis = await startRedis(t);
    await redis.cli('SET', 'much', 'x'.repeat(100_000));
    const proxy = await startTcpProxy(t, redis.port);
    const timed = async (ask: () => Promise<unknown>): Promise<number> => {
      const begin = performance.now();
      await ask();
      return performance.now() - begin;
    };
    const asks = client(t, proxy.port, 30_000);
    t.equal((await asks.get('much'))?.length, 100_000);
    proxy.set({ delayMs: 100 });
    t.ok((await timed(() => asks.ping())) >= 190, 'both ways');
    proxy.set({ bytesPerSecond: 500_000 });
    t.ok((await timed(() => asks.get('much'))) >= 150, 'a fifth of a second');
    proxy.set({ cutAfterBytes: 1_000 });
    await t.rejects(asks.get('much'));
    t.equal(proxy.cuts(), 1);
    proxy.set({ silent: true });
    const silent = client(t, proxy.port);
    await t.rejects(silent.ping());
    proxy.heal();
    await until('silence ends', () =>
      client(t, proxy.port)
        .ping()
        .then(
          () => true,
          () => false,
        ),
    );
    proxy.set({ refuse: true });
    await t.rejects(client(t, proxy.port).ping());
  },
);
