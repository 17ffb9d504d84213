// Sets credentials that are not stored as the log tells back to what it tells, in logged commands of at most 500. What the log
// does not know, or keeps only a digest of, it cannot give back: that is told, and stays for people to judge.

import { YimaError } from '../errors/yima-error.js';
import type { StatusArena } from '../status/arena.js';
import { STATUS_REVOKED } from '../status/published-value.js';
import { type Ledger, nothingToWrite, onlyRow, type Plan } from './ledger.js';
import type { Clock } from './ports.js';
import { type LogReading, PAGE_ROWS, readLog } from './read-log.js';
import { type IsSeen, type RestoredState, restoredState } from './restored-state.js';
import type { EncodingRow, LogRow, Store, StoredCredential } from './store.js';
import {
  isIssuedAsTold,
  replayCredential,
  type ToldCredential,
  type ToldCredentials,
} from './told-credentials.js';

export interface RestoreRequest {
  /** Only tells what would be done. */
  readonly dryRun: boolean;
  /** Nothing was served from this file since it was edited, as whoever asks for it knows: then nothing is kept revoked. */
  readonly neverServed: boolean;
}

export interface KeptRevoked {
  readonly credential: string;
  readonly form: EncodingRow['form'];
  readonly list: number;
  readonly index: number;
}

export interface LogRestored {
  /** Credentials whose state was set back, or would be. */
  readonly restored: number;
  /** Encodings among them that stay revoked since verifiers have seen it; at most 10,000 are named. */
  readonly keptRevoked: readonly KeptRevoked[];
  readonly keptRevokedCount: number;
  /** Credentials that the log does not know, that are gone, or whose facts were altered, at most 100 ids. */
  readonly strayCredentials: readonly string[];
  /** Numbers of the log entries that were written. */
  readonly logSeqs: readonly number[];
}

export interface RestoreDeps extends LogReading {
  readonly store: Store;
  readonly ledger: Ledger;
  /** Of our own lists: what verifiers are told. */
  readonly arena: Pick<StatusArena, 'find' | 'set'>;
  readonly statusBase: string;
  readonly clock: Clock;
}

const GROUP = 500;
const MOST_KEPT = 10_000;
const MOST_STRAYS = 100;

/** @throws YimaError `conflict` with the rule `log_broken` when the log itself was changed, and so tells nothing for certain */
export async function restoreFromLog(
  deps: RestoreDeps,
  actor: string,
  request: RestoreRequest,
): Promise<LogRestored> {
  const told = await createTelling(deps);
  await told.catchUp();
  const isSeen = request.neverServed ? () => false : seenIn(deps);
  const { ids: changed, ...found } = await findChanged(deps, told, isSeen);
  if (request.dryRun) return { ...found, restored: changed.length, logSeqs: [] };

  const logSeqs: number[] = [];
  let restored = 0;
  for (let from = 0; from < changed.length; from += GROUP) {
    const ids = changed.slice(from, from + GROUP);
    const subjects = ids.map((id) => `credential:${id}`);
    const done = await deps.ledger.submit(subjects, () => planGroup(deps, actor, ids, told, isSeen));
    restored += done.restored;
    logSeqs.push(...done.logSeqs);
  }
  return { ...found, restored, logSeqs };
}

interface Telling {
  readonly credentials: ToldCredentials;
  /** Reads what was written since. */
  readonly catchUp: () => Promise<void>;
}

async function createTelling(deps: RestoreDeps): Promise<Telling> {
  const credentials: ToldCredentials = new Map();
  let last: LogRow | undefined;
  return {
    credentials,
    catchUp: async () => {
      const end = (await deps.store.head())?.seq ?? 0;
      const read = await readLog(deps, last, end, (row) =>
        replayCredential(credentials, null, row, deps.sha256),
      );
      if (read.brokenAt !== null) throw broken(read.brokenAt);
      last = read.last;
    },
  };
}

function broken(seq: number): YimaError {
  return new YimaError(
    'conflict',
    `The log was changed from entry ${seq} on, so it cannot tell what was. Restore the database from a backup.`,
    { rule: 'log_broken' },
  );
}

