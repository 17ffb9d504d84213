// Work that comes in pieces, done in turns of the event loop: verifications go on between them.

import { setImmediate as nextTurn } from 'node:timers/promises';

/** Of one turn. */
const TURN_MS = 5;

/**
 * Runs a generator to its end, for a few milliseconds of each turn.
 * @throws whatever it throws
 */
export async function drive<T>(work: Generator<void, T>): Promise<T> {
  for (;;) {
    const until = performance.now() + TURN_MS;
    do {
      const step = work.next();
      if (step.done === true) return step.value;
    } while (performance.now() < until);
    await nextTurn();
  }
}
