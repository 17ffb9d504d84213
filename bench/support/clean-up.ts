// What a bench has started, ended in the reverse order however the bench ends.

import type { Owner } from '../../test/support/redis-server.js';

/** Runs `work`, then everything that it handed over, the last first. */
export async function withCleanUp<T>(work: (owner: Owner) => Promise<T>): Promise<T> {
  const handlers: (() => Promise<void> | void)[] = [];
  try {
    return await work({ teardown: (handler) => handlers.push(handler) });
  } finally {
    for (const handler of handlers.reverse()) await handler();
  }
}
