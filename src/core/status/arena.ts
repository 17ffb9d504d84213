// Every status list a process holds, packed into one byte array, so that a look-up is one read and memory is entries x bits / 8.

import { YimaError } from '../errors/yima-error.js';
import { getStatus, isStatusBits, MAX_ENTRIES, packedLength, type StatusBits, setStatus } from './packed.js';
import { STATUS_REVOKED } from './published-value.js';
import type { StatusReading, StatusView } from './view.js';

const FIRST_BYTES = 64 * 1024;

export interface ListShape {
  /** The issuer's statusBase, ending in `/`. */
  readonly base: string;
  readonly number: number;
  readonly bits: StatusBits;
  /** 1 to 2^20. */
  readonly entries: number;
}

export interface ListSnapshot {
  readonly bits: StatusBits;
  readonly entries: number;
  /** The packed values, a copy. */
  readonly bytes: Uint8Array;
  /** Grows with every changed value; equal counts mean equal bytes. */
  readonly changes: number;
}

/** What writing a value did; `kept_revoked`: 1 is for good (section 7.1), so the other value was not taken: raise an alarm. */
export type SetResult = 'changed' | 'same' | 'kept_revoked';

export interface StatusArena extends StatusView {
  /** Adds a list with every value 0. @throws YimaError `conflict` when it is there already, `internal` for a bad shape */
  readonly addList: (shape: ListShape) => void;
  readonly hasList: (base: string, number: number) => boolean;
  /** The lists that are held, base by base, in the order in which they were added. */
  readonly shapes: () => readonly ListShape[];
  /**
   * Takes a held list's packed values whole, from the `snapshot` of the arena that this one mirrors and that is never behind it.
   * @throws YimaError `internal` when the list is not held, or has another length
   */
  readonly load: (base: string, number: number, packed: Uint8Array) => void;
  /** @throws YimaError `internal` when the list is not held, or index or value does not fit it */
  readonly set: (base: string, number: number, index: number, value: number) => SetResult;
  readonly snapshot: (base: string, number: number) => ListSnapshot | undefined;
  /** The list's change count without copying it; undefined when it is not held. */
  readonly changes: (base: string, number: number) => number | undefined;
  /**
   * Everything held was current at `asOf` (epoch seconds): the time of the last heartbeat that verified. Before the first
   * call readings say 0, which is too old for any kind. A lower value is taken as it is: it only makes readings older.
   */
  readonly confirm: (asOf: number) => void;
  /** The `asOf` that was last confirmed, epoch seconds; 0 before the first. */
  readonly confirmedAt: () => number;
  /** Bytes reserved for values. */
  readonly reservedBytes: () => number;
}

interface Held {
  readonly shape: ListShape;
  readonly offset: number;
  readonly length: number;
  changes: number;
}

/**
 * @param reserveBytes room to allocate at once; who knows the total (entries x bits / 8) gives it and nothing is copied.
 *   Past it the array grows by an eighth, so at most 12.5 % is spare.
 */
export function createStatusArena(reserveBytes = 0): StatusArena {
  const bases = new Map<string, Map<number, Held>>();
  let bytes = new Uint8Array(reserveBytes);
  let used = 0;
  let confirmedAt = 0;

  const held = (base: string, number: number): Held | undefined => bases.get(base)?.get(number);

  const reserve = (length: number): number => {
    const offset = used;
    used += length;
    if (used > bytes.length) {
      const grown = new Uint8Array(Math.max(used, bytes.length + (bytes.length >>> 3), FIRST_BYTES));
      grown.set(bytes.subarray(0, offset));
      bytes = grown;
    }
    return offset;
  };

  const addList = (shape: ListShape): void => {
    checkShape(shape);
    if (held(shape.base, shape.number) !== undefined) {
      throw new YimaError('conflict', 'The status list is held already.');
    }
    const length = packedLength(shape.entries, shape.bits);
    const list: Held = { shape: { ...shape }, offset: reserve(length), length, changes: 0 };
    const lists = bases.get(shape.base);
    if (lists === undefined) bases.set(shape.base, new Map([[shape.number, list]]));
    else lists.set(shape.number, list);
  };

  const valueAt = (list: Held, index: number): number | undefined =>
    index >= 0 && index < list.shape.entries && Number.isInteger(index)
      ? getStatus(bytes, list.shape.bits, entryOffset(list) + index)
      : undefined;

  const set = (base: string, number: number, index: number, value: number): SetResult => {
    const list = held(base, number);
    const before = list === undefined ? undefined : valueAt(list, index);
    if (list === undefined || before === undefined || !fits(value, list.shape.bits)) {
      throw new YimaError('internal', 'No held status list has room for this value.');
    }
    if (before === value) return 'same';
    if (before === STATUS_REVOKED) return 'kept_revoked';
    setStatus(bytes, list.shape.bits, entryOffset(list) + index, value);
    list.changes++;
    return 'changed';
  };

  const load = (base: string, number: number, packed: Uint8Array): void => {
    const list = held(base, number);
    if (list === undefined || list.length !== packed.length) {
      throw new YimaError('internal', 'No held status list has these packed values.');
    }
    bytes.set(packed, list.offset);
    list.changes++;
  };

  const find = (base: string, number: number, index: number): StatusReading | undefined => {
    const list = held(base, number);
    const value = list === undefined ? undefined : valueAt(list, index);
    return value === undefined ? undefined : { value, asOf: confirmedAt };
  };

  const snapshot = (base: string, number: number): ListSnapshot | undefined => {
    const list = held(base, number);
    if (list === undefined) return undefined;
    const { bits, entries } = list.shape;
    return {
      bits,
      entries,
      bytes: bytes.slice(list.offset, list.offset + list.length),
      changes: list.changes,
    };
  };

  return {
    addList,
    hasList: (base, number) => held(base, number) !== undefined,
    shapes: () => [...bases.values()].flatMap((lists) => [...lists.values()].map(({ shape }) => shape)),
    load,
    set,
    find,
    snapshot,
    changes: (base, number) => held(base, number)?.changes,
    confirm: (asOf) => {
      confirmedAt = asOf;
    },
    confirmedAt: () => confirmedAt,
    reservedBytes: () => bytes.length,
  };
}

/** A list starts on a byte, so its first entry has a number of its own in the whole array. */
function entryOffset(list: Held): number {
  return (list.offset * 8) / list.shape.bits;
}

function fits(value: number, bits: StatusBits): boolean {
  return Number.isInteger(value) && value >= 0 && value < 2 ** bits;
}

function checkShape(shape: ListShape): void {
  const { base, number, bits, entries } = shape;
  const sound =
    base.endsWith('/') &&
    Number.isSafeInteger(number) &&
    number >= 0 &&
    isStatusBits(bits) &&
    Number.isInteger(entries) &&
    entries >= 1 &&
    entries <= MAX_ENTRIES;
  if (!sound)
    throw new YimaError(
      'internal',
      'A status list needs a base, a number, 1, 2, 4 or 8 bits and 1 to 2^20 entries.',
    );
}
