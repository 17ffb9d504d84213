// Server CPU a request: ours, guard and whole ladder, against a peer behind nothing but a body and a response schema.

import { loadSlice } from '../support/load-slice.js';
import { type BenchServer, forkServer, pinToCore, startServer } from '../support/server-process.js';
import { comparedWith, type PeerRow } from './rows.js';

const OURS = 'ours';
const ROUNDS = 5;
const WARM_UP_SLICES = 4;

/** @param peers by file name, with the name they are reported under */
export async function measureOverHttp(
  peers: readonly { readonly file: string; readonly metric: string }[],
): Promise<readonly PeerRow[]> {
  const pinned = pinToCore(process.pid);
  const servers = new Map<string, BenchServer>();
  try {
    servers.set(OURS, await startServer('verify', pinned));
    for (const { file, metric } of peers) {
      servers.set(metric, await forkServer(new URL('./server.js', import.meta.url), file, pinned));
    }
    const costs = Object.fromEntries([...servers.keys()].map((name) => [name, [] as number[]]));
    for (let round = -WARM_UP_SLICES; round < ROUNDS; round += 1) {
      for (const [name, server] of servers) {
        const { cpuUs } = await loadSlice(server);
        if (round >= 0) costs[name]?.push(cpuUs);
      }
    }
    return comparedWith(OURS, costs, OURS);
  } finally {
    await Promise.all([...servers.values()].map((server) => server.stop()));
  }
}
