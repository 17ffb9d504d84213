// Status indices: a keyed permutation of a counter, so they are unpredictable, never reused and need no retries.
// Counters only grow in memory; what makes one durable is the encoding that uses it.

import type { Kind } from '../credential/kind.js';
import type { Sha256 } from '../signature/public-key.js';
import { createPermutation } from '../status/index-permutation.js';
import type { Random } from './ports.js';
import type { ListRow } from './store.js';

export interface Allocated {
  readonly list: number;
  readonly counter: number;
  readonly index: number;
  /** The list's row while nobody knows that the store holds it: to be written in the same change. */
  readonly newList: ListRow | null;
}

export interface IndexAllocator {
  readonly allocate: (kind: Kind) => Allocated;
  /** Called when a change that uses an index of this list is durable, and with it the list. */
  readonly settled: (list: number) => void;
}

export interface IndexAllocatorDeps {
  readonly sha256: Sha256;
  readonly random: Random;
  /** Entries of a new list, a power of two. */
  readonly entries: number;
  /** New lists have numbers above this, and above those of all rows. */
  readonly above: number;
  /** Called before the first index of a new list is handed out. */
  readonly onNewList: (list: ListRow) => void;
}

interface OpenList {
  readonly row: ListRow;
  /** The counter that comes next. */
  next: number;
  readonly permute: (counter: number) => number;
}

/** @param rows all lists the store knows; the fullest open one of a kind goes on, a full one is followed by a new list */
export function createIndexAllocator(rows: readonly ListRow[], deps: IndexAllocatorDeps): IndexAllocator {
  const open = new Map<string, OpenList>();
  const unsettled = new Set<number>();
  let highest = deps.above;
  const use = (row: ListRow): OpenList => {
    const list = { row, next: row.next, permute: createPermutation(row.seed, row.entries, deps.sha256) };
    open.set(row.kind, list);
    return list;
  };
  for (const row of rows) {
    highest = Math.max(highest, row.number);
    if (row.next < row.entries) use(row);
  }

  const startList = (kind: Kind): OpenList => {
    highest += 1;
    const seed = deps.random(32);
    const row = {
      number: highest,
      kind: kind.name,
      bits: kind.status.bits,
      entries: deps.entries,
      seed,
      next: 0,
      burntFrom: null,
    };
    unsettled.add(row.number);
    deps.onNewList(row);
    return use(row);
  };

  return {
    allocate: (kind) => {
      const known = open.get(kind.name);
      const list = known !== undefined && known.next < known.row.entries ? known : startList(kind);
      const counter = list.next;
      list.next = counter + 1;
      const { number } = list.row;
      const newList = unsettled.has(number) ? { ...list.row, next: list.next } : null;
      return { list: number, counter, index: list.permute(counter), newList };
    },
    settled: (list) => void unsettled.delete(list),
  };
}
