// Follows the feeds of all other issuers in the key table, on one connection that waits and one that asks. Feeds come and go with the
// table; what was learned stays and ages.

import type { Sha256 } from '../../core/signature/public-key.js';
import type { StatusArena } from '../../core/status/arena.js';
import { createFeedMirror } from '../../core/status/feed/mirror.js';
import type { FeedStore, FeedStream, StreamEntry } from '../../core/status/feed/port.js';
import type { FeedTrust } from '../../core/status/feed/signed-entry.js';
import type { Moment } from '../../core/status/moment.js';
import type { After } from '../after.js';
import type { PublishedArena } from '../published.js';
import { countRefusal, createFigures, type FeedFigures } from './figures.js';
import { type FollowedFeed, followFeed } from './followed-feed.js';
import { createIdle } from './idle.js';

/** An issuer whose feed is to be followed. */
export interface FeedSource {
  readonly issuer: string;
  readonly base: string;
  readonly trust: FeedTrust;
}

export interface FollowLoopDeps {
  readonly store: FeedStore;
  readonly stream: FeedStream;
  /** By the key table as it is now. */
  readonly sources: () => readonly FeedSource[];
  readonly arena: PublishedArena & Pick<StatusArena, 'hasList'>;
  readonly settled: () => Promise<void>;
  readonly sha256: Sha256;
  readonly now: () => Moment;
  readonly after: After;
}

export interface FollowLoop {
  readonly figures: () => readonly FeedFigures[];
  readonly close: () => Promise<void>;
}

const BLOCK_MS = 1_000;
/** While a head is to be read again soon. */
const SHORT_BLOCK_MS = 100;
/** A read that lasts longer than this hangs. */
const HANG_MS = 3_000;
const NOTHING_MS = 250;

export function startFollowing(deps: FollowLoopDeps): FollowLoop {
  const { store, stream, sources, arena, sha256, now, after, settled } = deps;
  const idle = createIdle(after);
  const feeds = new Map<string, FollowedFeed>();
  const figures = new Map<string, FeedFigures>();
  let isClosed = false;

  const follow = ({ issuer, base, trust }: FeedSource): FollowedFeed => {
    const own = figures.get(base) ?? createFigures(issuer, base);
    figures.set(base, own);
    const mirror = createFeedMirror({
      base,
      sha256,
      trust,
      arena,
      onKeptRevoked: (count) => {
        own.kept += count;
      },
      onAhead: () => countRefusal(own, 'clock'),
    });
    const pause = (ms: number) => new Promise<void>((resolve) => void after(resolve, ms));
    return followFeed({ issuer, base, mirror, store, figures: own, now, settled, pause, wake: idle.wake });
  };

  const meetSources = (): void => {
    const wanted = new Map(sources().map((source) => [source.base, source]));
    for (const [base, feed] of feeds) {
      if (wanted.get(base)?.issuer === feed.issuer) continue;
      feed.stop();
      feeds.delete(base);
    }
    for (const [base, source] of wanted) if (!feeds.has(base)) feeds.set(base, follow(source));
  };

  const read = async (
    following: readonly FollowedFeed[],
    blockMs: number,
  ): Promise<readonly StreamEntry[]> => {
    const cursors = following.map((feed) => ({ base: feed.base, id: feed.cursor() ?? '0' }));
    let cancel = (): void => undefined;
    const hung = new Promise<never>((_, reject) => {
      cancel = after(() => reject(new Error('The stream does not answer.')), HANG_MS);
    });
    try {
      return await Promise.race([stream.read(cursors, blockMs), hung]);
    } finally {
      cancel();
    }
  };

  const step = async (): Promise<void> => {
    meetSources();
    const all = [...feeds.values()];
    await Promise.all(all.filter((feed) => feed.isDue()).map((feed) => feed.readHead()));
    const following = all.filter((feed) => feed.cursor() !== null);
    if (following.length === 0) return idle.pause(NOTHING_MS);
    try {
      const isWhole = following.length === all.length;
      for (const { base, id, entry } of await read(following, isWhole ? BLOCK_MS : SHORT_BLOCK_MS)) {
        feeds.get(base)?.hear(id, entry);
      }
    } catch {
      stream.drop();
      for (const feed of following) feed.lose('unreachable');
      return idle.pause(NOTHING_MS);
    }
    const silent = all.filter((feed) => feed.checkSilence());
    if (silent.length > 0) stream.drop(); // it may be connected to somebody who hears nothing either
  };

  const run = async (): Promise<void> => {
    while (!isClosed) await step();
  };
  const ended = run();

  return {
    figures: () => [...figures.values()],
    close: async () => {
      isClosed = true;
      for (const feed of feeds.values()) feed.stop();
      idle.wake();
      stream.drop();
      await ended;
    },
  };
}
