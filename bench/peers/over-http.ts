// Server CPU a request: ours, guard and whole ladder, against a peer behind nothing but a body and a response schema.

import { loadSlice } from '../support/load-slice.js';
import { median, spreadOf } from '../support/pairs.js';
import type { Report } from '../support/report.js';
import { ratiosOf } from '../support/rounds.js';
import { type BenchServer, forkServer, pinToCore, startServer } from '../support/server-process.js';

const ROUNDS = 5;
const WARM_UP_SLICES = 4;

/** @param peers names of contenders, each with the metric it is reported as */
export async function reportOverHttp(report: Report, peers: ReadonlyMap<string, string>): Promise<void> {
  const pinned = pinToCore(process.pid);
  const names = ['ours', ...peers.keys()];
  const servers = new Map<string, BenchServer>();
  const costs = new Map<string, number[]>(names.map((name) => [name, []]));
  try {
    servers.set('ours', await startServer('verify', pinned));
    for (const name of peers.keys()) {
      servers.set(name, await forkServer(new URL('./server.js', import.meta.url), name, pinned));
    }
    for (let round = -WARM_UP_SLICES; round < ROUNDS; round += 1) {
      for (const [name, server] of servers) {
        const { cpuUs } = await loadSlice(server);
        if (round >= 0) costs.get(name)?.push(cpuUs);
      }
    }
  } finally {
    await Promise.all([...servers.values()].map((server) => server.stop()));
  }
  const ours = costs.get('ours') ?? [];
  report('ours_http_us', median(ours), 'us of server CPU a request');
  for (const [name, metric] of peers) {
    const theirs = costs.get(name) ?? [];
    const ratios = ratiosOf(theirs, ours);
    report(`vs_${metric}_http`, median(ratios), 'ratio', spreadOf(ratios));
    report(`${metric}_http_us`, median(theirs), 'us of server CPU a request');
  }
}
