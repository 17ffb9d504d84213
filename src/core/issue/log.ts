// The append-only chain: each entry holds the hash of the one before, so a change to any of them shows in all that follow.

import { canonicalJson } from '../codec/json.js';
import { YimaError } from '../errors/yima-error.js';
import { hexHash, type Sha256, type Sha256Hex } from '../signature/public-key.js';
import type { LogRow } from './store.js';

const NO_HASH = '0'.repeat(64);

/** What happened, before it has a place in the chain. */
export interface LogEntry {
  /** Epoch seconds. */
  readonly at: number;
  readonly actor: string;
  readonly type: string;
  /** No personal data: the log outlives every erasure. */
  readonly body: Readonly<Record<string, unknown>>;
}

/** The rows that put `entries` behind `head`; undefined is the head of a new log. Writes nothing. */
export function appendLog(
  head: LogRow | undefined,
  entries: readonly LogEntry[],
  sha256Hex: Sha256Hex,
): LogRow[] {
  const rows: LogRow[] = [];
  let last = head;
  for (const { at, actor, type, body } of entries) {
    const { seq, prev } = place(last);
    const unhashed = { seq, at, actor, type, body: canonicalJson(body), prev };
    last = { ...unhashed, hash: hashOf(unhashed, sha256Hex) };
    rows.push(last);
  }
  return rows;
}

/**
 * Checks that `row` follows `prev` (undefined: that it is the first) and says what it said when it was written.
 * @throws YimaError `log_broken` with the rule `seq`, `prev` or `hash`
 */
export function checkLogRow(prev: LogRow | undefined, row: LogRow, sha256: Sha256): void {
  const expected = place(prev);
  if (row.seq !== expected.seq) throw broken(expected.seq, 'seq');
  if (row.prev !== expected.prev) throw broken(expected.seq, 'prev');
  const { hash, ...unhashed } = row;
  if (hash !== hashOf(unhashed, hexHash(sha256))) throw broken(expected.seq, 'hash');
}

/** Whether `rows` are the links right after `head`. Looks at numbers and `prev` only, never at the hashes themselves. */
export function continuesLog(
  head: Pick<LogRow, 'seq' | 'hash'> | undefined,
  rows: readonly LogRow[],
): boolean {
  let last = head;
  for (const row of rows) {
    const expected = place(last);
    if (row.seq !== expected.seq || row.prev !== expected.prev) return false;
    last = row;
  }
  return rows.length > 0;
}

function place(prev: Pick<LogRow, 'seq' | 'hash'> | undefined): Pick<LogRow, 'seq' | 'prev'> {
  return prev === undefined ? { seq: 1, prev: NO_HASH } : { seq: prev.seq + 1, prev: prev.hash };
}

/** SHA-256 over the JSON array of the members in this order: one text for one entry, and anybody can recompute it. */
function hashOf({ seq, at, actor, type, body, prev }: Omit<LogRow, 'hash'>, sha256Hex: Sha256Hex): string {
  return sha256Hex(JSON.stringify([seq, at, actor, type, body, prev]));
}

function broken(seq: number, rule: 'seq' | 'prev' | 'hash'): YimaError {
  return new YimaError(
    'log_broken',
    `The log is broken at entry ${seq}. Restore it from a backup; change nothing.`,
    { rule },
  );
}
