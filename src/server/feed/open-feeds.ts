// Status feeds through Redis, put together: our own is published, those of others are followed. The node serves without waiting for any
// of it.

import { setImmediate as nextTurn } from 'node:timers/promises';
import { randomBytes, sha256 } from '../../adapters/crypto-node.js';
import { openConnection, type RedisPlace } from '../../adapters/redis/connection.js';
import { createFeedStore } from '../../adapters/redis/feed-store.js';
import { createFeedStream } from '../../adapters/redis/feed-stream.js';
import type { Ledger } from '../../core/issue/ledger.js';
import type { KeyRing } from '../../core/issue/ports.js';
import type { VerifySignature } from '../../core/signature/ports.js';
import type { StatusArena } from '../../core/status/arena.js';
import { createPublisher } from '../../core/status/feed/publisher.js';
import { ageSeconds, NEVER } from '../../core/status/moment.js';
import type { KeyTable } from '../../core/trust/key-record.js';
import type { FeedHealth, Logger } from '../../http/deps.js';
import { after } from '../after.js';
import { type Clocks, momentOf } from '../clocks.js';
import type { Followers } from '../knowledge.js';
import { publishedArena } from '../published.js';
import { createFigures, type FeedFigures } from './figures.js';
import { startFollowing } from './follow-loop.js';
import { openFeedMarks } from './marks.js';
import { type PublishLoop, startPublishing } from './publish-loop.js';
import { feedSources, statusKeys } from './sources.js';

export interface FeedsDeps {
  readonly place: RedisPlace;
  readonly issuer: string;
  /** Our statusBase. */
  readonly base: string;
  /** Already with everything that the database has. */
  readonly arena: StatusArena;
  readonly ledger: Pick<Ledger, 'head' | 'isCertain'>;
  /** What the log's numbers are raised by in our feed (core/issue/restored-backup.ts). */
  readonly floor: number;
  readonly keyRing: KeyRing;
  readonly keys: () => KeyTable;
  /** With the keys that our own feed may be signed by, whether others believe it or not. */
  readonly ownKeys: () => KeyTable;
  /** As codes are verified: the keys of feeds are few and each is used again and again. */
  readonly verify: VerifySignature;
  /** Workers, which hear of what is learned. */
  readonly followers: Followers;
  readonly clocks: Clocks;
  /** Where it is kept how far the feeds of others had come. */
  readonly marksFolder: string;
  readonly logger: Logger;
}

export interface Feeds extends Pick<PublishLoop, 'publish' | 'settled' | 'isAhead'> {
  /** Of every feed, our own first. */
  readonly all: () => readonly FeedFigures[];
  readonly own: () => FeedFigures;
  /** Of those that are followed and have been here. */
  readonly health: () => readonly FeedHealth[];
  /** Whether a feed of this base has been here: then its lists come by it alone. */
  readonly hasFeed: (base: string) => boolean;
  readonly publishFailures: () => number;
  readonly isUp: () => boolean;
  readonly close: () => Promise<void>;
}

const CONNECT_MS = 2_000;
const COMMAND_MS = 2_000;

export function openFeeds(deps: FeedsDeps): Feeds {
  const { place, base, issuer, arena, ledger, keys, verify, clocks, followers } = deps;
  const answering = { connectMs: CONNECT_MS, commandMs: COMMAND_MS };
  const writing = openConnection(place, 'publish', answering);
  const reading = openConnection(place, 'load', answering);
  const waiting = openConnection(place, 'follow', { connectMs: CONNECT_MS, commandMs: null });
  const now = () => momentOf(clocks);
  const figures = createFigures(issuer, base);

  const publishing = startPublishing({
    base,
    store: createFeedStore(writing, sha256),
    publisher: createPublisher({
      base,
      sha256,
      signer: () => deps.keyRing.signer('status'),
      live: (number) => arena.packed(base, number),
    }),
    lists: () => arena.shapes(base),
    floor: deps.floor,
    trust: { keys: statusKeys(deps.ownKeys, issuer, base), verify },
    sha256,
    random: randomBytes,
    signing: () =>
      ledger.isCertain()
        ? { at: clocks.clock() * 1_000, head: deps.floor + (ledger.head()?.seq ?? 0) }
        : null,
    nextTurn: () => nextTurn(),
    clock: clocks.clock,
    steady: clocks.steady,
    after,
    figures,
    logger: deps.logger,
  });
  const marks = openFeedMarks(deps.marksFolder, deps.logger);
  const following = startFollowing({
    marks,
    store: createFeedStore(reading, sha256),
    stream: createFeedStream(waiting, sha256),
    sources: feedSources(keys, base, verify),
    arena: { ...publishedArena(arena, followers.publish), hasList: arena.hasList },
    settled: followers.settled,
    sha256,
    now,
    after,
  });

  return {
    publish: publishing.publish,
    settled: publishing.settled,
    isAhead: publishing.isAhead,
    hasFeed: (base) => following.figures().some((feed) => feed.base === base && feed.epoch !== null),
    publishFailures: publishing.failures,
    own: () => figures,
    all: () => [figures, ...following.figures()],
    health: () =>
      following
        .figures()
        .filter(({ epoch }) => epoch !== null)
        .map((feed) => {
          const asOf = arena.confirmedAt(feed.base);
          return {
            issuer: feed.issuer,
            ageSeconds: asOf === NEVER ? null : ageSeconds(asOf, now()),
            lag: feed.highWater - feed.seq,
            epoch: feed.epoch,
            lastRebuild: feed.lastRebuild,
          };
        }),
    isUp: writing.isUp,
    close: async () => {
      const ended = Promise.all([publishing.close(), following.close()]);
      for (const connection of [reading, waiting, writing]) connection.close();
      await ended;
      marks.close();
    },
  };
}
