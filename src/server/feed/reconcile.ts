// Brings what Redis has and what the database has together, at the start and after any surprise: goes on where the feed stands if it is
// ours and whole, and else builds it anew from what this process holds.

import { equalBytes } from '../../core/codec/bytes.js';
import type { Random } from '../../core/issue/ports.js';
import type { Sha256 } from '../../core/signature/public-key.js';
import { listDigest, manifestRoot } from '../../core/status/feed/digest.js';
import { EPOCH_BYTES, type FeedEntry, type FeedList } from '../../core/status/feed/entry.js';
import type { FeedHead, FeedState, FeedStore } from '../../core/status/feed/port.js';
import type { FeedPublisher, Signing } from '../../core/status/feed/publisher.js';
import type { FeedRefusal } from '../../core/status/feed/refusal.js';
import { type FeedTrust, openEntry } from '../../core/status/feed/signed-entry.js';
import { packedLength } from '../../core/status/packed.js';
import { inTurn } from './in-turn.js';

export interface ReconcileDeps {
  readonly base: string;
  readonly store: FeedStore;
  readonly publisher: FeedPublisher;
  /** Our lists as they are now. */
  readonly lists: () => readonly FeedList[];
  /** A feed whose newest entry has a lower number is of before a backup was restored here: another epoch begins. */
  readonly floor: number;
  /** Our own status keys. */
  readonly trust: FeedTrust;
  readonly sha256: Sha256;
  readonly random: Random;
  /** The moment and the ledger's head; null while the outcome of a write is in doubt. */
  readonly signing: () => Signing | null;
  readonly nextTurn: () => Promise<void>;
}

export type Reconciled =
  | { readonly type: 'adopted'; readonly entry: FeedEntry }
  | { readonly type: 'rebuilt'; readonly reason: FeedRefusal }
  /** The feed knows of more than our database: nothing is published until somebody has looked at it. */
  | { readonly type: 'ahead' }
  /** The outcome of a write is in doubt. */
  | { readonly type: 'unsure' };

/** So many values that differ are sent one by one; more are quicker written anew. */
const MOST_DIFFERENCES = 20_000;
/** Lists of up to 1 MiB that are on their way at a time. */
const AT_A_TIME = 4;

/**
 * @param last where this process left the feed; null at its start
 * @param spoilt what is known to be wrong with it already
 * @throws what the store throws
 */
export async function reconcile(
  deps: ReconcileDeps,
  last: FeedState | null,
  spoilt: FeedRefusal | null,
): Promise<Reconciled> {
  const { store, base, publisher } = deps;
  const signing = deps.signing();
  if (signing === null) return { type: 'unsure' };
  const head = await store.readHead(base);
  const seen = judge(deps, head, last, signing.head);
  if (seen === 'ahead') return { type: 'ahead' };
  publisher.forget();
  if (typeof seen === 'string') return rebuild(deps, seen);
  const reason = spoilt ?? (await compareLists(deps, head));
  if (reason !== null) return rebuild(deps, reason);
  publisher.adopt(seen.state, seen.entry.seq);
  return { type: 'adopted', entry: seen.entry };
}

type Adoptable = { readonly state: FeedState; readonly entry: FeedEntry };

function judge(
  { base, trust, sha256, lists, floor }: ReconcileDeps,
  head: FeedHead,
  last: FeedState | null,
  ledgerHead: number,
): Adoptable | FeedRefusal | 'ahead' {
  if (head.last === null) return 'empty';
  const opened = openEntry(head.last.entry, base, trust);
  if ('refused' in opened) return opened.refused;
  const { entry } = opened;
  if (entry.seq > ledgerHead) return 'ahead';
  if (entry.seq < floor) return 'older';
  const { state } = head;
  const hash = sha256(head.last.entry);
  const isWhole =
    state !== null &&
    equalBytes(state.epoch, entry.epoch) &&
    state.n === entry.n &&
    equalBytes(state.hash, hash);
  if (!isWhole) return 'chain';
  if (head.lists === null || !equalBytes(manifestRoot(head.lists, sha256), entry.root)) return 'root';
  if (last !== null && equalBytes(last.epoch, entry.epoch) && entry.n < last.n) return 'older';
  const own = new Map(lists().map((list) => [list.number, list]));
  const areOurs = head.lists.every(({ number, bits, entries }) => {
    const list = own.get(number);
    return list?.bits === bits && list.entries === entries;
  });
  return areOurs ? { state, entry } : 'lists';
}

/** @returns why the feed cannot be gone on with, or null */
async function compareLists(deps: ReconcileDeps, head: FeedHead): Promise<FeedRefusal | null> {
  const { publisher, store, base, sha256, nextTurn } = deps;
  const published = new Map((head.lists ?? []).map((row) => [row.number, row]));
  let room = MOST_DIFFERENCES;
  for (const list of deps.lists()) {
    await nextTurn();
    if (publisher.isTracked(list.number)) continue;
    const row = published.get(list.number);
    if (row !== undefined && publisher.match(list, row.digest)) continue;
    const length = packedLength(list.entries, list.bits);
    const bytes =
      row === undefined || head.state === null
        ? new Uint8Array(length)
        : await store.readList(base, head.state.epoch, list.number, length);
    if (bytes === null) return 'digest';
    if (row !== undefined && !equalBytes(listDigest(bytes, sha256), row.digest)) return 'digest';
    const count = publisher.compare(list, bytes, row !== undefined, room);
    if (count === null) return 'overflow';
    room -= count;
  }
  return null;
}

async function rebuild(deps: ReconcileDeps, reason: FeedRefusal): Promise<Reconciled> {
  const { publisher, store, base, random, signing } = deps;
  publisher.forget();
  const before = signing();
  if (before === null) return { type: 'unsure' };
  const epoch = random(EPOCH_BYTES);
  await inTurn(deps.lists(), AT_A_TIME, async (list) => {
    if (publisher.isTracked(list.number)) return; // it began meanwhile
    await store.writeList(base, epoch, list.number, publisher.copy(list));
  });
  const now = signing();
  if (now === null) return { type: 'unsure' };
  await store.beginEpoch(base, publisher.found(epoch, before.head, now));
  await store.dropOtherEpochs(base, epoch);
  return { type: 'rebuilt', reason };
}
