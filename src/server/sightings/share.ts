// Sightings between the nodes of one Redis: what is seen here is told in batches, what others tell is learned. Nobody waits for it. That it
// works is known from one thing alone: what this node tells comes back to it.

import { equalBytes } from '../../core/codec/bytes.js';
import type { Random } from '../../core/issue/ports.js';
import type { Steady } from '../../core/status/moment.js';
import {
  readSightingEntry,
  type SightingNews,
  type SightingStream,
  TELLER_BYTES,
  writeSightingEntry,
} from '../../core/verify/sighting-port.js';
import type { After } from '../after.js';
import { createIdle } from '../feed/idle.js';
import { createUntold } from './untold.js';

export interface SightingShareDeps {
  readonly stream: SightingStream;
  readonly news: SightingNews;
  /** Takes what others saw, packed. */
  readonly learn: (packed: Uint8Array) => void;
  /** Until this second of the steady clock all others are heard. */
  readonly shareUntil: (steady: number) => void;
  readonly random: Random;
  readonly steady: Steady;
  readonly after: After;
  /** Resolves in a later turn of the event loop. */
  readonly nextTurn: () => Promise<unknown>;
}

export interface SightingShare {
  /** Tells the others, as soon as it can be done. */
  readonly offer: (packed: Uint8Array) => void;
  readonly close: () => Promise<void>;
}

/** A node that saw nothing tells that, so often. */
const BEAT_MS = 500;
const BLOCK_MS = 1_000;
/** A read that lasts longer than this hangs. */
const HANG_MS = 3_000;
const PAUSE_MS = 250;
/** How long it counts that something came back, from the moment it was told. */
const SHARED_SECONDS = 2;
/** After so long without anything that came back, the reading begins anew. */
const SILENT_SECONDS = 4;
/** Of what was told and has not come back, as many moments are remembered. */
const MOST_UNHEARD = 64;

export function startSightingShare(deps: SightingShareDeps): SightingShare {
  const { stream, news, learn, shareUntil, steady, after, nextTurn } = deps;
  const teller = deps.random(TELLER_BYTES);
  const untold = createUntold();
  const idles = { telling: createIdle(after), resting: createIdle(after), following: createIdle(after) };
  const toldAt = new Map<number, number>();
  let number = 0;
  let heardAt = steady();
  let isClosed = false;

  const tell = async (packed: Uint8Array): Promise<void> => {
    number = (number + 1) >>> 0;
    toldAt.set(number, steady());
    for (const each of toldAt.keys()) if (toldAt.size > MOST_UNHEARD) toldAt.delete(each);
    await stream.tell(writeSightingEntry({ teller, number, packed }));
  };

  const telling = async (): Promise<void> => {
    while (!isClosed) {
      const packed = untold.take();
      try {
        await tell(packed);
        if (untold.isEmpty()) await idles.telling.pause(BEAT_MS);
      } catch {
        untold.putBack(packed);
        await idles.resting.pause(PAUSE_MS);
      }
    }
  };

  const hear = (bytes: Uint8Array): void => {
    const entry = readSightingEntry(bytes);
    if (entry === null) return;
    if (!equalBytes(entry.teller, teller)) {
      if (entry.packed.length > 0) learn(entry.packed);
      return;
    }
    const at = toldAt.get(entry.number);
    if (at === undefined) return;
    toldAt.delete(entry.number);
    heardAt = steady();
    shareUntil(at + SHARED_SECONDS);
  };

  const read = async (place: string) => {
    let cancel = (): void => undefined;
    const hung = new Promise<never>((_, reject) => {
      cancel = after(() => reject(new Error('The news do not come.')), HANG_MS);
    });
    try {
      return await Promise.race([news.read(place, BLOCK_MS), hung]);
    } finally {
      cancel();
    }
  };

  /** Until something fails, or nothing of ours comes back: it may be connected to somebody who hears nothing either. */
  const follow = async (): Promise<void> => {
    let place = await news.begin();
    heardAt = steady();
    while (!isClosed && steady() - heardAt < SILENT_SECONDS) {
      const told = await read(place);
      place = told.place;
      for (const entry of told.entries) {
        hear(entry);
        await nextTurn(); // a full one takes half a millisecond
      }
    }
  };

  const following = async (): Promise<void> => {
    while (!isClosed) {
      await follow().catch(() => undefined);
      if (isClosed) return;
      news.drop();
      await idles.following.pause(PAUSE_MS);
    }
  };

  const ended = Promise.all([telling(), following()]);

  return {
    offer: (packed) => {
      untold.add(packed);
      idles.telling.wake();
    },
    close: async () => {
      isClosed = true;
      for (const idle of Object.values(idles)) idle.wake();
      news.drop();
      await ended;
    },
  };
}
