// Pulling the network's documents from its mirrors: each in a loop of its own, so that a dead or lying one holds up nobody else.

import type { After } from '../after.js';
import { type Look, type LookDeps, lookAtMirror, takeBundle } from './look-at-mirror.js';

export interface PullDeps extends LookDeps {
  /** Addresses without a slash at the end. */
  readonly sources: readonly string[];
  readonly after: After;
  /** Uniform in [0, 1). */
  readonly chance: () => number;
  /** The machine's monotonic clock, seconds. */
  readonly steady: () => number;
  readonly count: (source: string, look: Look) => void;
}

export interface Pull {
  /** Nothing is begun any more; resolves when the looks under way have ended. */
  readonly stop: () => Promise<void>;
}

/** How long a mirror may hold its answer back: a change arrives at once, and a mirror that is gone is noticed. */
const WAIT_SECONDS = 25;
/** A mirror that answers at once with nothing new is not asked again sooner. */
const PAUSE_MS = 500;
const FIRST_BACKOFF_MS = 1_000;
const LONGEST_BACKOFF_MS = 120_000;
/** How often the whole bundle is looked at: it alone shows that the log holds everything and is alive. */
const BUNDLE_SECONDS = 600;

export function startPull(deps: PullDeps): Pull {
  let stopped = false;
  const wakes = new Set<() => void>();
  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const end = (): void => {
        cancel();
        wakes.delete(end);
        resolve();
      };
      const cancel = deps.after(end, ms);
      wakes.add(end);
      if (stopped) end();
    });

  const keep = async (source: string): Promise<void> => {
    let backoffMs = FIRST_BACKOFF_MS;
    let bundleAt = deps.steady();
    while (!stopped) {
      const isDue = deps.steady() - bundleAt >= BUNDLE_SECONDS;
      const look = isDue ? await takeBundle(source, deps) : await lookAtMirror(source, WAIT_SECONDS, deps);
      if (isDue) bundleAt = deps.steady();
      if (stopped) return;
      deps.count(source, look);
      if (look.kind === 'current' || look.kind === 'taken') {
        backoffMs = FIRST_BACKOFF_MS;
        await pause(look.kind === 'taken' ? 0 : PAUSE_MS * deps.chance());
      } else {
        await pause(backoffMs * (0.5 + deps.chance()));
        backoffMs = Math.min(LONGEST_BACKOFF_MS, backoffMs * 2);
      }
    }
  };
  const loops = deps.sources.map(keep);
  return {
    stop: async () => {
      stopped = true;
      for (const wake of [...wakes]) wake();
      await Promise.all(loops);
    },
  };
}
