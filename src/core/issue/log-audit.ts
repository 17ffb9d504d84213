// Checks the whole log and holds the store against it: every state that the log tells must be the state that is stored.
// An edit of the database file that bypasses the log shows up here. Page by page, so that nobody waits for the whole.

import type { Sha256 } from '../signature/public-key.js';
import { isApiKeyAsTold, replayApiKey, type ToldApiKeys } from './api-key-log.js';
import { PAGE_ROWS, readLog } from './read-log.js';
import type { LogRow, Store } from './store.js';
import {
  credentialsIn,
  isIssuedAsTold,
  isStateAsTold,
  replayCredential,
  type ToldCredentials,
} from './told-credentials.js';

export interface LogAudit {
  readonly ok: boolean;
  /** Entries that were read. */
  readonly entries: number;
  /** The first entry that does not follow from the one before; null when the chain holds. */
  readonly brokenAt: number | null;
  /** Hash of the newest entry that holds; null for an empty log. */
  readonly head: string | null;
  /** Credentials that are not stored as the log tells, at most 100 ids. */
  readonly strayCredentials: readonly string[];
  /** API keys that are not stored as the log tells, at most 100 ids. They open nothing after the next start. */
  readonly strayApiKeys: readonly string[];
}

export interface AuditDeps {
  readonly store: Store;
  readonly sha256: Sha256;
  /** Resolves after a whole turn of the event loop; called after every page, so that other work runs in between. */
  readonly nextTurn: () => Promise<void>;
}

const MOST_STRAYS = 100;

/**
 * Reads the log from the first entry to what is the newest at the start, then every credential and API key. What changes
 * meanwhile is not judged. Memory grows with the credentials (about 300 bytes each).
 */
export async function auditLog(deps: AuditDeps): Promise<LogAudit> {
  const told: ToldCredentials = new Map();
  const toldKeys: ToldApiKeys = new Map();
  const end = (await deps.store.head())?.seq ?? 0;
  const read = await readLog(deps, undefined, end, (row) => {
    replayApiKey(toldKeys, row);
    replayCredential(told, row, deps.sha256);
  });
  const head = read.last?.hash ?? null;
  const broken = { ok: false, head, strayCredentials: [], strayApiKeys: [] };
  if (read.brokenAt !== null) return { ...broken, entries: read.brokenAt, brokenAt: read.brokenAt };

  const credentials = await findStrayCredentials(deps, told);
  const apiKeys = await findStrayApiKeys(deps, toldKeys);
  const changed = new Set<string>();
  const newest = (await deps.store.head())?.seq ?? 0;
  const since = await readLog(deps, read.last, newest, (row) => noteChanged(changed, row));
  if (since.brokenAt !== null) return { ...broken, entries: since.brokenAt, brokenAt: since.brokenAt };

  const strayCredentials = credentials.filter((id) => !changed.has(id)).slice(0, MOST_STRAYS);
  const strayApiKeys = apiKeys.filter((id) => !changed.has(id)).slice(0, MOST_STRAYS);
  const ok = strayCredentials.length === 0 && strayApiKeys.length === 0;
  return { ok, entries: end, brokenAt: null, head, strayCredentials, strayApiKeys };
}

/** Ids of credentials and of API keys differ in length, so one set holds both. */
function noteChanged(changed: Set<string>, row: LogRow): void {
  for (const id of credentialsIn(row)) changed.add(id);
  const { id } = JSON.parse(row.body) as { readonly id?: string };
  if (id !== undefined) changed.add(id);
}

/** All of them, also those that changed meanwhile. Those that are stored leave `told`. */
async function findStrayCredentials(
  { store, sha256, nextTurn }: AuditDeps,
  told: ToldCredentials,
): Promise<string[]> {
  const strays: string[] = [];
  let after = '';
  for (;;) {
    const page = await store.credentials(after, PAGE_ROWS);
    for (const stored of page) {
      const { id } = stored.credential;
      const known = told.get(id);
      const isAsTold =
        known !== undefined && isIssuedAsTold(known, stored, sha256) && isStateAsTold(known, stored);
      if (!isAsTold) strays.push(id);
      told.delete(id);
      after = id;
    }
    if (page.length < PAGE_ROWS) break;
    await nextTurn();
  }
  for (const id of told.keys()) strays.push(id);
  return strays;
}

async function findStrayApiKeys({ store, sha256 }: AuditDeps, told: ToldApiKeys): Promise<string[]> {
  const stored = await store.apiKeys();
  const strays = stored.filter((row) => !isApiKeyAsTold(told.get(row.id), row, sha256)).map(({ id }) => id);
  const present = new Set(stored.map(({ id }) => id));
  return [...strays, ...[...told.keys()].filter((id) => !present.has(id))];
}
