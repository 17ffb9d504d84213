// The newest versions of all trust documents, in every process, with those who wait for newer ones.

import type { Sha256 } from '../../core/signature/public-key.js';
import { manifestHash } from '../../core/trust/log/leaves.js';
import type { TrustMark, TrustNews } from '../../http/trust-desk.js';
import type { After } from '../after.js';

export interface TrustNewsBoard extends TrustNews {
  /** Tells what is new; a version that is not above the known one is no news. */
  readonly tell: (marks: readonly TrustMark[]) => void;
  readonly marks: () => readonly TrustMark[];
}

const LONGEST_WAIT_MS = 30_000;
const MOST_WAITING = 2_000;
/** No authority is called so: who waits for anything waits here. */
const ANY = '*';

export function createTrustNews(after: After, sha256: Sha256): TrustNewsBoard {
  const known = new Map<string, TrustMark>();
  const waiting = new Map<string, Set<() => void>>();
  let waiters = 0;
  let manifest: string | null = null;
  const version = (authority: string): number => known.get(authority)?.version ?? 0;

  /** Until something of the authority is told, or the time is over. */
  const wait = (authority: string, ms: number): Promise<void> =>
    new Promise((resolve) => {
      const those = waiting.get(authority) ?? new Set();
      waiting.set(authority, those);
      waiters += 1;
      const end = (): void => {
        cancel();
        if (!those.delete(end)) return;
        waiters -= 1;
        if (those.size === 0 && waiting.get(authority) === those) waiting.delete(authority);
        resolve();
      };
      const cancel = after(end, ms);
      those.add(end);
    });

  const wake = (authority: string): void => {
    for (const end of [...(waiting.get(authority) ?? [])]) end();
  };
  const current = (): string => {
    manifest ??= manifestHash([...known.values()], sha256);
    return manifest;
  };

  return {
    version,
    marks: () => [...known.values()],
    tell: (marks) => {
      for (const mark of marks) {
        if (mark.version <= version(mark.authority)) continue;
        known.set(mark.authority, mark);
        manifest = null;
        wake(mark.authority);
      }
      if (manifest === null) wake(ANY);
    },
    manifest: current,
    changedFrom: async (seen, waitMs) => {
      const ms = Math.min(LONGEST_WAIT_MS, waitMs);
      if (current() === seen && ms > 0 && waiters < MOST_WAITING) await wait(ANY, ms);
      return current();
    },
    changed: async (authority, after, waitMs) => {
      const ms = Math.min(LONGEST_WAIT_MS, waitMs);
      if (version(authority) <= after && ms > 0 && waiters < MOST_WAITING) await wait(authority, ms);
      return version(authority);
    },
  };
}
