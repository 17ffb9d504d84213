// Times each row of a table and holds it to a generous deadline; reports the slowest and what memory grew by.

import type { Test } from 'tap';

/** What the slowest row may take on a busy machine; they take a few milliseconds. */
const DEADLINE_MS = 2_000;

export interface Stopwatch {
  /** @throws Error when the work takes longer than the deadline */
  readonly time: <T>(name: string, work: () => T | Promise<T>) => Promise<T>;
  readonly report: (t: Test) => void;
}

function memoryBytes(): number {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

export function createStopwatch(): Stopwatch {
  const before = memoryBytes();
  let rows = 0;
  let peak = before;
  let slowest = { name: '', ms: 0 };
  return {
    time: async (name, work) => {
      const start = performance.now();
      const result = await work();
      const ms = performance.now() - start;
      rows += 1;
      peak = Math.max(peak, memoryBytes());
      if (ms > slowest.ms) slowest = { name, ms };
      if (ms > DEADLINE_MS) throw new Error(`${name} took ${Math.round(ms)} ms`);
      return result;
    },
    report: (t) => {
      const mebibytes = ((peak - before) / 2 ** 20).toFixed(1);
      t.comment(
        `${rows} rows, slowest ${slowest.ms.toFixed(1)} ms (${slowest.name}), memory up ${mebibytes} MiB at most`,
      );
    },
  };
}
