// What a backup has to become before it may serve: everything that was given out after it was made is unknown to it, and must neither be
// given out again nor come back. Lists go no further, new ones have numbers of a later era, and no published status is taken back.

import type { KindTable } from '../credential/kind.js';
import { YimaError } from '../errors/yima-error.js';
import { hexHash, type Sha256 } from '../signature/public-key.js';
import type { FeedList } from '../status/feed/entry.js';
import { createPermutation } from '../status/index-permutation.js';
import { getStatus } from '../status/packed.js';
import { STATUS_REVOKED, STATUS_SUSPENDED } from '../status/published-value.js';
import { isWorse } from './colour-severity.js';
import { appendLog, type LogEntry } from './log.js';
import type { Random } from './ports.js';
import { LOCAL } from './principal.js';
import { encodingValue, stateOf } from './state-change.js';
import type { Change, ListRow, StateUpdate, Store, StoredCredential } from './store.js';

/** A list of this node as verifiers have seen it. */
export interface PublishedList extends FeedList {
  readonly bytes: Uint8Array;
}

export interface RestorationDeps {
  /** The backup, which nobody else has open. */
  readonly store: Store;
  readonly published: readonly PublishedList[];
  readonly kinds: KindTable;
  readonly random: Random;
  readonly sha256: Sha256;
  /** Epoch seconds. */
  readonly now: number;
}

export interface Restoration {
  readonly era: number;
  /** Lists that go no further. */
  readonly closedLists: number;
  /** Lists that the backup does not know: nothing in them is good any more. */
  readonly lostLists: number;
  /** Encodings that were revoked after the backup, and stay so. */
  readonly keptRevoked: number;
  /** Credentials that were suspended or given a worse colour after the backup, and stay so. */
  readonly keptStates: number;
  /** Number of the log's newest entry. */
  readonly logSeq: number;
}

/** 2026-01-01T00:00:00Z: seconds from here on are numbers of lists with nine digits for 31 years. */
const ERAS_BEGIN = 1_767_225_600;
/** More than a database ever writes in a second. */
const ENTRIES_A_SECOND = 2 ** 20;
const PAGE_ROWS = 500;

/**
 * What the log's numbers are raised by in the feed, so that it never goes back: the log itself has lost the entries that came after
 * the backup, and verifiers have seen theirs.
 */
export function feedFloor(era: number): number {
  return era * ENTRIES_A_SECOND;
}

/** The indices that a restoration gave up: codes may have them, and no row tells of those. */
export function* burntIndices(
  { seed, entries, burntFrom }: Pick<ListRow, 'seed' | 'entries' | 'burntFrom'>,
  sha256: Sha256,
): Generator<number> {
  if (burntFrom === null) return;
  const permute = createPermutation(seed, entries, sha256);
  for (let counter = burntFrom; counter < entries; counter++) yield permute(counter);
}

/**
 * Makes the backup fit to serve, in logged steps. Whatever was issued after it was made is revoked where a list of the backup has its
 * index; what was published as revoked, suspended or of a worse colour is so here too; nothing published comes back.
 * @throws YimaError `conflict`, rule `clock`: the clock is behind the backup's log, or not past an earlier restoration
 * @throws YimaError `conflict`, rule `shape`: the published lists are not of the node that the backup is of
 */
export async function restoreBackup(deps: RestorationDeps): Promise<Restoration> {
  const { store, published, kinds, random, now } = deps;
  const era = now - ERAS_BEGIN;
  const before = await store.head();
  const isLate = era > (await store.era()) && published.every(({ number }) => number < era);
  if (!isLate || now < (before?.at ?? 0)) throw behind();
  const lists = await store.lists();
  checkShapes(lists, published);
  const kept = await keepStatuses(deps);

  const open = lists.filter(({ next, entries }) => next < entries);
  const lost = published.filter(({ number }) => !lists.some((row) => row.number === number));
  const closed = [
    ...open.map((row) => ({ ...row, next: row.entries, burntFrom: row.next })),
    ...lost.flatMap((list) => lostList(list, kinds, random)),
  ];
  const entry = {
    at: now,
    actor: LOCAL,
    type: 'backup_restored',
    body: { era, lists: closed.map(({ number, burntFrom }) => [number, burntFrom]) },
  };
  const logSeq = await commit(deps, entry, { era, lists: closed });
  return { era, closedLists: open.length, lostLists: lost.length, ...kept, logSeq };
}

