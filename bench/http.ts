// Server CPU of `POST /v1/verify` against (Fastify answering constant bytes + one raw node:crypto.verify). Server and
// generator share one core, since waking an idle one is charged to the socket write.

import { overload } from './overload.js';
import { startLoad } from './support/load.js';
import { median, spreadOf } from './support/pairs.js';
import type { Bench } from './support/report.js';
import { type BenchServer, pinToCore, startServer } from './support/server-process.js';
import { createRawVerify } from './verify.js';

const PAIRS = 7;
/** The compiler works on the server's core too, for some 20,000 requests. */
const WARM_UP_SLICES = 6;
const SLICE_MS = 2_000;
const CONNECTIONS = 32;
const KEYS = 32;

export const http: Bench = async (report) => {
  const pinned = pinToCore(process.pid);
  const ours = await startServer('verify', pinned);
  const floor = await startServer('fixed', pinned);
  const bare = await startServer('bare', pinned);
  const rawUs = createRawTimer();
  try {
    for (let i = 0; i < WARM_UP_SLICES; i += 1) await slice(ours);
    for (const server of [floor, bare]) await slice(server);
    const pairs: { ours: number; floor: number; bare: number; rate: number }[] = [];
    for (let i = 0; i < PAIRS; i += 1) {
      const judged = await slice(ours);
      const fixed = await slice(floor);
      const least = await slice(bare);
      pairs.push({
        ours: judged.cpuUs,
        floor: fixed.cpuUs + rawUs(),
        bare: least.cpuUs,
        rate: judged.rate,
      });
    }
    const ratios = pairs.map((pair) => pair.ours / pair.floor);
    report('cold_ratio', median(ratios), 'ratio', spreadOf(ratios));
    const bareRatios = pairs.map((pair) => pair.bare / pair.floor);
    report('bare_ratio', median(bareRatios), 'ratio', spreadOf(bareRatios));
    report('cold_us', median(pairs.map((pair) => pair.ours)), 'us');
    report('floor_us', median(pairs.map((pair) => pair.floor)), 'us');
    report(
      'cold_per_s',
      median(pairs.map((pair) => pair.rate)),
      'requests per second, generator on the same core',
    );
    if (!pinned) report('unpinned', 1, 'no taskset here: server and generator ran on different cores');
  } finally {
    await Promise.all([ours.stop(), floor.stop(), bare.stop()]);
  }
  await overload(report);
};

async function slice(server: BenchServer): Promise<{ cpuUs: number; rate: number }> {
  const before = await server.cpuUs();
  const { requests, seconds } = await startLoad({
    port: server.port,
    requests: server.requests,
    connections: CONNECTIONS,
    ms: SLICE_MS,
    expect: server.expect,
  });
  return { cpuUs: ((await server.cpuUs()) - before) / requests, rate: requests / seconds };
}

function createRawTimer(): () => number {
  const raw = createRawVerify(KEYS);
  return () => {
    const begin = process.cpuUsage();
    const calls = 3_000;
    for (let i = 0; i < calls; i += 1) raw();
    const used = process.cpuUsage(begin);
    return (used.user + used.system) / calls;
  };
}
