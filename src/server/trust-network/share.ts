// Trust documents between the nodes of one Redis: what one accepted the others hear of at once, and judge by themselves. What Redis lacks,
// or holds in an older version, is written back; what is refused here is never believed because it is there.

import type { TrustShare, TrustShareNews } from '../../core/trust/share-port.js';
import type { Logger } from '../../http/deps.js';
import type { After } from '../after.js';
import { createIdle } from '../feed/idle.js';
import { compareMarks } from './compare-marks.js';
import { heldAt, type SharedNetwork, sharedMarks } from './shared-places.js';

export interface SharingDeps {
  readonly share: TrustShare;
  readonly news: TrustShareNews;
  readonly network: SharedNetwork;
  /** @throws YimaError `list_refused` for what is refused */
  readonly accept: (text: string, authority: string) => Promise<unknown>;
  readonly after: After;
  readonly logger: Logger;
}

export interface Sharing {
  /** A document came into force here, not by way of Redis. */
  readonly offer: (place: string) => void;
  /** Resolves when everything offered is in Redis, or could not be put there in a second. */
  readonly settled: () => Promise<void>;
  readonly isUp: () => boolean;
  readonly close: () => Promise<void>;
}

const BLOCK_MS = 1_000;
/** A read that lasts longer than this hangs. */
const HANG_MS = 3_000;
const PAUSE_MS = 250;
const SETTLE_MS = 1_000;
/** What a lost message would otherwise leave undone. */
const COMPARE_MS = 30_000;

export function startSharing(deps: SharingDeps): Sharing {
  const { share, news, network, after } = deps;
  const idle = createIdle(after);
  const offered = new Set<string>();
  const taking = compareMarks(deps);
  let isClosed = false;
  let isUp = false;
  let offering: Promise<void> = Promise.resolve();

  const putOffered = async (): Promise<void> => {
    for (const place of [...offered]) {
      const document = heldAt(network, place);
      if (document !== undefined) await share.put(document, taking.refusedAt(place));
      offered.delete(place);
    }
  };

  /** At once, whatever the loop waits for; what fails is in the next comparison. */
  const offer = (place: string): void => {
    offered.add(place);
    offering = offering.then(putOffered).catch(() => undefined);
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

  /** Both ways: what is newer there is judged, what is newer here is put there. */
  const compare = async (): Promise<void> => {
    taking.forgive();
    const there = await share.marks();
    await taking.take(there);
    const known = new Map(there.map((mark) => [mark.place, mark]));
    for (const { place, version } of sharedMarks(network)) {
      const seen = known.get(place);
      if (seen === undefined || seen.version < version || taking.isRefused(seen)) offered.add(place);
    }
    await putOffered();
  };

  /** Until something fails. */
  const follow = async (): Promise<void> => {
    let place = await news.end();
    let compared = Number.NEGATIVE_INFINITY;
    while (!isClosed) {
      if (performance.now() - compared > COMPARE_MS) {
        await compare();
        compared = performance.now();
      }
      isUp = true;
      const told = await read(place);
      place = told.place;
      await taking.take(told.marks);
      if (told.marks.some(taking.isRefused)) await compare();
    }
  };

  const run = async (): Promise<void> => {
    while (!isClosed) {
      try {
        await follow();
      } catch (err) {
        if (isClosed) return;
        if (isUp) deps.logger.warn({ err }, 'trust documents are not shared through Redis now');
        isUp = false;
        news.drop();
        await idle.pause(PAUSE_MS);
      }
    }
  };
  const ended = run();

  const settled = async (): Promise<void> => {
    let cancel = (): void => undefined;
    const over = new Promise<void>((resolve) => {
      cancel = after(resolve, SETTLE_MS);
    });
    await Promise.race([offering, over]);
    cancel();
  };

  return {
    offer,
    settled,
    isUp: () => isUp,
    close: async () => {
      isClosed = true;
      idle.wake();
      news.drop();
      await ended;
      await offering;
    },
  };
}
