// From the request for a change at the issuer to the first refusal in another process, through Redis on loopback; idle otherwise, and
// with three verifiers that are given all the verifications they can take. At 1,000 changes a second every fifth is watched: who watches
// shares the cores with those who are measured.

import { startRedis } from '../test/support/redis-server.js';
import { changeAll } from './support/change-all.js';
import { withCleanUp } from './support/clean-up.js';
import { type FeedNode, type FeedNodes, startFeedNodes } from './support/feed-nodes.js';
import { startLoad } from './support/load.js';
import { percentile } from './support/percentile.js';
import { verifyText } from './support/raw-http.js';
import type { Bench, Report } from './support/report.js';
import { watchRefusals } from './support/watch-refusals.js';

const PER_SECOND = 1_000;
const WARM_UP = 2_000;
const CHANGES = 5_000;
/** Of so many changes one is watched, always the first of them. */
const WATCH_EVERY = 5;
const LOADED_PER_SECOND = 100;
const LOADED_CHANGES = 1_000;
/** Codes that nobody changes. */
const SOUND = 500;
const CONNECTIONS = 16;

export const propagation: Bench = (report) =>
  withCleanUp(async (owner) => {
    const { url } = await startRedis(owner);
    await reportIdle(
      report,
      await startFeedNodes(owner, { redisUrl: url, verifiers: 1, codes: WARM_UP + CHANGES }),
    );
  }).then(() =>
    withCleanUp(async (owner) => {
      const { url } = await startRedis(owner);
      const codes = LOADED_CHANGES + SOUND;
      await reportLoaded(report, await startFeedNodes(owner, { redisUrl: url, verifiers: 3, codes }));
    }),
  );

async function reportIdle(report: Report, { issuer, verifiers, issued }: FeedNodes): Promise<void> {
  await delays(issuer, verifiers, issued.slice(0, WARM_UP), PER_SECOND, WATCH_EVERY);
  const nodes = [issuer, ...verifiers];
  const before = await cpuOf(nodes);
  const measured = issued.slice(WARM_UP);
  const { refused, acknowledged } = await delays(issuer, verifiers, measured, PER_SECOND, WATCH_EVERY);
  const [issuing = Number.NaN, verifying = Number.NaN] = (await cpuOf(nodes)).map(
    (us, i) => (us - (before[i] ?? Number.NaN)) / CHANGES,
  );
  report(
    'p50_ms',
    percentile(refused, 0.5),
    `ms from request to refusal, ${PER_SECOND} changes a second, one in ${WATCH_EVERY} watched`,
  );
  report('p99_ms', percentile(refused, 0.99), 'ms');
  report('max_ms', percentile(refused, 1), 'ms');
  report('ack_p50_ms', percentile(acknowledged, 0.5), 'ms until the issuer has it published and answers');
  report('ack_p99_ms', percentile(acknowledged, 0.99), 'ms');
  report('issuer_us', issuing, 'us of CPU a change at the issuer, request, commit and publication');
  report('verifier_us', verifying, 'us of CPU a change at the verifier, with the watching of some');
}

async function reportLoaded(report: Report, { issuer, verifiers, issued }: FeedNodes): Promise<void> {
  const changed = issued.slice(0, LOADED_CHANGES);
  const sound = issued.slice(LOADED_CHANGES);
  const ms = (LOADED_CHANGES / LOADED_PER_SECOND) * 1000 + 1_000;
  const loads = verifiers.map(({ port, apiKey }) =>
    startLoad({
      port,
      requests: sound.map(({ code }) => Buffer.from(verifyText(code, apiKey))),
      connections: CONNECTIONS,
      ms,
      expect: '"decision":"admit"',
      answers: 1,
    }),
  );
  const { refused } = await delays(issuer, verifiers, changed, LOADED_PER_SECOND, 1);
  const rates = (await Promise.all(loads)).map(({ requests, seconds }) => requests / seconds);
  report(
    'loaded_p50_ms',
    percentile(refused, 0.5),
    `ms, three verifiers under load, ${LOADED_PER_SECOND} changes a second`,
  );
  report('loaded_p99_ms', percentile(refused, 0.99), 'ms');
  report('loaded_max_ms', percentile(refused, 1), 'ms');
  const rate = rates.reduce((sum, each) => sum + each, 0);
  report('loaded_per_s', rate, 'verifications per second meanwhile, all three, generator on the same cores');
}

/** @returns ms from a change's request to its refusal at each verifier, for one in `every`; and to its acknowledgement, for all */
async function delays(
  issuer: FeedNode,
  verifiers: readonly FeedNode[],
  issued: FeedNodes['issued'],
  perSecond: number,
  every: number,
): Promise<{ readonly refused: readonly number[]; readonly acknowledged: readonly number[] }> {
  const codes = issued.filter((_, i) => i % every === 0).map(({ code }) => code);
  const ids = issued.map(({ id }) => id);
  const watching = verifiers.map((verifier) => watchRefusals(verifier, codes));
  const times = await changeAll(issuer, ids, perSecond);
  const seen = await Promise.all(watching);
  return {
    refused: seen.flatMap((each) => each.map((at, i) => at - (times[i * every]?.[0] ?? Number.NaN))),
    acknowledged: times.map(([asked, acknowledged]) => acknowledged - asked),
  };
}

async function cpuOf(nodes: readonly FeedNode[]): Promise<readonly number[]> {
  return Promise.all(nodes.map(async (node) => (await node.ask({ type: 'cpu' }, 'cpu')).us));
}
