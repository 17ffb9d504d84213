// The lists that a mirror still has to read: which bytes it would take for each, and the changes that came meanwhile.

import { equalBytes } from '../../codec/bytes.js';
import type { Sha256 } from '../../signature/public-key.js';
import { packedLength } from '../packed.js';
import { listDigest, type ManifestRow } from './digest.js';
import type { FeedChange } from './entry.js';

/** Values kept for lists that are not read yet, 16 bytes or so each; past it the mirror reads the head again. */
const MAX_KEPT_VALUES = 200_000;

interface Loading {
  readonly row: ManifestRow;
  /** Changes since the manifest, in order; bytes with the digest of one need only those after it. */
  readonly later: FeedChange[];
}

export interface Settled {
  readonly row: ManifestRow;
  readonly later: readonly FeedChange[];
}

export interface LoadingLists {
  /** From now on exactly these are waited for. */
  readonly expect: (rows: readonly ManifestRow[]) => void;
  readonly waiting: () => readonly ManifestRow[];
  readonly find: (number: number) => ManifestRow | undefined;
  /** @returns whether the list is waited for, so that the change is kept for later */
  readonly keep: (change: FeedChange) => boolean;
  readonly isFull: () => boolean;
  /**
   * Bytes that were read for a list, whose digest is the manifest's or that of a change since.
   * @returns the list as the bytes are, and the changes to be made after them; null: they are those of no verified entry, or not yet
   */
  readonly settle: (number: number, packed: Uint8Array) => Settled | null;
}

export function createLoadingLists(sha256: Sha256): LoadingLists {
  const lists = new Map<number, Loading>();
  let kept = 0;

  return {
    expect: (rows) => {
      lists.clear();
      kept = 0;
      for (const row of rows) lists.set(row.number, { row, later: [] });
    },
    waiting: () => [...lists.values()].map(({ row }) => row),
    find: (number) => lists.get(number)?.row,
    keep: (change) => {
      const list = lists.get(change.list);
      if (list === undefined) return false;
      list.later.push(change);
      kept += change.values.length;
      return true;
    },
    isFull: () => kept > MAX_KEPT_VALUES,
    settle: (number, packed) => {
      const list = lists.get(number);
      if (list === undefined || packed.length !== packedLength(list.row.entries, list.row.bits)) return null;
      const digest = listDigest(packed, sha256);
      const at = list.later.findLastIndex((change) => equalBytes(change.digest, digest));
      if (at < 0 && !equalBytes(digest, list.row.digest)) return null;
      lists.delete(number);
      for (const { values } of list.later) kept -= values.length;
      return { row: { ...list.row, digest }, later: list.later.slice(at + 1) };
    },
  };
}
