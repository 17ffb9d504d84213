// One issuer's feed as this process follows it: where it is read on, whether it has gone silent, and what becomes of a refusal.

import { equalBytes } from '../../core/codec/bytes.js';
import type { FeedMirror } from '../../core/status/feed/mirror.js';
import type { FeedStore } from '../../core/status/feed/port.js';
import type { FeedRefusal } from '../../core/status/feed/refusal.js';
import type { Moment } from '../../core/status/moment.js';
import { countRebuild, countRefusal, type FeedFigures, noteNewest } from './figures.js';
import { loadLists } from './load-lists.js';

export interface FollowDeps {
  readonly issuer: string;
  readonly base: string;
  readonly mirror: FeedMirror;
  readonly store: FeedStore;
  readonly figures: FeedFigures;
  readonly now: () => Moment;
  readonly settled: () => Promise<void>;
  readonly pause: (ms: number) => Promise<void>;
  /** Something is to be done that the loop may be waiting with. */
  readonly wake: () => void;
}

export interface FollowedFeed {
  readonly issuer: string;
  readonly base: string;
  /** The stream is read on after this; null: the head must be read first. */
  readonly cursor: () => string | null;
  /** Whether the head should be read now. */
  readonly isDue: () => boolean;
  /** Reads the head and begins to load what is missing. A failure shows in the figures. */
  readonly readHead: () => Promise<void>;
  readonly hear: (id: string, entry: Uint8Array) => void;
  /** No verified entry came for too long. @returns whether that is news */
  readonly checkSilence: () => boolean;
  /** The stream cannot be read. */
  readonly lose: (reason: FeedRefusal) => void;
  /** Nothing more is loaded. */
  readonly stop: () => void;
}

/** Six heartbeats. */
const SILENCE_SECONDS = 3;
const RETRY_SECONDS = 0.5;
/** Lists whose bytes are of no verified entry - an entry may be on its way - are read so often before they count as spoilt. */
const MOST_READS = 10;
const READ_AGAIN_MS = 100;

export function followFeed(deps: FollowDeps): FollowedFeed {
  const { base, mirror, store, figures, now } = deps;
  let cursor: string | null = null;
  let dueAt = Number.NEGATIVE_INFINITY;
  let heardAt = now().steady;
  let isSilent = false;
  let hasBegun = false;
  /** Why the head has to be read again; null: it is the first time, or nothing happened. */
  let reason: FeedRefusal | null = null;
  /** Grows with every head: lists of an older one are not wanted any more. */
  let generation = 0;

  const lose = (why: FeedRefusal, pauseSeconds = 0): void => {
    if (reason !== why || cursor !== null) countRefusal(figures, why);
    reason = why;
    cursor = null;
    generation += 1;
    dueAt = now().steady + pauseSeconds;
    deps.wake();
  };

  const heard = (): void => {
    heardAt = now().steady;
    isSilent = false;
    const newest = mirror.newest();
    if (newest !== null) noteNewest(figures, newest);
  };

  const load = async (): Promise<void> => {
    const own = generation;
    const isWanted = (): boolean => own === generation;
    try {
      for (let read = 0; isWanted() && mirror.waiting().length > 0; read++) {
        if (read === MOST_READS) return lose('digest', RETRY_SECONDS);
        if (read > 0) await deps.pause(READ_AGAIN_MS);
        await loadLists({ base, mirror, store, settled: deps.settled, isWanted });
      }
    } catch {
      if (isWanted()) lose('unreachable', RETRY_SECONDS);
    }
  };

  return {
    issuer: deps.issuer,
    base,
    cursor: () => cursor,
    isDue: () => cursor === null && now().steady >= dueAt,
    readHead: async () => {
      try {
        const head = await store.readHead(base);
        const before = mirror.newest()?.hash;
        const refused = mirror.begin(head, now());
        if (refused !== null || head.last === null) return lose(refused ?? 'empty', RETRY_SECONDS);
        const isNews = before === undefined || !equalBytes(before, mirror.newest()?.hash ?? before);
        if (hasBegun && reason !== null && (isNews || reason !== 'silent')) {
          countRebuild(figures, reason, now().epoch);
        }
        hasBegun = true;
        reason = null;
        cursor = head.last.id;
        generation += 1;
        if (isNews) heard();
        else heardAt = now().steady;
        void load();
      } catch {
        lose('unreachable', RETRY_SECONDS);
      }
    },
    hear: (id, entry) => {
      if (cursor === null) return;
      const refused = mirror.hear(entry, now());
      if (refused !== null) return lose(refused);
      cursor = id;
      heard();
    },
    checkSilence: () => {
      if (cursor === null || now().steady - heardAt < SILENCE_SECONDS) return false;
      const isNews = !isSilent;
      isSilent = true;
      if (isNews) lose('silent');
      else cursor = null; // the head is read again, and nothing new is counted
      return isNews;
    },
    lose,
    stop: () => {
      generation += 1;
    },
  };
}
