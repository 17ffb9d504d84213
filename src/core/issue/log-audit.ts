// Checks the whole log and holds the store against it: every state that the log tells must be the state that is stored.
// An edit of the database file that bypasses the log shows up here. Page by page, so that nobody waits for the whole.

import { utf8Encode } from '../codec/bytes.js';
import { canonicalJson } from '../codec/json.js';
import { YimaError } from '../errors/yima-error.js';
import type { Sha256 } from '../signature/public-key.js';
import { isApiKeyAsTold, replayApiKey, type ToldApiKeys } from './api-key-log.js';
import { issuedBody } from './issued-body.js';
import { checkLogRow } from './log.js';
import { encodingValue } from './state-change.js';
import type { LogRow, Store, StoredCredential } from './store.js';

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

/** What the log tells of one credential. */
interface Told {
  /** Digest of the canonical JSON of what was issued. */
  readonly issued: string;
  revoked: boolean;
  suspended: boolean;
  level: number;
  /** `list:index` of the encodings that were revoked alone. */
  revokedEncodings: readonly string[];
}

interface ToldAll {
  readonly credentials: Map<string, Told>;
  readonly apiKeys: ToldApiKeys;
}

/** Members of an entry's body; a type tells which of them there are. */
interface Body {
  readonly credential?: string;
  readonly id?: string;
  readonly list: number;
  readonly index: number;
  readonly revoked: boolean;
  readonly suspended: boolean;
  readonly level: number;
}

/** Takes two or three milliseconds. */
const PAGE = 100;
const MOST_STRAYS = 100;
const NONE: readonly string[] = [];

/**
 * Reads the log from the first entry to what is the newest at the start, then every credential and API key. What changes
 * meanwhile is not judged. Memory grows with the credentials (about 300 bytes each).
 */
export async function auditLog(deps: AuditDeps): Promise<LogAudit> {
  const told: ToldAll = { credentials: new Map(), apiKeys: new Map() };
  const end = (await deps.store.head())?.seq ?? 0;
  const read = await readLog(deps, undefined, end, (row) => replay(told, row, deps.sha256));
  const head = read.last?.hash ?? null;
  const broken = { ok: false, head, strayCredentials: [], strayApiKeys: [] };
  if (read.brokenAt !== null) return { ...broken, entries: read.brokenAt, brokenAt: read.brokenAt };

  const credentials = await findStrayCredentials(deps, told.credentials);
  const apiKeys = await findStrayApiKeys(deps, told.apiKeys);
  const changed = new Set<string>();
  const newest = (await deps.store.head())?.seq ?? 0;
  const since = await readLog(deps, read.last, newest, (row) => noteChanged(changed, row));
  if (since.brokenAt !== null) return { ...broken, entries: since.brokenAt, brokenAt: since.brokenAt };

  const strayCredentials = credentials.filter((id) => !changed.has(id)).slice(0, MOST_STRAYS);
  const strayApiKeys = apiKeys.filter((id) => !changed.has(id)).slice(0, MOST_STRAYS);
  const ok = strayCredentials.length === 0 && strayApiKeys.length === 0;
  return { ok, entries: end, brokenAt: null, head, strayCredentials, strayApiKeys };
}

/** Checks the entries after `from` to number `end`, each before it is taken. */
async function readLog(
  { store, sha256, nextTurn }: AuditDeps,
  from: LogRow | undefined,
  end: number,
  take: (row: LogRow) => void,
): Promise<{ last: LogRow | undefined; brokenAt: number | null }> {
  let last = from;
  for (let after = from?.seq ?? 0; after < end; after = last?.seq ?? 0) {
    const rows = await store.log(after, Math.min(PAGE, end - after));
    if (rows.length === 0) return { last, brokenAt: after + 1 };
    for (const row of rows) {
      if (!follows(last, row, sha256)) return { last, brokenAt: (last?.seq ?? 0) + 1 };
      last = row;
      take(row);
    }
    await nextTurn();
  }
  return { last, brokenAt: null };
}

function follows(last: LogRow | undefined, row: LogRow, sha256: Sha256): boolean {
  try {
    checkLogRow(last, row, sha256);
    return true;
  } catch (error) {
    if (error instanceof YimaError && error.code === 'log_broken') return false;
    throw error;
  }
}

/** Bodies were written by this project and their hash was checked, so a type tells its members. */
function replay(told: ToldAll, row: LogRow, sha256: Sha256): void {
  replayApiKey(told.apiKeys, row);
  const body = JSON.parse(row.body) as Body;
  if (body.credential === undefined) return;
  if (row.type === 'issued') {
    const issued = digest(row.body, sha256);
    const fresh = { revoked: false, suspended: false, level: 0, revokedEncodings: NONE };
    told.credentials.set(body.credential, { issued, ...fresh });
    return;
  }
  const known = told.credentials.get(body.credential);
  if (known === undefined) return;
  if (row.type === 'encoding_revoked') {
    known.revokedEncodings = [...known.revokedEncodings, `${body.list}:${body.index}`];
    return;
  }
  known.revoked = body.revoked;
  known.suspended = body.suspended;
  known.level = body.level;
}

/** Ids of credentials and of API keys differ in length, so one set holds both. */
function noteChanged(changed: Set<string>, row: LogRow): void {
  const { credential, id } = JSON.parse(row.body) as Body;
  if (credential !== undefined) changed.add(credential);
  if (id !== undefined) changed.add(id);
}

/** All of them, also those that changed meanwhile. Those that are stored leave `told`. */
async function findStrayCredentials(
  { store, sha256, nextTurn }: AuditDeps,
  told: Map<string, Told>,
): Promise<string[]> {
  const strays: string[] = [];
  let after = '';
  for (;;) {
    const page = await store.credentials(after, PAGE);
    for (const stored of page) {
      const { id } = stored.credential;
      if (!isAsTold(told.get(id), stored, sha256)) strays.push(id);
      told.delete(id);
      after = id;
    }
    if (page.length < PAGE) break;
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

function isAsTold(told: Told | undefined, stored: StoredCredential, sha256: Sha256): boolean {
  if (told === undefined) return false;
  const { credential, encodings } = stored;
  return (
    told.issued === digest(canonicalJson(issuedBody(sha256, stored)), sha256) &&
    told.revoked === credential.revoked &&
    told.suspended === credential.suspended &&
    told.level === credential.level &&
    encodings.every(
      (encoding) =>
        encoding.revoked === told.revokedEncodings.includes(`${encoding.list}:${encoding.index}`) &&
        encoding.value === encodingValue(credential, encoding),
    )
  );
}

/** SHA-256, one character a byte: the smallest string there is for it, since one a credential is kept. */
function digest(text: string, sha256: Sha256): string {
  return String.fromCharCode(...sha256(utf8Encode(text)));
}
