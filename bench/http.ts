// Server CPU of `POST /v1/verify` against (Fastify answering constant bytes + one raw node:crypto.verify). Server and
// generator share one core, since waking an idle one is charged to the socket write.

import { overload } from './overload.js';
import { loadSlice } from './support/load-slice.js';
import { median, spreadOf } from './support/pairs.js';
import { createRawTimer } from './support/raw-timer.js';
import type { Bench } from './support/report.js';
import { pinToCore, startServer } from './support/server-process.js';

const PAIRS = 7;
/** The compiler works on the server's core too, for some 20,000 requests. */
const WARM_UP_SLICES = 6;

export const http: Bench = async (report) => {
  const pinned = pinToCore(process.pid);
  const ours = await startServer('verify', pinned);
  const remembering = await startServer('known', pinned);
  const floor = await startServer('fixed', pinned);
  const bare = await startServer('bare', pinned);
  const rawUs = createRawTimer();
  try {
    for (let i = 0; i < WARM_UP_SLICES; i += 1) {
      await loadSlice(ours);
      await loadSlice(remembering);
    }
    for (const server of [floor, bare]) await loadSlice(server);
    const pairs: { ours: number; known: number; floor: number; bare: number; rate: number }[] = [];
    for (let i = 0; i < PAIRS; i += 1) {
      const judged = await loadSlice(ours);
      const known = await loadSlice(remembering);
      const fixed = await loadSlice(floor);
      const least = await loadSlice(bare);
      pairs.push({
        ours: judged.cpuUs,
        known: known.cpuUs,
        floor: fixed.cpuUs + rawUs(),
        bare: least.cpuUs,
        rate: judged.rate,
      });
    }
    const ratios = pairs.map((pair) => pair.ours / pair.floor);
    report('cold_ratio', median(ratios), 'ratio', spreadOf(ratios));
    const knownRatios = pairs.map((pair) => pair.known / pair.floor);
    report('known_ratio', median(knownRatios), 'ratio', spreadOf(knownRatios));
    const bareRatios = pairs.map((pair) => pair.bare / pair.floor);
    report('bare_ratio', median(bareRatios), 'ratio', spreadOf(bareRatios));
    report('cold_us', median(pairs.map((pair) => pair.ours)), 'us');
    report('known_us', median(pairs.map((pair) => pair.known)), 'us');
    report('floor_us', median(pairs.map((pair) => pair.floor)), 'us');
    report(
      'cold_per_s',
      median(pairs.map((pair) => pair.rate)),
      'requests per second, generator on the same core',
    );
    if (!pinned) report('unpinned', 1, 'no taskset here: server and generator ran on different cores');
  } finally {
    await Promise.all([ours, remembering, floor, bare].map((server) => server.stop()));
  }
  await overload(report);
};
