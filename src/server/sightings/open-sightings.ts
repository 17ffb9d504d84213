// The sightings of a node: its own set, its workers, and the other nodes of its Redis.

import { setImmediate as nextTurn } from 'node:timers/promises';
import { randomBytes, sha256 } from '../../adapters/crypto-node.js';
import { openConnection, type RedisPlace } from '../../adapters/redis/connection.js';
import { createSightingNews, createSightingStream } from '../../adapters/redis/sighting-stream.js';
import { createSightings, type Sightings } from '../../core/verify/sightings.js';
import { after } from '../after.js';
import type { Clocks } from '../clocks.js';
import type { Followers } from '../knowledge.js';
import { createSightingRelay } from './relay.js';
import { type SightingShare, type SightingShareDeps, startSightingShare } from './share.js';

export interface NodeSightings {
  readonly sightings: Sightings;
  /** A worker was the first of its process to see these, packed. */
  readonly hear: (packed: Uint8Array) => void;
  /** From now on the nodes of this Redis tell each other. */
  readonly join: (place: RedisPlace) => void;
  readonly close: () => Promise<void>;
}

export interface NodeSightingsDeps {
  /** The node's name. */
  readonly issuer: string;
  /** To workers. */
  readonly publish: Followers['publish'];
  readonly clocks: Clocks;
}

const CONNECT_MS = 2_000;
const COMMAND_MS = 2_000;

export function openSightings({ issuer, publish, clocks }: NodeSightingsDeps): NodeSightings {
  let share: SightingShare | null = null;
  const tell = createSightingRelay((packed) => {
    publish({ type: 'sightings', packed });
    share?.offer(packed);
  }, setImmediate);
  const sightings = createSightings({ sha256, node: issuer, tell });
  /** @param pass is given what was new */
  const learn = (packed: Uint8Array, pass: (fresh: Uint8Array) => void): void => {
    const fresh = sightings.learn(packed, clocks.clock());
    if (fresh.length > 0) pass(fresh);
  };
  return {
    sightings,
    hear: (packed) => learn(packed, tell),
    join: (place) => {
      share = openShare(place, {
        learn: (packed) => learn(packed, (fresh) => publish({ type: 'sightings', packed: fresh })),
        shareUntil: (until) => {
          sightings.shareUntil(until);
          publish({ type: 'sightings-shared', until });
        },
        random: randomBytes,
        steady: clocks.steady,
        after,
        nextTurn: () => nextTurn(),
      });
    },
    close: async () => share?.close(),
  };
}

function openShare(place: RedisPlace, deps: Omit<SightingShareDeps, 'stream' | 'news'>): SightingShare {
  const telling = openConnection(place, 'sightings', { connectMs: CONNECT_MS, commandMs: COMMAND_MS });
  const waiting = openConnection(place, 'sightings-news', { connectMs: CONNECT_MS, commandMs: null });
  const share = startSightingShare({
    ...deps,
    stream: createSightingStream(telling),
    news: createSightingNews(waiting),
  });
  return {
    ...share,
    close: async () => {
      const closed = share.close();
      for (const { close } of [telling, waiting]) close();
      await closed;
    },
  };
}
