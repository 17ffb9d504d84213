// One issuer's feed as others follow it: a pure state machine that writes to the arena what a verified entry says, in the chain's order,
// and nothing else. Whatever does not fit is refused with its reason; then the head has to be read again, and what is known answers
// on and ages.

import { equalBytes } from '../../codec/bytes.js';
import type { Sha256 } from '../../signature/public-key.js';
import type { SetResult, StatusArena } from '../arena.js';
import type { Moment } from '../moment.js';
import { packedLength } from '../packed.js';
import { listDigest, type ManifestRow, manifestRoot } from './digest.js';
import type { FeedChange, FeedEntry, FeedList } from './entry.js';
import { createLoadingLists } from './loading.js';
import type { FeedHead, FeedState } from './port.js';
import type { FeedRefusal } from './refusal.js';
import { type FeedTrust, openEntry } from './signed-entry.js';

export interface MirrorDeps {
  /** The issuer's statusBase, ending in `/`. */
  readonly base: string;
  readonly sha256: Sha256;
  readonly trust: FeedTrust;
  readonly arena: Pick<StatusArena, 'addList' | 'hasList' | 'adopt' | 'set' | 'confirm'>;
  /** How far this feed had come here in an earlier life: nothing behind it is taken. */
  readonly mark?: FeedMark | undefined;
  /** Something that is revoked here for good was said to be otherwise: so many values stay as they are. */
  readonly onKeptRevoked: (count: number) => void;
  /** An entry's time lies too far ahead of our clock to confirm anything. */
  readonly onAhead: () => void;
}

export interface FeedMirror {
  /**
   * Goes on after the newest entry of this head.
   * @returns why not; null: taken, and `waiting` says which lists have to be read
   */
  readonly begin: (head: FeedHead, now: Moment) => FeedRefusal | null;
  /** Takes the entry that comes next. @returns why not: then `begin` must be called before anything else is taken */
  readonly hear: (entry: Uint8Array, now: Moment) => FeedRefusal | null;
  /** The lists that have to be read from the bitmaps of `state().epoch`. */
  readonly waiting: () => readonly ManifestRow[];
  /**
   * Takes a list's bytes, with the changes that came since.
   * @param packed has a buffer of its own, and is nobody else's once it was taken
   * @returns false: no verified entry says so - not yet, or somebody else wrote them. Read them again after the next entries
   */
  readonly take: (number: number, packed: Uint8Array) => boolean;
  /** null before the first head, and after a refusal. */
  readonly state: () => FeedState | null;
  /** The newest verified entry, in an earlier life too; null before the first. */
  readonly newest: () => Newest | null;
}

/** A verified entry, as far as figures tell of it. */
export interface Newest {
  readonly epoch: Uint8Array;
  readonly n: number;
  readonly seq: number;
  readonly highWater: number;
  readonly hash: Uint8Array;
  /** How current an entry that lacks nothing makes what is held; null: it lacks something, or its time is not to be believed. */
  readonly asOf: Moment | null;
}

/** Enough of an entry to know what is behind it. */
export type FeedMark = Pick<Newest, 'epoch' | 'n' | 'seq' | 'highWater'>;

/** The issuer's clock may be ahead of ours by so much. */
const MAX_AHEAD_SECONDS = 60;
/** Four thousand million entries. */
const MAX_LISTS = 4_096;
const NO_HASH = new Uint8Array(0);

