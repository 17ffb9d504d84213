// Loads one feed as a verifier does.

import { createNodeVerify, sha256 } from '../../src/adapters/crypto-node.js';
import { openConnection } from '../../src/adapters/redis/connection.js';
import { createFeedStore } from '../../src/adapters/redis/feed-store.js';
import { parsePublicJwk } from '../../src/core/signature/public-jwk.js';
import type { StatusArena } from '../../src/core/status/arena.js';
import { createFeedMirror } from '../../src/core/status/feed/mirror.js';
import { packedLength } from '../../src/core/status/packed.js';
import { until } from '../../test/support/until.js';
import type { Filled } from './national.js';

export async function loadFeed(url: string, { base, key }: Filled, arena: StatusArena): Promise<void> {
  const connection = openConnection({ url, sentinels: [], sentinelMaster: '' }, 'bench', {
    connectMs: 5_000,
    commandMs: 30_000,
  });
  await until('Redis answers', connection.isUp);
  const store = createFeedStore(connection, sha256);
  const trusted = parsePublicJwk(key as never);
  const mirror = createFeedMirror({
    base,
    sha256,
    trust: { keys: () => [trusted], verify: createNodeVerify() },
    arena,
    onKeptRevoked: () => undefined,
    onAhead: () => undefined,
  });
  const refused = mirror.begin(await store.readHead(base), {
    epoch: Math.floor(Date.now() / 1000),
    steady: 0,
  });
  if (refused !== null) throw new Error(refused);
  const epoch = mirror.state()?.epoch ?? new Uint8Array();
  const rows = [...mirror.waiting()];
  const work = async (): Promise<void> => {
    for (let row = rows.pop(); row !== undefined; row = rows.pop()) {
      const bytes = await store.readList(base, epoch, row.number, packedLength(row.entries, row.bits));
      if (bytes === null || !mirror.take(row.number, bytes)) throw new Error('list');
    }
  };
  await Promise.all([work(), work(), work(), work()]);
  connection.close();
}
