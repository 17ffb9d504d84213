// Up to which change everything is published, and who waits for that.

import type { After } from '../after.js';

export interface PublishMark {
  /** A change was made. */
  readonly note: () => void;
  /** Changes so far: what `reach` may be told later. */
  readonly noted: () => number;
  /** Everything up to this change is published. */
  readonly reach: (upTo: number) => void;
  /** Nobody will hear of anything for now: who waits is told so. */
  readonly giveUp: () => void;
  /** Whether all changes so far are published: resolves when they are, after a second at most. */
  readonly settled: () => Promise<boolean>;
  readonly isReached: () => boolean;
}

const LONGEST_MS = 1_000;

interface Waiting {
  readonly upTo: number;
  readonly done: (published: boolean) => void;
}

export function createPublishMark(after: After): PublishMark {
  let noted = 0;
  let reached = 0;
  const waiting = new Set<Waiting>();
  const isReached = (): boolean => reached >= noted;

  return {
    note: () => {
      noted += 1;
    },
    noted: () => noted,
    reach: (upTo) => {
      reached = upTo;
      for (const each of [...waiting]) if (each.upTo <= upTo) each.done(true);
    },
    giveUp: () => {
      for (const each of [...waiting]) each.done(false);
    },
    isReached,
    settled: () =>
      isReached()
        ? Promise.resolve(true)
        : new Promise((resolve) => {
            const entry: Waiting = {
              upTo: noted,
              done: (published) => {
                cancel();
                waiting.delete(entry);
                resolve(published);
              },
            };
            const cancel = after(() => entry.done(false), LONGEST_MS);
            waiting.add(entry);
          }),
  };
}