export function createFeedMirror(deps: MirrorDeps): FeedMirror {
  const { base, sha256, trust, arena, mark, onKeptRevoked, onAhead } = deps;
  const loading = createLoadingLists(sha256);
  /** The lists as the entries applied here leave them. */
  const rows = new Map<number, ManifestRow>();
  let state: FeedState | null = null;
  let newest: Newest | null = mark === undefined ? null : { ...mark, hash: NO_HASH, asOf: null };
  /** The latest that any entry has told of. */
  let furthest: Pick<FeedEntry, 'epoch' | 'n' | 'at'> | null = null;

  const confirm = (): void => {
    if (newest?.asOf != null && loading.waiting().length === 0) arena.confirm(base, newest.asOf);
  };

  /** Whether an entry is of the past for certain: neither further in the epoch that is known, nor of a later time. */
  const isPast = ({ epoch, n, at }: FeedEntry): boolean =>
    furthest !== null && at <= furthest.at && !(equalBytes(epoch, furthest.epoch) && n > furthest.n);

  /** What is of the past confirms nothing, however often it is read and whatever our clock says meanwhile. */
  const accept = (entry: FeedEntry, hash: Uint8Array, now: Moment): void => {
    const { epoch, n, at, seq, highWater } = entry;
    state = { epoch, n, hash };
    if (newest !== null && equalBytes(newest.hash, hash)) return;
    const isNews = !isPast(entry);
    if (isNews) furthest = { epoch, n, at };
    const isAhead = at / 1000 > now.epoch + MAX_AHEAD_SECONDS;
    if (isAhead) onAhead();
    const isCurrent = seq === highWater && !isAhead && isNews;
    const asOf = isCurrent ? { epoch: Math.min(Math.floor(at / 1000), now.epoch), steady: now.steady } : null;
    newest = { epoch, n, seq, highWater, hash, asOf };
  };

  const lose = (reason: FeedRefusal): FeedRefusal => {
    state = null;
    loading.expect([]);
    return reason;
  };

  const write = (change: FeedChange): void => {
    let kept = 0;
    for (const { index, value } of change.values) {
      const result: SetResult = arena.set(base, change.list, index, value);
      if (result === 'kept_revoked') kept += 1;
    }
    const row = rows.get(change.list);
    if (row !== undefined) rows.set(change.list, { ...row, digest: change.digest });
    if (kept > 0) onKeptRevoked(kept);
  };

  const apply = ({ lists, changes }: FeedEntry): void => {
    for (const list of lists) {
      arena.addList({ base, ...list });
      const empty = new Uint8Array(packedLength(list.entries, list.bits));
      rows.set(list.number, { ...list, digest: listDigest(empty, sha256) });
    }
    for (const change of changes) if (!loading.keep(change)) write(change);
  };

  /** Everything is looked at before anything is written: an entry is applied whole or not at all. */
  const misfitOf = ({ lists, changes }: FeedEntry): FeedRefusal | null => {
    const begun = new Map<number, FeedList>();
    for (const list of lists) {
      if (rows.has(list.number) || loading.find(list.number) !== undefined) return 'lists';
      if (arena.hasList(base, list.number)) return 'lists'; // told by somebody else: it is read as a whole
      begun.set(list.number, list);
    }
    if (rows.size + begun.size > MAX_LISTS) return 'lists';
    for (const { list, values } of changes) {
      const shape = begun.get(list) ?? loading.find(list) ?? rows.get(list);
      if (shape === undefined) return 'lists';
      const fits = values.every(({ index, value }) => index < shape.entries && value < 2 ** shape.bits);
      if (!fits) return 'shape';
    }
    return null;
  };

  return {
    begin: ({ last, lists }, now) => {
      if (last === null) return lose('empty');
      if (lists === null || lists.length > MAX_LISTS) return lose('root');
      const opened = openEntry(last.entry, base, trust);
      if ('refused' in opened) return lose(opened.refused);
      const { entry } = opened;
      if (!equalBytes(manifestRoot(lists, sha256), entry.root)) return lose('root');
      if (newest !== null && isBehind(entry, newest)) return lose('older');
      const named = new Set(lists.map(({ number }) => number));
      if ([...rows.keys()].some((number) => !named.has(number))) return lose('lists');
      loading.expect(lists.filter((row) => !isSame(rows.get(row.number), row)));
      accept(entry, sha256(last.entry), now);
      confirm();
      return null;
    },
    hear: (bytes, now) => {
      if (state === null) return 'empty';
      const opened = openEntry(bytes, base, trust);
      if ('refused' in opened) return lose(opened.refused);
      const { entry } = opened;
      if (!equalBytes(entry.epoch, state.epoch)) return lose('epoch');
      if (entry.n !== state.n + 1) return lose('gap');
      if (!equalBytes(entry.prev, state.hash)) return lose('chain');
      if (newest !== null && entry.seq < newest.seq) return lose('older');
      const misfit = misfitOf(entry);
      if (misfit !== null) return lose(misfit);
      apply(entry);
      accept(entry, sha256(bytes), now);
      if (loading.isFull()) return lose('overflow');
      confirm();
      return null;
    },
    waiting: loading.waiting,
    take: (number, packed) => {
      const settled = loading.settle(number, packed);
      if (settled === null) return false;
      const { bits, entries } = settled.row;
      const kept = arena.adopt({ base, number, bits, entries }, packed);
      if (kept > 0) onKeptRevoked(kept);
      rows.set(number, settled.row);
      for (const change of settled.later) write(change);
      confirm();
      return true;
    },
    state: () => state,
    newest: () => newest,
  };
}

/** Changes of one ledger entry may come in several of the feed's, all of which name the same `seq`: inside an epoch `n` tells them apart. */
function isBehind({ epoch, n, seq, highWater }: FeedEntry, newest: FeedMark): boolean {
  if (seq < newest.seq || highWater < newest.highWater) return true;
  return equalBytes(epoch, newest.epoch) && n < newest.n;
}

function isSame(held: ManifestRow | undefined, row: ManifestRow): boolean {
  return held !== undefined && isShapeOf(held, row) && equalBytes(held.digest, row.digest);
}

function isShapeOf(held: FeedList, row: FeedList): boolean {
  return held.bits === row.bits && held.entries === row.entries;
}