function behind(): YimaError {
  return new YimaError(
    'conflict',
    'The clock of this machine is behind what the backup or verifiers know. Set it (NTP) and try again.',
    { rule: 'clock' },
  );
}

function checkShapes(lists: readonly ListRow[], published: readonly PublishedList[]): void {
  for (const { number, bits, entries } of published) {
    const row = lists.find((each) => each.number === number);
    if (row === undefined || (row.bits === bits && row.entries === entries)) continue;
    throw new YimaError('conflict', `List ${number} as published is not a list of this backup's node.`, {
      rule: 'shape',
    });
  }
}

/** Named for a kind with values of its width: nothing in it is good, so nothing else about it matters. */
function lostList({ number, bits, entries }: PublishedList, kinds: KindTable, random: Random): ListRow[] {
  const kind = kinds.all.find(({ status }) => status.bits === bits);
  if (kind === undefined) return [];
  const shape = { number, kind: kind.name, bits: kind.status.bits, entries, seed: random(32) };
  return [{ ...shape, next: entries, burntFrom: 0 }];
}

async function keepStatuses(deps: RestorationDeps): Promise<Pick<Restoration, 'keptRevoked' | 'keptStates'>> {
  const total = { keptRevoked: 0, keptStates: 0 };
  let after = '';
  for (;;) {
    const page = await deps.store.credentials(after, PAGE_ROWS);
    const found = page.flatMap((stored) => keptState(deps, stored) ?? []);
    if (found.length > 0) await commitKept(deps, found);
    total.keptRevoked += found.reduce((sum, { dead }) => sum + dead.length, 0);
    total.keptStates += found.filter(({ isChanged }) => isChanged).length;
    after = page.at(-1)?.credential.id ?? after;
    if (page.length < PAGE_ROWS) return total;
  }
}

interface Kept {
  readonly update: StateUpdate;
  readonly dead: readonly StoredCredential['encodings'][number][];
  readonly isChanged: boolean;
}

/** @returns null where the backup has nothing better than what was published */
function keptState(
  { published, kinds }: RestorationDeps,
  { credential, encodings }: StoredCredential,
): Kept | null {
  const kind = kinds.byName(credential.kind);
  const seen = encodings.map((encoding) => {
    const list = published.find(({ number }) => number === encoding.list);
    return list === undefined ? 0 : (getStatus(list.bytes, list.bits, encoding.index) ?? 0);
  });
  const isDead = (at: number): boolean =>
    seen[at] === STATUS_REVOKED && encodings[at]?.value !== STATUS_REVOKED;
  let next = credential;
  for (const value of seen) {
    if (value === 0 || value === STATUS_REVOKED) continue;
    const worse = value === STATUS_SUSPENDED ? { ...next, suspended: true } : { ...next, level: value };
    if (!next.revoked && isWorse(worse, next, kind)) next = worse;
  }
  const isChanged = next !== credential;
  const dead = encodings.filter((_, at) => isDead(at));
  if (!isChanged && dead.length === 0) return null;
  const marked = encodings.map((encoding, at) => (isDead(at) ? { ...encoding, revoked: true } : encoding));
  const valued = marked.map((encoding) => ({ ...encoding, value: encodingValue(next, encoding) }));
  return { update: stateOf(next, valued), dead, isChanged };
}

async function commitKept(deps: RestorationDeps, found: readonly Kept[]): Promise<void> {
  const dead = found.flatMap(({ dead }) => dead);
  const states = found.map(({ update }) => update);
  const entry = (type: string, body: LogEntry['body']): LogEntry => ({
    at: deps.now,
    actor: LOCAL,
    type,
    body,
  });
  const entries = found
    .filter(({ isChanged }) => isChanged)
    .map(({ update: { credentialId: credential, suspended, level } }) =>
      entry('state_kept', { credential, suspended, level }),
    );
  if (dead.length > 0) {
    const kept = dead.map(({ credentialId, form, list, index }) => ({
      credential: credentialId,
      form,
      list,
      index,
    }));
    entries.push(entry('restored', { credentials: [], kept }));
  }
  await commit(deps, entries, { states });
}

async function commit(
  { store, sha256 }: RestorationDeps,
  entries: LogEntry | readonly LogEntry[],
  change: Omit<Change, 'log'>,
): Promise<number> {
  const log = appendLog(await store.head(), [entries].flat(), hexHash(sha256));
  await store.commit({ log, ...change });
  return log.at(-1)?.seq ?? 0;
}
