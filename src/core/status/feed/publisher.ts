// What a publisher has to say next: a pure state machine over the live arena. Values are absolute and every list is compared at start and
// after any surprise, so that what was committed and not published is published once, whatever happened in between.

import { equalBytes } from '../../codec/bytes.js';
import { YimaError } from '../../errors/yima-error.js';
import type { Signer } from '../../signature/ports.js';
import type { Sha256 } from '../../signature/public-key.js';
import { packedLength } from '../packed.js';
import { differences } from './difference.js';
import { DIGEST_BYTES, type ManifestRow, manifestRoot } from './digest.js';
import {
  type FeedChange,
  type FeedEntry,
  type FeedList,
  MAX_ENTRY_LISTS,
  MAX_ENTRY_VALUES,
} from './entry.js';
import type { FeedState, NewEpoch, PackedRange, Publication } from './port.js';
import { signEntry } from './signed-entry.js';
import { type Room, type TrackedList, trackList } from './tracked-list.js';

export interface PublisherDeps {
  /** Our statusBase, ending in `/`. */
  readonly base: string;
  readonly sha256: Sha256;
  readonly signer: () => Signer;
  /** The packed values of one of our lists as they are now; not copied. */
  readonly live: (number: number) => Uint8Array | undefined;
}

/** When an entry is made, and what the ledger has come to: never while the outcome of a write is in doubt. */
export interface Signing {
  /** Epoch milliseconds. */
  readonly at: number;
  /** The ledger's newest entry; 0 for none. */
  readonly head: number;
}

export interface FeedPublisher {
  /** A list begins, with every value 0. */
  readonly begin: (list: FeedList) => void;
  /** A value has just become different. */
  readonly note: (number: number, index: number, before: number) => void;
  /** Nothing is known of what is published: every list has to be compared or written. */
  readonly forget: () => void;
  /** Whether the list is compared already. */
  readonly isTracked: (number: number) => boolean;
  /** Compares a list by its digest alone. @returns whether it is the published one; from then on it is tracked */
  readonly match: (list: FeedList, published: Uint8Array) => boolean;
  /**
   * Compares a list with the bytes that are published; what differs is pending from now on.
   * @param isBegun whether the published manifest names it
   * @returns how many values differ; null: more than the limit, and the list is not tracked
   */
  readonly compare: (list: FeedList, packed: Uint8Array, isBegun: boolean, limit: number) => number | null;
  /** A copy of the list's bytes, to be written: from now on they count as published. */
  readonly copy: (list: FeedList) => Uint8Array;
  /** Goes on after this entry. Every list must be tracked. @param seq what it was complete up to */
  readonly adopt: (state: FeedState, seq: number) => void;
  /** The first entry of an epoch whose lists were all copied. @param seq the ledger's newest entry before the first copy */
  readonly found: (epoch: Uint8Array, seq: number, signing: Signing) => NewEpoch;
  /** What to publish next: what is pending, or else a heartbeat. It counts as published from now on. */
  readonly next: (signing: Signing) => Publication;
  /** Lists that begin and values that differ and are in no entry yet. */
  readonly pending: () => number;
  /** Up to which ledger entry everything is in an entry. */
  readonly completeTo: () => number;
  readonly state: () => FeedState | null;
  /** Of everything that counts as published. */
  readonly root: () => Uint8Array;
  /** The digest that a list was published with last; undefined when it is not. */
  readonly digest: (number: number) => Uint8Array | undefined;
}

/** Hashing so many blocks of 16 KiB holds the event loop up for about 0.5 to 5 ms. */
const MAX_BLOCKS = 64;
const NO_HASH = new Uint8Array(DIGEST_BYTES);

