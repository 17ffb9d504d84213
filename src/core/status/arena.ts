// Every status list a process holds, packed, so that a look-up is one read and memory is entries x bits / 8. Each list has a byte
// array of its own: nothing is copied when lists come, grow or go.

import { YimaError } from '../errors/yima-error.js';
import { keepRevoked } from './keep-revoked.js';
import { type Moment, NEVER } from './moment.js';
import { getStatus, isStatusBits, MAX_ENTRIES, packedLength, type StatusBits, setStatus } from './packed.js';
import { STATUS_REVOKED } from './published-value.js';
import type { StatusReading, StatusView } from './view.js';

export interface ListShape {
  /** The issuer's statusBase, ending in `/`. */
  readonly base: string;
  readonly number: number;
  readonly bits: StatusBits;
  /** 1 to 2^20. */
  readonly entries: number;
}

/** The name of a list. */
export type ListName = Pick<ListShape, 'base' | 'number'>;

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
  /** The lists that are held, base by base, in the order in which they were added; of one base alone where it is given. */
  readonly shapes: (base?: string) => readonly ListShape[];
  /**
   * Takes a list's packed values whole; one that is not held, or was shorter or of another width, is held in this shape from now on.
   * Its time is its base's, until it is confirmed alone.
   * @param packed is copied
   * @returns how many values stay revoked although `packed` says otherwise: more than none is a reason for an alarm
   * @throws YimaError `internal` for a bad shape, or packed values of another length
   */
  readonly load: (shape: ListShape, packed: Uint8Array) => number;
  /** As `load`, without a copy: `packed` has a buffer of its own, of which the arena is the one holder from now on. */
  readonly adopt: (shape: ListShape, packed: Uint8Array) => number;
  /** @throws YimaError `internal` when the list is not held, or index or value does not fit it */
  readonly set: (base: string, number: number, index: number, value: number) => SetResult;
  /** The packed values as they are held, to read at once: no copy. */
  readonly packed: (base: string, number: number) => Uint8Array | undefined;
  readonly snapshot: (base: string, number: number) => ListSnapshot | undefined;
  /** The list's change count without copying it; undefined when it is not held. */
  readonly changes: (base: string, number: number) => number | undefined;
  /**
   * What is held of this base was current at `asOf`: the time of the last heartbeat that verified. Before the first call
   * readings say `NEVER`. An earlier moment is taken as it is: it only makes readings older.
   * @param number one list alone, where each has a time of its own; the base's time counts for it no more, until it is loaded anew
   */
  readonly confirm: (base: string, asOf: Moment, number?: number) => void;
  /** The `asOf` that was last confirmed; `NEVER` before the first. */
  readonly confirmedAt: (base: string, number?: number) => Moment;
  /** What was confirmed, and of which lists alone. */
  readonly confirmations: () => readonly Confirmation[];
  /** Lists that codes named and that are not held, since the last call; at most 1,024. */
  readonly missed: () => readonly ListName[];
  /** Bytes that values take. */
  readonly heldBytes: () => number;
}

/** A base, or one of its lists alone, was current then. */
export interface Confirmation {
  readonly base: string;
  /** null: all lists of the base without a time of their own. */
  readonly number: number | null;
  readonly asOf: Moment;
}

interface Held {
  readonly shape: ListShape;
  readonly bytes: Uint8Array;
  changes: number;
  /** null: as the base. */
  asOf: Moment | null;
}

interface Base {
  readonly lists: Map<number, Held>;
  asOf: Moment;
}

const MAX_MISSED = 1_024;

