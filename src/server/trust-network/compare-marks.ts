// What is newer elsewhere, fetched and judged here: in the order in which documents can stand, and each refused one but once.

import { YimaError } from '../../core/errors/yima-error.js';
import type { SharedMark, TrustShare } from '../../core/trust/share-port.js';
import type { After } from '../after.js';
import { authorityAt, heldVersion, type SharedNetwork } from './shared-places.js';

export interface MarkTaking {
  /** Takes what is newer than what is held here. */
  readonly take: (marks: readonly SharedMark[]) => Promise<void>;
  readonly isRefused: (mark: SharedMark) => boolean;
  /** What was refused in this place last; null for nothing. */
  readonly refusedAt: (place: string) => SharedMark | null;
  /** What was refused for want of something else may be tried again. */
  readonly forgive: () => void;
}

export interface MarkTakingDeps {
  readonly share: Pick<TrustShare, 'read'>;
  readonly network: SharedNetwork;
  readonly accept: (text: string, authority: string) => Promise<unknown>;
  readonly after: After;
}

/** Whoever writes rubbish without end keeps this node busy for a small part of its time. */
const PAUSE_AFTER_REFUSAL_MS = 20;
const MOST_REFUSED = 10_000;

export function compareMarks({ share, network, accept, after }: MarkTakingDeps): MarkTaking {
  const refused = new Map<string, Refused>();
  const isRefused = ({ place, version, hash }: SharedMark): boolean => {
    const known = refused.get(place)?.mark;
    return known !== undefined && known.version === version && known.hash === hash;
  };
  const isNewer = (mark: SharedMark): boolean =>
    mark.version > heldVersion(network, mark) && !isRefused(mark);

  const refuse = async (mark: SharedMark, isForNow: boolean): Promise<void> => {
    if (refused.size >= MOST_REFUSED) refused.clear();
    refused.set(mark.place, { mark, isForNow });
    await new Promise<void>((resolve) => void after(resolve, PAUSE_AFTER_REFUSAL_MS));
  };

  /** @returns whether it came into force */
  const takeOne = async (mark: SharedMark, isLast: boolean): Promise<boolean> => {
    const text = await share.read(mark.place);
    if (text === undefined) return false;
    try {
      await accept(text, authorityAt(mark.place));
      if (heldVersion(network, mark) >= mark.version) return true;
      await refuse(mark, false); // it is another one than was told
      return false;
    } catch (error) {
      if (!(error instanceof YimaError) || error.code !== 'list_refused') throw error;
      const isForNow = MAY_STAND_LATER.has(error.rule);
      if (isLast || !isForNow) await refuse(mark, isForNow);
      return false;
    }
  };

  return {
    isRefused,
    refusedAt: (place) => refused.get(place)?.mark ?? null,
    forgive: () => {
      for (const [place, { isForNow }] of refused) if (isForNow) refused.delete(place);
    },
    take: async (marks) => {
      const roots = marks
        .filter(({ place }) => place.startsWith('root/'))
        .sort((a, b) => a.version - b.version);
      for (const mark of roots) if (isNewer(mark)) await takeOne(mark, true);
      let left = marks.filter((mark) => !mark.place.startsWith('root/') && isNewer(mark));
      for (let progress = true; progress && left.length > 0; ) {
        progress = false;
        for (const mark of left) progress = (await takeOne(mark, false)) || progress;
        left = left.filter(isNewer);
      }
      for (const mark of left) await takeOne(mark, true);
    },
  };
}

interface Refused {
  readonly mark: SharedMark;
  readonly isForNow: boolean;
}

/** What another document, or time, may still bring. */
const MAY_STAND_LATER: ReadonlySet<string | undefined> = new Set([
  'unknown_authority',
  'no_root',
  'threshold',
  'parent_expired',
  'from_future',
]);
