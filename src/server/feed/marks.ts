// How far the feeds of others had come when this node ended, so that a Redis that went back meanwhile does not take it back. Kept in the
// data folder at once, or within a tenth of a second while much changes; a power cut may cost it, and what cannot be read counts for nothing.

import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { hexDecode, hexEncode } from '../../core/codec/bytes.js';
import type { FeedMark } from '../../core/status/feed/mirror.js';
import type { Logger } from '../../http/deps.js';
import type { After } from '../after.js';

export interface FeedMarks {
  /** undefined: nothing of this base was ever met. */
  readonly find: (base: string) => FeedMark | undefined;
  readonly note: (base: string, mark: FeedMark) => void;
  /** Writes what is not written yet. */
  readonly close: () => void;
}

/** A mark as the file has it. */
interface Row {
  readonly base: string;
  /** Hex. */
  readonly epoch: string;
  readonly n: number;
  readonly seq: number;
  readonly highWater: number;
}

const PAUSE_MS = 100;
const EPOCH = /^[0-9a-f]{32}$/;

export function openFeedMarks(file: string, after: After, logger: Pick<Logger, 'warn'>): FeedMarks {
  const rows = new Map(readRows(file).map((row) => [row.base, row]));
  let isPausing = false;
  let isDirty = false;

  const write = (): void => {
    isDirty = false;
    isPausing = true;
    after(() => {
      isPausing = false;
      if (isDirty) write();
    }, PAUSE_MS);
    try {
      writeFileSync(`${file}.new`, `${JSON.stringify([...rows.values()], null, 2)}\n`, { mode: 0o600 });
      renameSync(`${file}.new`, file);
    } catch (error) {
      logger.warn({ err: error }, 'it cannot be kept how far status feeds have come');
    }
  };

  return {
    find: (base) => {
      const row = rows.get(base);
      return row === undefined ? undefined : { ...row, epoch: hexDecode(row.epoch) };
    },
    note: (base, { epoch, n, seq, highWater }) => {
      const row: Row = { base, epoch: hexEncode(epoch), n, seq, highWater };
      const before = rows.get(base);
      rows.set(base, row);
      // Of entries that lack nothing and say nothing new, heartbeats above all, one is as good as the other.
      if (before !== undefined && isSame(before, row) && seq === highWater) return;
      isDirty = true;
      if (!isPausing) write();
    },
    close: () => {
      if (isDirty) write();
    },
  };
}

function isSame(a: Row, b: Row): boolean {
  return a.epoch === b.epoch && a.seq === b.seq && a.highWater === b.highWater;
}

function readRows(file: string): readonly Row[] {
  try {
    const rows: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return Array.isArray(rows) ? rows.filter(isRow) : [];
  } catch {
    return []; // not there yet, or cut short
  }
}

function isRow(row: unknown): row is Row {
  if (typeof row !== 'object' || row === null) return false;
  const { base, epoch, n, seq, highWater } = row as Record<string, unknown>;
  const areCounts = [n, seq, highWater].every((each) => Number.isSafeInteger(each) && (each as number) >= 0);
  return typeof base === 'string' && typeof epoch === 'string' && EPOCH.test(epoch) && areCounts;
}
