// Beside one Redis: a replica that follows it, and a sentinel that promotes the replica when the master is gone.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from './free-port.js';
import {
  type Owner,
  type RedisOptions,
  type RedisServer,
  redisCli,
  start,
  startRedis,
  untilAnswers,
} from './redis-server.js';
import { until } from './until.js';

/** The name that the setting's default gives. */
const MASTER = 'mymaster';

/** Starts a replica and waits until it holds what its master holds. */
export async function startReplica(
  owner: Owner,
  master: RedisServer,
  options: RedisOptions = {},
): Promise<RedisServer> {
  const args = ['--replicaof', '127.0.0.1', String(master.port), '--repl-diskless-sync-delay', '0'];
  const replica = await startRedis(owner, { ...options, args: [...args, ...(options.args ?? [])] });
  await until('the replica follows', async () =>
    (await replica.cli('INFO', 'replication')).includes('master_link_status:up'),
  );
  return replica;
}

export interface Sentinel {
  /** As `YIMA_REDIS_SENTINELS` takes it. */
  readonly address: string;
  /** The port of whom it calls the master now. */
  readonly masterPort: () => Promise<number>;
}

/** Starts a sentinel that takes a master for gone after `downAfterMs` without an answer, and needs nobody's consent. */
export async function startSentinel(
  owner: Owner,
  master: RedisServer,
  { downAfterMs = 500 }: { readonly downAfterMs?: number } = {},
): Promise<Sentinel> {
  const port = await freePort();
  const file = join(master.dir, `sentinel-${port}.conf`);
  const lines = [
    `port ${port}`,
    'bind 127.0.0.1',
    `dir ${master.dir}`,
    `sentinel monitor ${MASTER} 127.0.0.1 ${master.port} 1`,
    `sentinel down-after-milliseconds ${MASTER} ${downAfterMs}`,
    `sentinel failover-timeout ${MASTER} 3000`,
  ];
  writeFileSync(file, `${lines.join('\n')}\n`);
  const running = start(master.dir, [file, '--sentinel']);
  owner.teardown(() => running.end('SIGKILL'));
  await untilAnswers(port, running);
  const ask = (...words: readonly string[]) => redisCli(port, words);
  const hasty = ['info-period', 'ping-period', 'ask-period', 'publish-period'].flatMap((each) => [
    each,
    '100',
  ]);
  await ask('SENTINEL', 'DEBUG', ...hasty);
  await until('the sentinel knows a replica', async () =>
    (await ask('SENTINEL', 'REPLICAS', MASTER)).includes('127.0.0.1'),
  );
  return {
    address: `127.0.0.1:${port}`,
    masterPort: async () => Number((await ask('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', MASTER)).split('\n')[1]),
  };
}