/** What this process holds is what it has told verifiers, and a 1 never leaves it. */
function seenIn({ arena, statusBase }: RestoreDeps): IsSeen {
  return ({ list, index }) => arena.find(statusBase, list, index)?.value === STATUS_REVOKED;
}

type Found = Omit<LogRestored, 'restored' | 'logSeqs'> & { readonly ids: readonly string[] };

async function findChanged(deps: RestoreDeps, told: Telling, isSeen: IsSeen): Promise<Found> {
  const ids: string[] = [];
  const doubtful: string[] = [];
  const keptRevoked: KeptRevoked[] = [];
  let keptRevokedCount = 0;
  let present = 0;
  let after = '';
  for (;;) {
    const page = await deps.store.credentials(after, PAGE_ROWS);
    for (const stored of page) {
      after = stored.credential.id;
      const known = told.credentials.get(after);
      if (known !== undefined) present++;
      if (isStray(deps, known, stored)) doubtful.push(after);
      const next = known === undefined ? null : restoredState(known, stored, isSeen);
      if (next === null) continue;
      ids.push(after);
      keptRevokedCount += next.kept.length;
      keptRevoked.push(...keptOf(next).slice(0, MOST_KEPT - keptRevoked.length));
    }
    if (page.length < PAGE_ROWS) break;
    await deps.nextTurn();
  }
  await told.catchUp(); // what was issued meanwhile is no stray
  const asked = present < told.credentials.size ? [...doubtful, ...told.credentials.keys()] : doubtful;
  return { ids, keptRevoked, keptRevokedCount, strayCredentials: await findStrays(deps, told, asked) };
}

function isStray(
  { sha256 }: RestoreDeps,
  known: ToldCredential | undefined,
  stored: StoredCredential | undefined,
): boolean {
  return known === undefined || stored === undefined || !isIssuedAsTold(known, stored, sha256);
}

async function findStrays(deps: RestoreDeps, told: Telling, asked: readonly string[]): Promise<string[]> {
  const strays = new Set<string>();
  for (const id of asked) {
    if (strays.size === MOST_STRAYS) break;
    if (isStray(deps, told.credentials.get(id), await deps.store.findCredential(id))) strays.add(id);
  }
  return [...strays];
}

interface GroupDone {
  readonly restored: number;
  readonly logSeqs: readonly number[];
}

/** Reads log and rows again: what changed since is settled, and nothing of it changes while a command is planned. */
async function planGroup(
  deps: RestoreDeps,
  actor: string,
  ids: readonly string[],
  told: Telling,
  isSeen: IsSeen,
): Promise<Plan<GroupDone>> {
  await told.catchUp();
  const group: RestoredState[] = [];
  for (const id of ids) {
    const known = told.credentials.get(id);
    const stored = await deps.store.findCredential(id);
    if (known === undefined || stored === undefined) continue;
    const next = restoredState(known, stored, isSeen);
    if (next !== null) group.push(next);
  }
  if (group.length === 0) return nothingToWrite({ restored: 0, logSeqs: [] });
  const publish = ({ encodings }: StoredCredential): void => {
    for (const { list, index, value } of encodings) deps.arena.set(deps.statusBase, list, index, value);
  };
  return {
    entries: [
      {
        at: deps.clock(),
        actor,
        type: 'restored',
        body: {
          credentials: group.map(({ stored }) => stored.credential.id),
          kept: group.flatMap(keptOf),
        },
      },
    ],
    change: { restored: group.map(({ update }) => update) },
    unsure: async () => {
      for (const { stored } of group) {
        const settled = await deps.store.findCredential(stored.credential.id);
        if (settled !== undefined) publish(settled);
      }
    },
    done: (rows) => {
      for (const { stored } of group) publish(stored);
      return { restored: group.length, logSeqs: [onlyRow(rows).seq] };
    },
  };
}

function keptOf({ kept }: RestoredState): KeptRevoked[] {
  return kept.map(({ credentialId: credential, form, list, index }) => ({ credential, form, list, index }));
}
