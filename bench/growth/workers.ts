// Requests a second, and what one costs, with one worker and with two, as fast as the generator beside them can ask.

import { prepareColdLoad } from '../support/cold-load.js';
import { loadSlice, type SliceFigures } from '../support/load-slice.js';
import { startNodeServer } from '../support/node-server.js';
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

const workersSetting = (workers: number) => ({ WORKERS: String(workers) });

export async function measureWorkers(): Promise<WorkerFigures> {
  const first = await startNodeServer(workersSetting(WORKERS[0]));
  const servers = [first];
  try {
    for (const workers of WORKERS.slice(1)) servers.push(await startNodeServer(workersSetting(workers)));
    const rates: number[][] = servers.map(() => []);
    const costs: { cold: number; repeated: number }[] = [];
    const loads: (() => Promise<SliceFigures>)[] = [];
    for (const server of servers) loads.push(await prepareColdLoad(server));
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const [i, load] of loads.entries()) {
        const { rate, cpuUs } = await load();
        rates[i]?.push(rate);
        if (i === 0) costs.push({ cold: cpuUs, repeated: (await loadSlice(first)).cpuUs });
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
