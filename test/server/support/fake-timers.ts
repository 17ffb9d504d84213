// Time that passes when a test says so.

import type { After } from '../../../src/server/after.js';

export interface FakeTimers {
  readonly after: After;
  /** Milliseconds that each pending function waits for. */
  readonly pending: () => readonly number[];
  /** Runs what waits for no more than this. */
  readonly pass: (ms: number) => void;
}

export function createFakeTimers(): FakeTimers {
  let timers: { readonly run: () => void; readonly ms: number }[] = [];
  return {
    after: (run, ms) => {
      const timer = { run, ms };
      timers.push(timer);
      return () => {
        timers = timers.filter((each) => each !== timer);
      };
    },
    pending: () => timers.map(({ ms }) => ms),
    pass: (ms) => {
      const due = timers.filter((timer) => timer.ms <= ms);
      timers = timers.filter((timer) => timer.ms > ms);
      for (const { run } of due) run();
    },
  };
}
