// Questions over a connection that does not hold what was asked too long ago.

import type { RedisConnection } from './connection.js';

export type Ask = <T>(question: () => Promise<T>) => Promise<T>;

/** A connection that does not answer is dropped: what it still holds must not answer somebody else's question. */
export function askingOver({ opened, drop }: Pick<RedisConnection, 'opened' | 'drop'>): Ask {
  return async (question) => {
    await opened;
    try {
      return await question();
    } catch (error) {
      if (error instanceof Error && error.message === 'Command timed out') drop();
      throw error;
    }
  };
}
