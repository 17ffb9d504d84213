// The publishing and following loops over a place in memory, with real timers: each wait in the tests is for a condition.

import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Test } from 'tap';
import { randomBytes, sha256 } from '../../../src/adapters/crypto-node.js';
import type { StatusArena } from '../../../src/core/status/arena.js';
import { createStatusArena } from '../../../src/core/status/arena.js';
import { listDigest } from '../../../src/core/status/feed/digest.js';
import { createPublisher } from '../../../src/core/status/feed/publisher.js';
import type { After } from '../../../src/server/after.js';
import { momentOf, steadyClock, systemClock } from '../../../src/server/clocks.js';
import { createFigures, type FeedFigures } from '../../../src/server/feed/figures.js';
import { type FeedSource, type FollowLoop, startFollowing } from '../../../src/server/feed/follow-loop.js';
import type { FeedMarks } from '../../../src/server/feed/marks.js';
import { type PublishLoop, startPublishing } from '../../../src/server/feed/publish-loop.js';
import { publishedArena } from '../../../src/server/published.js';
import { type FeedTwin, isOfOnePiece } from '../../support/feed-twin.js';
import { BASE, holdSame, trustIn } from '../../support/feed-world.js';
import { createIssuer, ISSUER, type TestIssuer } from '../../support/fixtures.js';
import { until } from '../../support/until.js';

export const CLOCKS = { clock: systemClock, steady: steadyClock };
/** Unlike the program's, these keep the process alive. */
const after: After = (run, ms) => {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
};
const QUIET = { info: () => undefined, warn: () => undefined, error: () => undefined };

export interface Office {
  readonly issuer: TestIssuer;
  readonly arena: StatusArena;
  readonly loop: PublishLoop;
  readonly figures: FeedFigures;
  readonly ledger: { head: number; certain: boolean };
  readonly addList: (number: number) => void;
  readonly set: (number: number, index: number, value: number) => void;
  /** Waits until the place holds what the arena holds, of one piece. */
  readonly untilPublished: () => Promise<void>;
}

export interface OfficeOptions {
  readonly issuer?: TestIssuer;
  /** What the database of an office before had. */
  readonly arena?: StatusArena;
  readonly head?: number;
  /** Of the era that a restored backup began. */
  readonly floor?: number;
}

/** @param arena that of an earlier office: its process ended, its database did not */
export function openOffice(t: Test, twin: FeedTwin, options: OfficeOptions = {}): Office {
  const { issuer = createIssuer({ use: 'status' }), arena = createStatusArena() } = options;
  const ledger = { head: options.head ?? 0, certain: true };
  const figures = createFigures(ISSUER, BASE);
  const publisher = createPublisher({
    base: BASE,
    sha256,
    signer: () => issuer.signer,
    live: (number) => arena.packed(BASE, number),
  });
  const loop = startPublishing({
    floor: options.floor ?? 0,
    base: BASE,
    store: twin,
    publisher,
    lists: () => arena.shapes(BASE),
    trust: trustIn(issuer),
    sha256,
    random: randomBytes,
    signing: () => (ledger.certain ? { at: Date.now(), head: ledger.head } : null),
    nextTurn: () => nextTurn(),
    ...CLOCKS,
    after,
    figures,
    logger: QUIET,
  });
  t.teardown(loop.close);
  const tables = publishedArena(arena, loop.publish);
  return {
    issuer,
    arena,
    loop,
    figures,
    ledger,
    addList: (number) => {
      ledger.head += 1;
      tables.addList({ base: BASE, number, bits: 2, entries: 4_096 });
    },
    set: (number, index, value) => {
      ledger.head += 1;
      tables.set(BASE, number, index, value);
    },
    untilPublished: () =>
      until('everything is published', () => {
        const place = twin.place(BASE);
        const held = createStatusArena();
        for (const row of place.lists.values()) {
          const bytes = [...place.bitmaps].find(([name]) => name.endsWith(`:${row.number}`))?.[1];
          if (bytes !== undefined) held.load({ base: BASE, ...row }, bytes);
        }
        const isWhole = isOfOnePiece(place, (packed) => listDigest(packed, sha256));
        return isWhole && holdSame(arena, held) && place.lists.size === arena.shapes(BASE).length;
      }),
  };
}

export interface Checkpoint {
  readonly arena: StatusArena;
  readonly loop: FollowLoop;
  /** The figures of the one feed. */
  readonly figures: () => FeedFigures;
  readonly sources: FeedSource[];
  readonly untilLike: (arena: StatusArena) => Promise<void>;
}

export function openCheckpoint(
  t: Test,
  twin: FeedTwin,
  issuer: TestIssuer,
  marks: FeedMarks = { find: () => undefined, note: () => undefined, close: () => undefined },
): Checkpoint {
  const arena = createStatusArena();
  const sources: FeedSource[] = [{ issuer: ISSUER, base: BASE, trust: trustIn(issuer) }];
  const loop = startFollowing({
    store: twin,
    stream: twin,
    sources: () => sources,
    arena: { ...publishedArena(arena, () => undefined), hasList: arena.hasList },
    marks,
    settled: async () => undefined,
    sha256,
    now: () => momentOf(CLOCKS),
    after,
  });
  t.teardown(loop.close);
  return {
    arena,
    loop,
    sources,
    figures: () => loop.figures()[0] ?? createFigures(ISSUER, BASE),
    untilLike: (other) => until('the checkpoint knows it', () => holdSame(other, arena)),
  };
}