export function createPublisher({ base, sha256, signer, live }: PublisherDeps): FeedPublisher {
  const lists = new Map<number, TrackedList>();
  let state: FeedState | null = null;
  let complete = 0;
  let cachedRoot: Uint8Array | null = null;

  const liveBytes = (number: number): Uint8Array => live(number) ?? new Uint8Array(0);
  const hold = (tracked: TrackedList): void => {
    lists.set(tracked.row().number, tracked);
    cachedRoot = null;
  };
  const track = (list: FeedList, packed: Uint8Array, begun: boolean): TrackedList => {
    const tracked = trackList(list, packed, sha256, begun);
    hold(tracked);
    return tracked;
  };
  const pending = (): number => {
    let count = 0;
    for (const list of lists.values()) count += list.pending() + (list.begun ? 0 : 1);
    return count;
  };
  const begunRows = (): ManifestRow[] =>
    [...lists.values()].filter(({ begun }) => begun).map((list) => list.row());
  const root = (): Uint8Array => {
    cachedRoot ??= manifestRoot(begunRows(), sha256);
    return cachedRoot;
  };

  /** Signs the entry that follows the state, and moves on to it. */
  const append = (
    before: FeedState,
    content: Pick<FeedEntry, 'lists' | 'changes'>,
    { at, head }: Signing,
  ): { readonly entry: Uint8Array; readonly state: FeedState } => {
    const { epoch } = before;
    const n = before.n + 1;
    const entry = signEntry(
      { base, epoch, n, prev: before.hash, at, seq: complete, highWater: head, root: root(), ...content },
      signer(),
    );
    state = { epoch, n, hash: sha256(entry) };
    return { entry, state };
  };

  const takeBegun = (): FeedList[] => {
    const begun: FeedList[] = [];
    for (const list of lists.values()) {
      if (list.begun || begun.length === MAX_ENTRY_LISTS) continue;
      list.begun = true;
      cachedRoot = null;
      const { number, bits, entries } = list.row();
      begun.push({ number, bits, entries });
    }
    return begun.sort((a, b) => a.number - b.number);
  };

  const takeChanges = (): { readonly changes: FeedChange[]; readonly ranges: PackedRange[] } => {
    const room: Room = { values: MAX_ENTRY_VALUES, blocks: MAX_BLOCKS };
    const changes: FeedChange[] = [];
    const ranges: PackedRange[] = [];
    for (const [number, list] of lists) {
      if (room.values === 0 || room.blocks === 0) break;
      const taken = list.begun && list.pending() > 0 ? list.take(liveBytes(number), room) : null;
      if (taken === null) continue;
      cachedRoot = null;
      changes.push(taken.change);
      ranges.push(...taken.ranges);
    }
    return { changes: changes.sort((a, b) => a.list - b.list), ranges };
  };

  return {
    begin: (list) => void track(list, emptyList(list), false),
    note: (number, index, before) => lists.get(number)?.note(index, before),
    forget: () => {
      lists.clear();
      state = null;
      cachedRoot = null;
    },
    isTracked: (number) => lists.has(number),
    match: (list, published) => {
      const tracked = trackList(list, liveBytes(list.number), sha256, true);
      if (!equalBytes(tracked.row().digest, published)) return false;
      hold(tracked);
      return true;
    },
    compare: (list, packed, isBegun, limit) => {
      const different = differences(packed, liveBytes(list.number), list, limit);
      if (different === null) return null;
      const tracked = track(list, packed, isBegun);
      for (const { index, value } of different) tracked.note(index, value);
      return different.length;
    },
    copy: (list) => {
      const packed = new Uint8Array(liveBytes(list.number));
      track(list, packed, true);
      return packed;
    },
    adopt: (published, seq) => {
      state = published;
      complete = seq;
    },
    found: (epoch, seq, signing) => {
      complete = pending() === 0 ? signing.head : seq;
      const rows = begunRows();
      const first = append({ epoch, n: 0, hash: NO_HASH }, { lists: [], changes: [] }, signing);
      return { ...first, lists: rows };
    },
    next: (signing) => {
      const expected = state;
      if (expected === null)
        throw new YimaError('internal', 'A feed goes on only after it was adopted or founded.');
      const begun = takeBegun();
      const { changes, ranges } = takeChanges();
      if (pending() === 0) complete = signing.head;
      const touched = new Set([...begun.map(({ number }) => number), ...changes.map(({ list }) => list)]);
      const rows = [...touched].flatMap((number) => lists.get(number)?.row() ?? []);
      // A list that begins is as long as it will be, so that what reads it finds its whole length.
      const room = begun.map((list) => ({
        number: list.number,
        offset: emptyList(list).length - 1,
        bytes: Uint8Array.of(0),
      }));
      const appended = append(expected, { lists: begun, changes }, signing);
      return { expected, ...appended, lists: rows, ranges: [...room, ...ranges] };
    },
    pending,
    completeTo: () => complete,
    state: () => state,
    root,
    digest: (number) => {
      const list = lists.get(number);
      return list?.begun === true ? list.row().digest : undefined;
    },
  };
}

function emptyList({ entries, bits }: FeedList): Uint8Array {
  return new Uint8Array(packedLength(entries, bits));
}
