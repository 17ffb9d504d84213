// A script that is sent whole only to a server that does not know it.

import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';

type Argument = string | Buffer | number;

export interface Script {
  /** The reply with its texts as texts. */
  readonly run: (redis: Redis, keys: readonly string[], args: readonly Argument[]) => Promise<unknown>;
  /** The reply with its texts as bytes. */
  readonly runBinary: (redis: Redis, keys: readonly string[], args: readonly Argument[]) => Promise<unknown>;
}

export function script(text: string): Script {
  const digest = createHash('sha1').update(text).digest('hex');
  const known = async (ask: () => Promise<unknown>, teach: () => Promise<unknown>): Promise<unknown> => {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
      return teach();
    }
  };
  return {
    run: (redis, keys, args) =>
      known(
        () => redis.evalsha(digest, keys.length, ...keys, ...args),
        () => redis.eval(text, keys.length, ...keys, ...args),
      ),
    runBinary: (redis, keys, args) =>
      known(
        () => redis.callBuffer('EVALSHA', digest, keys.length, ...keys, ...args),
        () => redis.callBuffer('EVAL', text, keys.length, ...keys, ...args),
      ),
  };
}