export function createStatusArena(): StatusArena {
  const bases = new Map<string, Base>();
  const missed = new Map<string, ListName>();
  let heldBytes = 0;

  const held = (base: string, number: number): Held | undefined => bases.get(base)?.lists.get(number);

  const baseOf = (name: string): Base => {
    const known = bases.get(name);
    if (known !== undefined) return known;
    const fresh: Base = { lists: new Map(), asOf: NEVER };
    bases.set(name, fresh);
    return fresh;
  };

  /** Puts the list into the place of the one before, whose change count goes on. */
  const hold = (shape: ListShape, bytes: Uint8Array): Held => {
    const { lists } = baseOf(shape.base);
    const before = lists.get(shape.number);
    heldBytes += bytes.length - (before?.bytes.length ?? 0);
    const list = {
      shape: { ...shape },
      bytes,
      changes: before?.changes ?? 0,
      asOf: null,
    };
    lists.set(shape.number, list);
    return list;
  };

  const adopt: StatusArena['adopt'] = (shape, packed) => {
    checkShape(shape);
    if (packed.length !== packedLength(shape.entries, shape.bits)) {
      throw new YimaError('internal', 'A list of this shape has no such packed values.');
    }
    const before = held(shape.base, shape.number);
    const kept =
      before?.shape.bits === shape.bits
        ? keepRevoked(before.bytes, packed, shape.bits)
        : carried(before, shape, packed);
    hold(shape, packed).changes++;
    return kept;
  };

  const miss = (base: string, number: number): undefined => {
    if (missed.size < MAX_MISSED) missed.set(`${number} ${base}`, { base, number });
  };

  return {
    addList: (shape) => {
      checkShape(shape);
      if (held(shape.base, shape.number) !== undefined) {
        throw new YimaError('conflict', 'The status list is held already.');
      }
      hold(shape, new Uint8Array(packedLength(shape.entries, shape.bits)));
    },
    hasList: (base, number) => held(base, number) !== undefined,
    shapes: (base) => {
      const chosen = base === undefined ? [...bases.values()] : [bases.get(base)];
      return chosen.flatMap((each) => [...(each?.lists.values() ?? [])].map(({ shape }) => shape));
    },
    load: (shape, packed) => adopt(shape, new Uint8Array(packed)), // a Buffer's slice would copy nothing
    adopt,
    set: (base, number, index, value) => {
      const list = held(base, number);
      const before = list === undefined ? undefined : valueAt(list, index);
      if (list === undefined || before === undefined || !fits(value, list.shape.bits)) {
        throw new YimaError('internal', 'No held status list has room for this value.');
      }
      if (before === value) return 'same';
      if (before === STATUS_REVOKED) return 'kept_revoked';
      setStatus(list.bytes, list.shape.bits, index, value);
      list.changes++;
      return 'changed';
    },
    find: (base, number, index): StatusReading | undefined => {
      const from = bases.get(base);
      const list = from?.lists.get(number);
      if (from === undefined || list === undefined) return miss(base, number);
      const value = valueAt(list, index);
      return value === undefined ? undefined : { value, asOf: list.asOf ?? from.asOf };
    },
    packed: (base, number) => held(base, number)?.bytes,
    snapshot: (base, number) => {
      const list = held(base, number);
      if (list === undefined) return undefined;
      const { bits, entries } = list.shape;
      return { bits, entries, bytes: list.bytes.slice(), changes: list.changes };
    },
    changes: (base, number) => held(base, number)?.changes,
    confirm: (base, asOf, number) => {
      const list = number === undefined ? undefined : held(base, number);
      if (list !== undefined) list.asOf = asOf;
      else if (number === undefined) baseOf(base).asOf = asOf;
    },
    confirmedAt: (base, number) => {
      const list = number === undefined ? undefined : held(base, number);
      return list?.asOf ?? bases.get(base)?.asOf ?? NEVER;
    },
    confirmations: () =>
      [...bases].flatMap(([base, { asOf, lists }]) => [
        ...(asOf === NEVER ? [] : [{ base, number: null, asOf }]),
        ...[...lists].flatMap(([number, list]) =>
          list.asOf === null ? [] : [{ base, number, asOf: list.asOf }],
        ),
      ]),
    missed: () => {
      const taken = [...missed.values()];
      missed.clear();
      return taken;
    },
    heldBytes: () => heldBytes,
  };
}

/** Whole bytes may hold more values than the list has entries: those are none of its own. */
function valueAt({ shape, bytes }: Held, index: number): number | undefined {
  return index < shape.entries ? getStatus(bytes, shape.bits, index) : undefined;
}

/** As `keepRevoked`, from a list of another width. */
function carried(before: Held | undefined, shape: ListShape, fresh: Uint8Array): number {
  if (before === undefined) return 0;
  let kept = 0;
  for (let index = 0; index < Math.min(before.shape.entries, shape.entries); index++) {
    const wasRevoked = getStatus(before.bytes, before.shape.bits, index) === STATUS_REVOKED;
    if (!wasRevoked || getStatus(fresh, shape.bits, index) === STATUS_REVOKED) continue;
    setStatus(fresh, shape.bits, index, STATUS_REVOKED);
    kept++;
  }
  return kept;
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
