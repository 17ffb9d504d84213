// Server CPU of `POST /v1/verify` against (Fastify answering constant bytes + one raw node:crypto.verify). Server and
// generator share one core, since waking an idle one is charged to the socket write.

import { reportOverload } from './goodput.js';
import { loadSlice } from './support/load-slice.js';
import { startNodeServer } from './support/node-server.js';
import { median, spreadOf } from './support/pairs.js';
import { createRawTimer } from './support/raw-timer.js';
import type { Bench, Report } from './support/report.js';
import { ratiosOf } from './support/rounds.js';
import { type BenchServer, pinToCore, startServer } from './support/server-process.js';

const PAIRS = 5;
/** The compiler works on the server's core too, for some 20,000 requests. */
const WARM_UP_SLICES = 3;

export const http: Bench = async (report) => {
  const pinned = pinToCore(process.pid);
  const ours = await startServer('verify', pinned);
  const remembering = await startServer('known', pinned);
  const floor = await startServer('fixed', pinned);
  const rawUs = createRawTimer();
  try {
    for (let i = 0; i < WARM_UP_SLICES; i += 1) {
      await loadSlice(ours);
      await loadSlice(remembering);
    }
    await loadSlice(floor);
    const pairs: { ours: number; known: number; floor: number; rate: number }[] = [];
    for (let i = 0; i < PAIRS; i += 1) {
      const judged = await loadSlice(ours);
      const known = await loadSlice(remembering);
      const fixed = await loadSlice(floor);
      pairs.push({
        ours: judged.cpuUs,
        known: known.cpuUs,
        floor: fixed.cpuUs + rawUs(),
        rate: judged.rate,
      });
    }
    const ratios = pairs.map((pair) => pair.ours / pair.floor);
    report('cold_ratio', median(ratios), 'ratio', spreadOf(ratios));
    const knownRatios = pairs.map((pair) => pair.known / pair.floor);
    report('known_ratio', median(knownRatios), 'ratio', spreadOf(knownRatios));
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
    await Promise.all([ours, remembering, floor].map((server) => server.stop()));
  }
  await reportOverload(report);
  await reportTableSpeedup(report);
};

const TWO_COLD_WORKERS = { WORKERS: '2', YIMA_KNOWN_CODES: '0' };

/** Requests a second of two workers that check every signature, with tables and pinned to node:crypto; the generator beside them. */
async function reportTableSpeedup(report: Report): Promise<void> {
  const table = await startNodeServer(TWO_COLD_WORKERS);
  const node = await startNodeServer({ ...TWO_COLD_WORKERS, YIMA_VERIFIER: 'node' });
  const rates = { table: [] as number[], node: [] as number[] };
  const round = async (server: BenchServer, found: number[]): Promise<void> => {
    found.push((await loadSlice(server)).rate);
  };
  try {
    for (const server of [table, node]) await loadSlice(server);
    for (let i = 0; i < PAIRS; i += 1) {
      await round(table, rates.table);
      await round(node, rates.node);
    }
    const ratios = ratiosOf(rates.table, rates.node);
    report('table_speedup', median(ratios), 'ratio', spreadOf(ratios));
    report(
      'table_per_s',
      median(rates.table),
      'requests per second, two workers, generator on the same cores',
    );
    report('node_per_s', median(rates.node), 'requests per second');
  } finally {
    await Promise.all([table.stop(), node.stop()]);
  }
}
