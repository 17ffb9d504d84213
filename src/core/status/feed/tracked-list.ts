// One list as its publisher keeps track of it: what was published (as digests of its blocks) and which values have become different
// since. The values themselves stand in the arena alone; of a changed one only the published value is kept.

import type { Sha256 } from '../../signature/public-key.js';
import { getStatus, setStatus } from '../packed.js';
import { BLOCK_BYTES, blockDigests, DIGEST_BYTES, type ManifestRow } from './digest.js';
import type { FeedChange, FeedList } from './entry.js';
import type { PackedRange } from './port.js';

/** How much of what is pending fits into one entry. */
export interface Room {
  values: number;
  /** Blocks whose digest has to be computed anew. */
  blocks: number;
}

export interface Taken {
  readonly change: FeedChange;
  readonly ranges: readonly PackedRange[];
}

export interface TrackedList {
  /** Whether the published manifest names it. */
  begun: boolean;
  /** As it was published. */
  readonly row: () => ManifestRow;
  /** @param before the value until now; what was published, unless the index is pending already */
  readonly note: (index: number, before: number) => void;
  readonly pending: () => number;
  /**
   * Takes what fits: from now on it counts as published.
   * @param live the list's values now
   * @returns null when nothing of it differs from what was published
   */
  readonly take: (live: Uint8Array, room: Room) => Taken | null;
}

/** Where a block is put together to be hashed, one at a time: a copy for each of a thousand entries a second is what wakes the collector. */
const scratch = new Uint8Array(BLOCK_BYTES);

/** @param packed the published bytes; not kept */
export function trackList(shape: FeedList, packed: Uint8Array, sha256: Sha256, begun: boolean): TrackedList {
  const { number, bits, entries } = shape;
  const blocks = blockDigests(packed, sha256);
  const perBlock = (BLOCK_BYTES * 8) / bits;
  let digest = sha256(blocks);
  let size = 0;
  /** Block -> index -> published value. */
  const pending = new Map<number, Map<number, number>>();

  /** A block as it is published, apart from the values in `now`, which are taken from the live bytes. Holds until the next call. */
  const publishedBlock = (live: Uint8Array, block: number, kept: ReadonlyMap<number, number>): Uint8Array => {
    const start = block * BLOCK_BYTES;
    const source = live.subarray(start, start + BLOCK_BYTES);
    const bytes = scratch.subarray(0, source.length);
    bytes.set(source);
    for (const [index, value] of kept) setStatus(bytes, bits, index - block * perBlock, value);
    return bytes;
  };

  const takeBlock = (live: Uint8Array, block: number, waiting: Map<number, number>, room: Room) => {
    const values: { index: number; value: number }[] = [];
    for (const [index, published] of waiting) {
      if (values.length === room.values) break;
      waiting.delete(index);
      size -= 1;
      const value = getStatus(live, bits, index) ?? 0;
      if (value !== published) values.push({ index, value });
    }
    if (waiting.size === 0) pending.delete(block);
    if (values.length === 0) return null;
    values.sort((a, b) => a.index - b.index);
    room.values -= values.length;
    room.blocks -= 1;
    const bytes = publishedBlock(live, block, waiting);
    blocks.set(sha256(bytes), block * DIGEST_BYTES);
    return { values, ranges: changedRanges(number, block, bytes, values, bits) };
  };

  return {
    begun,
    row: () => ({ number, bits, entries, digest }),
    note: (index, before) => {
      const block = Math.floor(index / perBlock);
      let waiting = pending.get(block);
      if (waiting === undefined) {
        waiting = new Map();
        pending.set(block, waiting);
      }
      if (waiting.has(index)) return;
      waiting.set(index, before);
      size += 1;
    },
    pending: () => size,
    take: (live, room) => {
      const parts: NonNullable<ReturnType<typeof takeBlock>>[] = [];
      for (const [block, waiting] of pending) {
        if (room.values === 0 || room.blocks === 0) break;
        const part = takeBlock(live, block, waiting, room);
        if (part !== null) parts.push(part);
      }
      if (parts.length === 0) return null;
      digest = sha256(blocks);
      const values = parts.flatMap((part) => part.values).sort((a, b) => a.index - b.index);
      return { change: { list: number, digest, values }, ranges: parts.flatMap(({ ranges }) => ranges) };
    },
  };
}

/** The bytes around the values, neighbours together. */
function changedRanges(
  number: number,
  block: number,
  bytes: Uint8Array,
  values: FeedChange['values'],
  bits: number,
): PackedRange[] {
  const ranges: PackedRange[] = [];
  const start = block * BLOCK_BYTES;
  let first = -1;
  let last = -2;
  const close = (): void => {
    if (first >= 0) ranges.push({ number, offset: start + first, bytes: bytes.slice(first, last + 1) });
  };
  for (const { index } of values) {
    const at = Math.floor((index * bits) / 8) - start;
    if (at > last + 1) {
      close();
      first = at;
    }
    last = at;
  }
  close();
  return ranges;
}
