// Checks the whole log and holds the store against it: every state that the log tells must be the state that is stored.
// An edit of the database file that bypasses the log shows up here.

import { canonicalJson } from '../codec/json.js';
import { YimaError } from '../errors/yima-error.js';
import type { Sha256 } from '../signature/public-key.js';
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
}

/** What the log tells of one credential. */
interface Told {
  /** Canonical JSON of what was issued. */
  readonly issued: string;
  revoked: boolean;
  suspended: boolean;
  level: number;
  /** `list:index` of the encodings that were revoked alone. */
  readonly revokedEncodings: Set<string>;
}

const PAGE = 500;
const MOST_STRAYS = 100;

/** Reads the log from the first entry, then every credential; memory grows with their number (about 1 KB each). */
export async function auditLog(store: Store, sha256: Sha256): Promise<LogAudit> {
  const told = new Map<string, Told>();
  let last: LogRow | undefined;
  let entries = 0;
  for (let after = 0; ; after += PAGE) {
    const rows = await store.log(after, PAGE);
    for (const row of rows) {
      entries += 1;
      if (!follows(last, row, sha256)) {
        return { ok: false, entries, brokenAt: row.seq, head: last?.hash ?? null, strayCredentials: [] };
      }
      last = row;
      replay(told, row);
    }
    if (rows.length < PAGE) break;
  }
  const strayCredentials = await findStrays(store, told, sha256);
  const ok = strayCredentials.length === 0;
  return { ok, entries, brokenAt: null, head: last?.hash ?? null, strayCredentials };
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
function replay(told: Map<string, Told>, row: LogRow): void {
  const body = JSON.parse(row.body) as Pick<Told, 'revoked' | 'suspended' | 'level'> & {
    readonly credential: string;
    readonly list: number;
    readonly index: number;
  };
  if (row.type === 'issued') {
    const fresh = { revoked: false, suspended: false, level: 0, revokedEncodings: new Set<string>() };
    told.set(body.credential, { issued: row.body, ...fresh });
    return;
  }
  const known = told.get(body.credential);
  if (known === undefined) return;
  if (row.type === 'encoding_revoked') {
    known.revokedEncodings.add(`${body.list}:${body.index}`);
    return;
  }
  known.revoked = body.revoked;
  known.suspended = body.suspended;
  known.level = body.level;
}

async function findStrays(store: Store, told: Map<string, Told>, sha256: Sha256): Promise<string[]> {
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
  }
  return [...strays, ...told.keys()].slice(0, MOST_STRAYS);
}

function isAsTold(told: Told | undefined, stored: StoredCredential, sha256: Sha256): boolean {
  if (told === undefined) return false;
  const { credential, encodings } = stored;
  return (
    told.issued === canonicalJson(issuedBody(sha256, stored)) &&
    told.revoked === credential.revoked &&
    told.suspended === credential.suspended &&
    told.level === credential.level &&
    encodings.every(
      (encoding) =>
        encoding.revoked === told.revokedEncodings.has(`${encoding.list}:${encoding.index}`) &&
        encoding.value === encodingValue(credential, encoding),
    )
  );
}
