// Requests a second, and what one costs, with one worker and with two, as fast as the generator beside them can ask.

import { loadSlice, SLICE_SECONDS } from '../support/load-slice.js';
import { type NodeServer, startNodeServer } from '../support/node-server.js';
import { median } from '../support/pairs.js';
import { ratiosOf } from '../support/rounds.js';
import type { Point } from './line-plot.js';

export interface WorkerFigures {
  /** New codes a second, by the number of workers. */
  readonly rates: readonly Point[];
  /** Rate with the most workers to the rate with one. */
  readonly speedup: number;
  /** Server CPU microseconds a request with one worker: new codes, and codes that come again and again. */
  readonly coldUs: number;
  readonly repeatedUs: number;
}

const WORKERS = [1, 2] as const;
const ROUNDS = 4;
const WARM_UP_SLICES = 2;
/** So that no slice runs out of new codes. */
const HEADROOM = 1.5;

export async function measureWorkers(): Promise<WorkerFigures> {
  const servers: NodeServer[] = [];
  try {
    for (const workers of WORKERS) servers.push(await startNodeServer({ WORKERS: String(workers) }));
    const rates: number[][] = servers.map(() => []);
    const costs: { cold: number; repeated: number }[] = [];
    const expected: number[] = [];
    for (const [i, server] of servers.entries()) expected[i] = await warmUp(server);
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const [i, server] of servers.entries()) {
        const cold = await coldSlice(server, expected[i] ?? 0);
        rates[i]?.push(cold.rate);
        if (i === 0) costs.push({ cold: cold.cpuUs, repeated: (await loadSlice(server)).cpuUs });
      }
    }
    return {
      rates: WORKERS.map((workers, i) => [workers, median(rates[i] ?? [])]),
      speedup: median(ratiosOf(rates.at(-1) ?? [], rates[0] ?? [])),
      coldUs: median(costs.map(({ cold }) => cold)),
      repeatedUs: median(costs.map(({ repeated }) => repeated)),
    };
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
  }
}

/** @returns the rate that was reached at last */
async function warmUp(server: NodeServer): Promise<number> {
  let rate = 0;
  for (let i = 0; i < WARM_UP_SLICES; i += 1) rate = (await loadSlice(server)).rate;
  return rate;
}

function coldSlice(server: NodeServer, expectedRate: number) {
  return loadSlice(server.fresh(Math.ceil(expectedRate * SLICE_SECONDS * HEADROOM)));
}
