// A pause that ends early when something is to be done.

import type { After } from '../after.js';

export interface Idle {
  /** Resolves after so many milliseconds, or at the next wake; at once when one came since the last pause. */
  readonly pause: (ms: number) => Promise<void>;
  readonly wake: () => void;
}

export function createIdle(after: After): Idle {
  let isAwake = false;
  let end: (() => void) | null = null;
  return {
    pause: (ms) =>
      new Promise((resolve) => {
        const finish = (): void => {
          cancel();
          end = null;
          isAwake = false;
          resolve();
        };
        const cancel = after(finish, ms);
        end = finish;
        if (isAwake) finish();
      }),
    wake: () => {
      isAwake = true;
      end?.();
    },
  };
}
