// More than the server can judge: what it still judges in time at twice its peak, and what turning a request away costs it. The
// server has one core, the generator the other.

import { startLoad } from './support/load.js';
import { openCrowd } from './support/open-loop.js';
import { median, spreadOf } from './support/pairs.js';
import type { Report } from './support/report.js';
import { type BenchServer, pinToCore, startServer } from './support/server-process.js';

const SLICE_MS = 1_500;
const ROUNDS = 3;
const PEAK_CONNECTIONS = 64;
/** More than are judged in the 100 ms that a request may wait. */
const CROWD = 3_000;
const SEND_WITHIN_MS = 100;
const ANSWER_WITHIN_MS = 1_000;

export async function reportOverload(report: Report): Promise<void> {
  await reportGoodput(report);
  await reportShed(report);
}

/** Turned away by the budget or by the queue, a request costs the same: it is read, told so, counted and not judged. */
async function reportShed(report: Report): Promise<void> {
  const server = await startServer('limited', pinToCore(process.pid, 1));
  try {
    const costs: number[] = [];
    for (let i = 0; i < ROUNDS; i += 1) costs.push((await peak(server)).cpuUs);
    report('shed_us', median(costs), 'us', spreadOf(costs));
  } finally {
    await server.stop();
  }
}

async function reportGoodput(report: Report): Promise<void> {
  const pinned = pinToCore(process.pid, 1);
  const server = await startServer('verify', pinned);
  try {
    for (let i = 0; i < 2; i += 1) await peak(server);
    const ratios: number[] = [];
    for (let i = 0; i < ROUNDS; i += 1) {
      const most = await peak(server);
      const crowd = await openCrowd(server.port, server.requests[0] as Buffer, CROWD);
      const { good, seconds } = await crowd.run({
        requests: server.requests,
        perSecond: 2 * most.rate,
        ms: SLICE_MS,
        sendWithinMs: SEND_WITHIN_MS,
        answerWithinMs: ANSWER_WITHIN_MS,
      });
      crowd.leave();
      ratios.push(good / seconds / most.rate);
    }
    report('goodput_2x', median(ratios), 'share of the peak, judged within 1 s', spreadOf(ratios));
  } finally {
    await server.stop();
  }
}

async function peak(server: BenchServer): Promise<{ rate: number; cpuUs: number }> {
  const before = await server.cpuUs();
  const { requests, seconds } = await startLoad({
    port: server.port,
    requests: server.requests,
    connections: PEAK_CONNECTIONS,
    ms: SLICE_MS,
    expect: server.expect,
    answers: server.answers,
  });
  return { rate: requests / seconds, cpuUs: ((await server.cpuUs()) - before) / requests };
}
