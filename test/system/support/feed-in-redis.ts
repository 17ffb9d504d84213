// The issuer's feed as somebody sees it who can write to Redis: its keys, its entries, and what can be done to them.

import { createHash } from 'node:crypto';
import { Redis } from 'ioredis';
import type { Test } from 'tap';
import type { RedisServer } from '../../support/redis-server.js';

export interface FeedInRedis {
  /** For whatever else is to be done. */
  readonly redis: Redis;
  readonly streamKey: string;
  /** Packed lists of the epoch that is read now. */
  readonly bitmapKeys: () => Promise<readonly string[]>;
  /** The newest entries, oldest first: stream id and bytes. */
  readonly newest: (count: number) => Promise<readonly { readonly id: string; readonly entry: Buffer }[]>;
  /** Appends bytes as if the publisher had. */
  readonly append: (entry: Uint8Array) => Promise<void>;
  readonly remove: (ids: readonly string[]) => Promise<void>;
}

/** @param statusBase the issuer's, ending in `/` */
export function feedInRedis(t: Test, server: RedisServer, statusBase: string): FeedInRedis {
  const redis = new Redis({ host: '127.0.0.1', port: server.port, lazyConnect: true });
  redis.on('error', () => undefined);
  t.teardown(() => redis.disconnect());
  const name = createHash('sha256').update(statusBase).digest('base64url').slice(0, 16);
  const prefix = `yima:1:${name}:`;
  const streamKey = `${prefix}feed`;
  let field = 'e';
  return {
    redis,
    streamKey,
    bitmapKeys: () => redis.keys(`${prefix}bits:*`),
    newest: async (count) => {
      const found = await redis.xrevrangeBuffer(streamKey, '+', '-', 'COUNT', count);
      field = found[0]?.[1][0]?.toString() ?? field;
      return found.map(([id, [, entry]]) => ({ id: id.toString(), entry: entry as Buffer })).reverse();
    },
    append: async (entry) => void (await redis.xadd(streamKey, '*', field, Buffer.from(entry))),
    remove: async (ids) => void (await redis.xdel(streamKey, ...ids)),
  };
}
