// A surge of ten times the peak on a node that is pinned to node:crypto, and one caller who asks ten times what it may beside twenty who do
// not. The server has one core, the generator the other.

import { setTimeout as wait } from 'node:timers/promises';
import { loadSlice } from './support/load-slice.js';
import { startNodeServer } from './support/node-server.js';
import { openCrowd } from './support/open-loop.js';
import type { Bench, Report } from './support/report.js';
import {
  type BenchServer,
  CALLERS,
  METERED_PER_MINUTE,
  pinToCore,
  startServer,
} from './support/server-process.js';

const CROWD = 3_000;
const SURGE = { times: 10, ms: 4_000 };
const RECOVERY_MS = 2_000;
const PROBE_MS = 100;
const FLOOD_TIMES = 10;
const FAIR_MS = 4_000;
const PATIENCE = { sendWithinMs: 100, answerWithinMs: 1_000 };
/** Of their budget, that the other callers ask. */
const MODEST = 0.9;

export const overload: Bench = async (report) => {
  const pinned = pinToCore(process.pid, 1);
  await reportSurge(report);
  await reportFairness(report, pinned);
  if (!pinned) report('unpinned', 1, 'no taskset here: server and generator shared the cores');
};

async function reportSurge(report: Report): Promise<void> {
  const server = await startNodeServer({ YIMA_VERIFIER: 'node', YIMA_KNOWN_CODES: '0' });
  pinToCore(server.pid);
  try {
    for (let i = 0; i < 2; i += 1) await loadSlice(server);
    const { rate } = await loadSlice(server);
    const crowd = await openCrowd(server.port, server.requests[0] as Buffer, CROWD);
    const probe = probeAdmin(server.adminUrl);
    const found = await crowd.run({
      requests: server.requests,
      perSecond: SURGE.times * rate,
      ms: SURGE.ms,
      ...PATIENCE,
    });
    const slowest = await probe.end();
    crowd.leave();
    await wait(RECOVERY_MS);
    const after = await loadSlice(server);
    report('surge_admin_ms', slowest, 'ms, the slowest answer of the admin port during the surge');
    report('surge_goodput', found.good / found.seconds / rate, 'share of the peak, judged within 1 s');
    report('surge_recovery', after.rate / rate, 'rate 2 s after the surge / before it');
  } finally {
    await server.stop();
  }
}

/** Asks ten times a second whether the node is well. */
function probeAdmin(adminUrl: string): { readonly end: () => Promise<number> } {
  let slowest = 0;
  const ask = async (): Promise<void> => {
    const begin = performance.now();
    const response = await fetch(`${adminUrl}/health/live`);
    await response.arrayBuffer();
    if (!response.ok) throw new Error(`the admin port said ${response.status}`);
    slowest = Math.max(slowest, performance.now() - begin);
  };
  const asked: Promise<void>[] = [];
  const asking = setInterval(() => asked.push(ask()), PROBE_MS);
  return {
    end: async () => {
      clearInterval(asking);
      await Promise.all(asked);
      return slowest;
    },
  };
}

/** What the twenty get while the one floods, to what they get without it. */
async function reportFairness(report: Report, pinned: boolean): Promise<void> {
  const server = await startServer('metered', pinned);
  const budget = METERED_PER_MINUTE / 60;
  const of = (floods: boolean) => server.requests.filter((_, i) => (i % CALLERS === 0) === floods);
  const [flooder, others] = [
    { ...server, requests: of(true) },
    { ...server, requests: of(false) },
  ];
  const modest = (): Promise<number> => goodRate(others, MODEST * budget * (CALLERS - 1));
  try {
    do await loadSlice(flooder);
    while (!(await isSpent(flooder, FLOOD_TIMES * budget))); // what it had saved is gone, and the server is warm
    await modest();
    const alone = await modest();
    const [beside] = await Promise.all([modest(), goodRate(flooder, FLOOD_TIMES * budget)]);
    report('fair_share', beside / alone, 'verdicts of the others with one flooding / without');
    report('fair_per_s', beside, 'verdicts a second of the others, with one flooding');
  } finally {
    await server.stop();
  }
}

async function goodRate({ port, requests }: BenchServer, perSecond: number): Promise<number> {
  const crowd = await openCrowd(port, requests[0] as Buffer, CROWD / 10);
  const { good, seconds } = await crowd.run({ requests, perSecond, ms: FAIR_MS, ...PATIENCE });
  crowd.leave();
  return good / seconds;
}

/** Whether the first caller is refused at a rate that it could not keep up for a minute. */
async function isSpent({ port, requests }: BenchServer, perSecond: number): Promise<boolean> {
  const crowd = await openCrowd(port, requests[0] as Buffer, 1);
  const { shed } = await crowd.run({ requests, perSecond, ms: 200, ...PATIENCE });
  crowd.leave();
  return shed > 0;
}
