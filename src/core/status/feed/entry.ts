// One entry of a status feed: what it says, and its one way to be written.
//
// The payload is deterministic CBOR under integer keys. Keys from 64 on are for members that a later program of the same version
// adds and this one ignores; an unknown key below is refused, as is an unknown version.

import { encodeCbor } from '../../codec/cbor.js';
import { isStatusBits, MAX_ENTRIES, type StatusBits } from '../packed.js';
import { DIGEST_BYTES } from './digest.js';

export const FEED_VERSION = 1;
export const EPOCH_BYTES = 16;
/** Changed values in one entry. */
export const MAX_ENTRY_VALUES = 1_000;
/** Lists that begin in one entry. */
export const MAX_ENTRY_LISTS = 256;

/** A list that begins, with every value 0. */
export interface FeedList {
  readonly number: number;
  readonly bits: StatusBits;
  readonly entries: number;
}

/** New values of one list, and its digest with them in place. */
export interface FeedChange {
  readonly list: number;
  readonly digest: Uint8Array;
  /** By ascending index. */
  readonly values: readonly { readonly index: number; readonly value: number }[];
}

export interface FeedEntry {
  /** The issuer's statusBase, ending in `/`. */
  readonly base: string;
  /** 16 random bytes, new whenever the publisher builds Redis anew. */
  readonly epoch: Uint8Array;
  /** 1, 2, 3, ... inside the epoch. */
  readonly n: number;
  /** SHA-256 of the whole entry before; zeros for the first. */
  readonly prev: Uint8Array;
  /** Epoch milliseconds. */
  readonly at: number;
  /** All changes up to this entry of the issuer's log are in. */
  readonly seq: number;
  /** The newest entry of the issuer's log. Equal to `seq`: nothing is missing. */
  readonly highWater: number;
  /** Of all lists, with this entry applied. */
  readonly root: Uint8Array;
  /** By ascending number. */
  readonly lists: readonly FeedList[];
  /** By ascending list. */
  readonly changes: readonly FeedChange[];
}

const KEY = {
  version: 1,
  base: 2,
  epoch: 3,
  n: 4,
  prev: 5,
  at: 6,
  seq: 7,
  highWater: 8,
  root: 9,
  lists: 10,
  changes: 11,
} as const;
const KNOWN: ReadonlySet<unknown> = new Set(Object.values(KEY));
const FIRST_FREE_KEY = 64;
const MAX_BASE_LENGTH = 1_024;

export function encodePayload(entry: FeedEntry): Uint8Array {
  return encodeCbor(
    new Map<number, unknown>([
      [KEY.version, FEED_VERSION],
      [KEY.base, entry.base],
      [KEY.epoch, entry.epoch],
      [KEY.n, entry.n],
      [KEY.prev, entry.prev],
      [KEY.at, entry.at],
      [KEY.seq, entry.seq],
      [KEY.highWater, entry.highWater],
      [KEY.root, entry.root],
      [KEY.lists, entry.lists.map(({ number, bits, entries }) => [number, bits, entries])],
      [
        KEY.changes,
        entry.changes.map(({ list, digest, values }) => [
          list,
          digest,
          values.flatMap(({ index, value }) => [index, value]),
        ]),
      ],
    ]),
  );
}

/** @returns what the decoded payload says; or why it is not taken */
export function readPayload(payload: unknown): FeedEntry | 'version' | 'damaged' {
  if (!(payload instanceof Map)) return 'damaged';
  if (payload.get(KEY.version) !== FEED_VERSION)
    return isCount(payload.get(KEY.version)) ? 'version' : 'damaged';
  for (const key of payload.keys()) if (!KNOWN.has(key) && !isFreeKey(key)) return 'damaged';
  const [base, epoch, n, prev, at, seq, highWater, root, rawLists, rawChanges] = MEMBERS.map((key): unknown =>
    payload.get(key),
  );
  const lists = readLists(rawLists);
  const changes = readChanges(rawChanges);
  const isSound =
    isBase(base) &&
    isBytes(epoch, EPOCH_BYTES) &&
    isCount(n) &&
    n > 0 &&
    isBytes(prev, DIGEST_BYTES) &&
    isCount(at) &&
    isCount(seq) &&
    isCount(highWater) &&
    seq <= highWater &&
    isBytes(root, DIGEST_BYTES);
  if (!isSound || lists === null || changes === null) return 'damaged';
  return { base, epoch, n, prev, at, seq, highWater, root, lists, changes };
}

const MEMBERS = [
  KEY.base,
  KEY.epoch,
  KEY.n,
  KEY.prev,
  KEY.at,
  KEY.seq,
  KEY.highWater,
  KEY.root,
  KEY.lists,
  KEY.changes,
] as const;

function readLists(raw: unknown): readonly FeedList[] | null {
  if (!Array.isArray(raw) || raw.length > MAX_ENTRY_LISTS) return null;
  const lists: FeedList[] = [];
  for (const item of raw as readonly unknown[]) {
    if (!Array.isArray(item) || item.length !== 3) return null;
    const [number, bits, entries] = item as readonly unknown[];
    const isSound =
      isCount(number) &&
      number > (lists.at(-1)?.number ?? -1) &&
      isStatusBits(bits) &&
      isCount(entries) &&
      entries >= 1 &&
      entries <= MAX_ENTRIES;
    if (!isSound) return null;
    lists.push({ number, bits, entries });
  }
  return lists;
}

function readChanges(raw: unknown): readonly FeedChange[] | null {
  if (!Array.isArray(raw)) return null;
  const changes: FeedChange[] = [];
  let room = MAX_ENTRY_VALUES;
  for (const item of raw as readonly unknown[]) {
    if (!Array.isArray(item) || item.length !== 3) return null;
    const [list, digest, pairs] = item as readonly unknown[];
    const values = readValues(pairs, room);
    const isSound = isCount(list) && list > (changes.at(-1)?.list ?? -1) && isBytes(digest, DIGEST_BYTES);
    if (!isSound || values === null) return null;
    room -= values.length;
    changes.push({ list, digest, values });
  }
  return changes;
}

function readValues(pairs: unknown, room: number): FeedChange['values'] | null {
  if (!Array.isArray(pairs) || pairs.length === 0 || pairs.length % 2 !== 0 || pairs.length > 2 * room)
    return null;
  const values: { index: number; value: number }[] = [];
  for (let i = 0; i < pairs.length; i += 2) {
    const index: unknown = pairs[i];
    const value: unknown = pairs[i + 1];
    const isSound =
      isCount(index) &&
      index > (values.at(-1)?.index ?? -1) &&
      index < MAX_ENTRIES &&
      isCount(value) &&
      value < 256;
    if (!isSound) return null;
    values.push({ index, value });
  }
  return values;
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function isBytes(value: unknown, length: number): value is Uint8Array {
  return value instanceof Uint8Array && value.length === length;
}

function isBase(value: unknown): value is string {
  return typeof value === 'string' && value.length <= MAX_BASE_LENGTH && value.endsWith('/');
}

function isFreeKey(key: unknown): boolean {
  return isCount(key) && key >= FIRST_FREE_KEY;
}
