// The sharing of trust documents through Redis, on connections of its own.

import { openConnection, type RedisPlace } from '../../adapters/redis/connection.js';
import { createTrustShare, createTrustShareNews } from '../../adapters/redis/trust-store.js';
import { type Sharing, type SharingDeps, startSharing } from './share.js';

const CONNECT_MS = 2_000;
const COMMAND_MS = 2_000;

export function openSharing(
  place: RedisPlace,
  pin: string,
  deps: Omit<SharingDeps, 'share' | 'news'>,
): Sharing {
  const asking = openConnection(place, 'trust', { connectMs: CONNECT_MS, commandMs: COMMAND_MS });
  const waiting = openConnection(place, 'trust-news', { connectMs: CONNECT_MS, commandMs: null });
  const sharing = startSharing({
    ...deps,
    share: createTrustShare(asking, pin),
    news: createTrustShareNews(waiting, pin),
  });
  return {
    ...sharing,
    close: async () => {
      const closed = sharing.close();
      for (const { close } of [asking, waiting]) close();
      await closed;
    },
  };
}
