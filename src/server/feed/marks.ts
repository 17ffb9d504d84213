// How far the feeds of others have come here, so that a Redis that went back while this node was down does not take it back. Written in
// the turn in which an entry is applied, into a small file for each feed; a power cut may cost the last ones, and what cannot be read
// counts for nothing.

import { closeSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { sha256 } from '../../adapters/crypto-node.js';
import { hexDecode, hexEncode, utf8Encode } from '../../core/codec/bytes.js';
import type { FeedMark } from '../../core/status/feed/mirror.js';
import type { Logger } from '../../http/deps.js';

export interface FeedMarks {
  /** undefined: nothing of this base was ever met. */
  readonly find: (base: string) => FeedMark | undefined;
  readonly note: (base: string, mark: FeedMark) => void;
  readonly close: () => void;
}

interface Open {
  /** null: the file cannot be written, which was said. */
  file: number | null;
  mark: FeedMark | undefined;
}

/** Every mark is written over the one before. */
const WIDTH = 96;
const TEXT = /^([0-9a-f]{32}) (\d{1,16}) (\d{1,16}) (\d{1,16}) *\n$/;

/** @param folder made when it is not there */
export function openFeedMarks(folder: string, logger: Pick<Logger, 'warn'>): FeedMarks {
  const marks = new Map<string, Open>();

  const open = (base: string): Open => {
    const known = marks.get(base);
    if (known !== undefined) return known;
    const path = join(folder, hexEncode(sha256(utf8Encode(base)).subarray(0, 16)));
    const mark = read(path);
    const fresh: Open = { mark, file: null };
    marks.set(base, fresh);
    attempt(fresh, () => {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      return openSync(path, mark === undefined ? 'w' : 'r+', 0o600);
    });
    return fresh;
  };

  /** A node that cannot keep a mark follows the feed all the same. */
  const attempt = (at: Open, work: () => number): void => {
    try {
      at.file = work();
    } catch (error) {
      at.file = null;
      logger.warn({ err: error }, 'it cannot be kept how far a status feed has come');
    }
  };

  return {
    find: (base) => open(base).mark,
    note: (base, { epoch, n, seq, highWater }) => {
      const at = open(base);
      const before = at.mark;
      at.mark = { epoch, n, seq, highWater };
      // Of entries that lack nothing and say nothing new, heartbeats above all, one is as good as the other.
      if (before !== undefined && seq === highWater && isSame(before, at.mark)) return;
      const { file, mark } = at;
      if (file === null) return;
      attempt(at, () => {
        writeSync(file, write(mark), 0);
        return file;
      });
    },
    close: () => {
      for (const { file } of marks.values()) if (file !== null) closeSync(file);
      marks.clear();
    },
  };
}

function write({ epoch, n, seq, highWater }: FeedMark): string {
  return `${`${hexEncode(epoch)} ${n} ${seq} ${highWater}`.padEnd(WIDTH - 1)}\n`;
}

function read(path: string): FeedMark | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'latin1');
  } catch {
    return undefined; // not there yet
  }
  const [, epoch, ...counts] = TEXT.exec(text) ?? [];
  const [n = Number.NaN, seq = Number.NaN, highWater = Number.NaN] = counts.map(Number);
  if (epoch === undefined || ![n, seq, highWater].every(Number.isSafeInteger)) return undefined;
  return { epoch: hexDecode(epoch), n, seq, highWater };
}

function isSame(a: FeedMark, b: FeedMark): boolean {
  return hexEncode(a.epoch) === hexEncode(b.epoch) && a.seq === b.seq && a.highWater === b.highWater;
}
