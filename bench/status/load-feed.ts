// Loads one feed as a verifier's loop does, and ends it when everything is there.

import { createNodeVerify, sha256 } from '../../src/adapters/crypto-node.js';
import { openConnection } from '../../src/adapters/redis/connection.js';
import { createFeedStore } from '../../src/adapters/redis/feed-store.js';
import { createFeedStream } from '../../src/adapters/redis/feed-stream.js';
import { parsePublicJwk } from '../../src/core/signature/public-jwk.js';
import type { StatusArena } from '../../src/core/status/arena.js';
import { after } from '../../src/server/after.js';
import { momentOf, steadyClock, systemClock } from '../../src/server/clocks.js';
import { startFollowing } from '../../src/server/feed/follow-loop.js';
import { until } from '../../test/support/until.js';
import type { Filled } from './national.js';

const DEADLINES = { connectMs: 5_000, commandMs: 30_000 };

/** @returns milliseconds from connections that are open to a feed that is confirmed, every list of it read */
export async function loadFeed(url: string, { base, key }: Filled, arena: StatusArena): Promise<number> {
  const place = { url, sentinels: [], sentinelMaster: '' };
  const reading = openConnection(place, 'load', DEADLINES);
  const waiting = openConnection(place, 'follow', { ...DEADLINES, commandMs: null });
  await until('Redis answers', () => reading.isUp() && waiting.isUp());
  const trusted = parsePublicJwk({ ...key });
  const begin = performance.now();
  const endMs = await new Promise<number>((resolve) => {
    const following = startFollowing({
      store: createFeedStore(reading, sha256),
      stream: createFeedStream(waiting, sha256),
      sources: () => [
        { issuer: 'nation', base, trust: { keys: () => [trusted], verify: createNodeVerify() } },
      ],
      arena: {
        ...arena,
        confirm: (...given) => {
          arena.confirm(...given);
          resolve(performance.now());
          void following.close();
        },
      },
      settled: async () => undefined,
      sha256,
      now: () => momentOf({ clock: systemClock, steady: steadyClock }),
      after,
    });
  });
  reading.close();
  waiting.close();
  return endMs - begin;
}
