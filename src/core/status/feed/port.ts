// Where feeds are kept and read: Redis, or its twin in the tests. One base has one place; who can write there can delay, never un-revoke.

import type { ManifestRow } from './digest.js';

/** Which entry a feed has come to. */
export interface FeedState {
  readonly epoch: Uint8Array;
  readonly n: number;
  /** SHA-256 of that entry. */
  readonly hash: Uint8Array;
}

/** A feed's place, read in one step. Nothing of it has been checked. */
export interface FeedHead {
  readonly state: FeedState | null;
  /** The newest entry, with its place in the stream. */
  readonly last: { readonly id: string; readonly entry: Uint8Array } | null;
  /** null: a row of it cannot be read. */
  readonly lists: readonly ManifestRow[] | null;
}

/** Bytes of one list that become different. */
export interface PackedRange {
  readonly number: number;
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/** One entry with everything that has to change in the same step. */
export interface Publication {
  readonly expected: FeedState;
  readonly state: FeedState;
  readonly entry: Uint8Array;
  /** The lists that begin or change, as they are then. */
  readonly lists: readonly ManifestRow[];
  readonly ranges: readonly PackedRange[];
}

/** The first entry of an epoch, whose bitmaps were written before. */
export interface NewEpoch {
  readonly state: FeedState;
  readonly entry: Uint8Array;
  /** All lists. */
  readonly lists: readonly ManifestRow[];
}

/** Every call rejects when the place cannot be reached; whether a write was done is then unknown. */
export interface FeedStore {
  readonly readHead: (base: string) => Promise<FeedHead>;
  /** @returns false: the place was not at `expected`, and nothing was written */
  readonly publish: (base: string, publication: Publication) => Promise<boolean>;
  /** Writes a list's bytes under an epoch that nobody reads yet. */
  readonly writeList: (base: string, epoch: Uint8Array, number: number, packed: Uint8Array) => Promise<void>;
  /** From now on this is the feed; what was there before is replaced. */
  readonly beginEpoch: (base: string, first: NewEpoch) => Promise<void>;
  /** Frees the bitmaps of every other epoch. */
  readonly dropOtherEpochs: (base: string, epoch: Uint8Array) => Promise<void>;
  /** The packed bytes, in a buffer that is the caller's alone; null when they are not there, or have another length. */
  readonly readList: (
    base: string,
    epoch: Uint8Array,
    number: number,
    length: number,
  ) => Promise<Uint8Array | null>;
}

/** After which entry a feed is read on. */
export interface FeedCursor {
  readonly base: string;
  readonly id: string;
}

export interface StreamEntry {
  readonly base: string;
  readonly id: string;
  readonly entry: Uint8Array;
}

/** Follows many feeds on one connection of its own. */
export interface FeedStream {
  /** What came after the cursors, in the order of each feed; none when nothing came in `blockMs`. */
  readonly read: (cursors: readonly FeedCursor[], blockMs: number) => Promise<readonly StreamEntry[]>;
  /** Drops a connection that may hang; the next read opens another. A read under way rejects. */
  readonly drop: () => void;
}
