// Verifications a second of a node that follows a feed, with Redis healthy, gone and hanging in turn; each ratio is of one time.

import type { RedisServer } from '../../test/support/redis-server.js';
import { startRedis } from '../../test/support/redis-server.js';
import { withCleanUp } from '../support/clean-up.js';
import { type FeedNode, startFeedNodes } from '../support/feed-nodes.js';
import { startLoad } from '../support/load.js';
import { median, spreadOf } from '../support/pairs.js';
import { verifyText } from '../support/raw-http.js';
import type { Report } from '../support/report.js';
import { ratiosOf } from '../support/rounds.js';

const ROUNDS = 5;
const WARM_UP_MS = 3_000;
const SLICE_MS = 1_500;
const CODES = 640;
const CONNECTIONS = 32;

export async function reportOutage(report: Report): Promise<void> {
  await withCleanUp(async (owner) => {
    const redis = await startRedis(owner);
    const { verifiers, issued } = await startFeedNodes(owner, {
      redisUrl: redis.url,
      verifiers: 1,
      codes: CODES,
    });
    const [verifier] = verifiers as [FeedNode];
    const codes = issued.map(({ code }) => code);
    await rateOf(verifier, codes, WARM_UP_MS);
    const rates = { healthy: [] as number[], down: [] as number[], hung: [] as number[] };
    for (let round = 0; round < ROUNDS; round += 1) {
      rates.healthy.push(await rateOf(verifier, codes, SLICE_MS));
      rates.hung.push(await whileHung(redis, () => rateOf(verifier, codes, SLICE_MS)));
      rates.down.push(await whileDown(redis, () => rateOf(verifier, codes, SLICE_MS)));
    }
    report('healthy_per_s', median(rates.healthy), 'verifications per second, generator on the same cores');
    for (const state of ['down', 'hung'] as const) {
      const ratios = ratiosOf(rates[state], rates.healthy);
      report(`${state}_rate_ratio`, median(ratios), 'of the healthy rate', spreadOf(ratios));
    }
  });
}

async function whileDown<T>(redis: RedisServer, work: () => Promise<T>): Promise<T> {
  await redis.kill();
  try {
    return await work();
  } finally {
    await redis.restart({ empty: true });
  }
}

async function whileHung<T>(redis: RedisServer, work: () => Promise<T>): Promise<T> {
  redis.pause();
  try {
    return await work();
  } finally {
    redis.resume();
  }
}

/** The codes are licences, whose status may be a day old: each is admitted throughout. */
async function rateOf({ port, apiKey }: FeedNode, codes: readonly string[], ms: number): Promise<number> {
  const requests = codes.map((code) => Buffer.from(verifyText(code, apiKey)));
  const load = { port, requests, connections: CONNECTIONS, ms, expect: '"decision":"admit"', answers: 1 };
  const { requests: answered, seconds } = await startLoad(load);
  return answered / seconds;
}
