// Reads the log from entry to entry, each checked before anybody takes it: whoever replays it replays what was written.

import { YimaError } from '../errors/yima-error.js';
import type { Sha256 } from '../signature/public-key.js';
import { checkLogRow } from './log.js';
import type { LogRow, Store } from './store.js';

export interface LogReading {
  readonly store: Pick<Store, 'log'>;
  readonly sha256: Sha256;
  /** Resolves after a whole turn of the event loop; called after every page, so that other work runs in between. */
  readonly nextTurn: () => Promise<void>;
}

/** Rows of a page, of the log or of credentials: two or three milliseconds. */
export const PAGE_ROWS = 100;
/** Characters from which on an entry is about many credentials, and takes as long as a page. */
const LONG_BODY = 4_096;

/**
 * Gives `take` the entries after `from` up to number `end`.
 * @returns the last entry that holds, and the number of the first that does not; null when all do
 */
export async function readLog(
  { store, sha256, nextTurn }: LogReading,
  from: LogRow | undefined,
  end: number,
  take: (row: LogRow) => void,
): Promise<{ readonly last: LogRow | undefined; readonly brokenAt: number | null }> {
  let last = from;
  for (let after = from?.seq ?? 0; after < end; after = last?.seq ?? 0) {
    const rows = await store.log(after, Math.min(PAGE_ROWS, end - after));
    if (rows.length === 0) return { last, brokenAt: after + 1 };
    for (const row of rows) {
      if (!follows(last, row, sha256)) return { last, brokenAt: (last?.seq ?? 0) + 1 };
      last = row;
      take(row);
      if (row.body.length > LONG_BODY) await nextTurn();
    }
    await nextTurn();
  }
  return { last, brokenAt: null };
}

function follows(last: LogRow | undefined, row: LogRow, sha256: Sha256): boolean {
  try {
    checkLogRow(last, row, sha256);
    return true;
  } catch (error) {
    if (error instanceof YimaError && error.code === 'log_broken') return false;
    throw error;
  }
}
