// One transaction of a scoped revocation: the next credentials that its scope covers, revoked with their log entry and the
// place where the next one goes on. Whatever is killed between two of them goes on from there.

import { type BulkChangeDeps, bulkChange } from './bulk-change.js';
import type { RevocationJobRow } from './decision-rows.js';
import type { Ledger, Plan } from './ledger.js';
import type { LogEntry } from './log.js';
import type { Clock } from './ports.js';
import { scopeOf } from './revocation-scope.js';
import type { RevocationScope } from './scope.js';
import { WINDOW_ROWS } from './scope-count.js';
import type { StoredCredential } from './store.js';

/** Credentials of one transaction, and of one log entry: some 15 KB. */
const BATCH = 500;

export interface StepDeps extends BulkChangeDeps {
  readonly ledger: Pick<Ledger, 'submit'>;
  readonly clock: Clock;
  /** Resolves when others had their turn; called after every window. */
  readonly nextTurn: () => Promise<void>;
}

/** Under whose decision a job revokes, and what for. */
export interface Mandate {
  readonly scope: RevocationScope;
  /** API key id of who approved it. */
  readonly actor: string;
  readonly purpose: string;
  readonly evidence: string;
}

/**
 * Revokes the next 500, or what is left of them, and resolves with the job as it is then.
 * @throws YimaError as `Ledger.submit`
 */
export async function takeStep(
  deps: StepDeps,
  job: RevocationJobRow,
  mandate: Mandate,
): Promise<RevocationJobRow> {
  const found = await collect(deps, job, mandate.scope);
  const subjects = [jobSubject(job.id), ...found.ids.map((id) => `credential:${id}`)];
  return deps.ledger.submit(subjects, () => planStep(deps, job, mandate, found));
}

export function jobSubject(id: string): string {
  return `revocation:${id}`;
}

interface Found {
  /** Credentials that were not revoked when they were looked at. */
  readonly ids: readonly string[];
  /** Those that were. */
  readonly skipped: number;
  /** Up to here everything is in one of the two. */
  readonly cursor: string;
  readonly isLast: boolean;
}

async function collect(
  { store, nextTurn }: StepDeps,
  job: RevocationJobRow,
  scope: RevocationScope,
): Promise<Found> {
  const ids: string[] = [];
  let skipped = 0;
  let cursor = job.cursor;
  while (ids.length < BATCH) {
    const window = { after: cursor, rows: WINDOW_ROWS };
    const { credentials, next } = await store.pageScope(scope, window, BATCH - ids.length);
    for (const { credential } of credentials) {
      if (credential.revoked) skipped += 1;
      else ids.push(credential.id);
    }
    cursor = next ?? credentials.at(-1)?.credential.id ?? cursor;
    if (next === null) return { ids, skipped, cursor, isLast: true };
    await nextTurn();
  }
  return { ids, skipped, cursor, isLast: false };
}

/** Reads again what was found, since somebody else may have revoked some of it meanwhile. */
async function planStep(
  deps: StepDeps,
  job: RevocationJobRow,
  mandate: Mandate,
  found: Found,
): Promise<Plan<RevocationJobRow>> {
  const at = deps.clock();
  const { actor, purpose, evidence } = mandate;
  const live = (await readAgain(deps, found.ids)).filter(({ credential }) => !credential.revoked);
  const next: RevocationJobRow = {
    ...job,
    done: job.done + live.length,
    skipped: job.skipped + found.skipped + found.ids.length - live.length,
    cursor: found.cursor,
    ...(found.isLast ? { state: 'done', finishedAt: at } : {}),
  };
  const { entries, change, done, ...effect } = bulkChange(
    live.map((stored) => ({ stored, delta: { revoked: true } })),
    { changeId: job.id, by: 'proposal', actor, at, rule: null, purpose, evidence },
    deps,
  );
  return {
    ...effect,
    entries: [...entries, ...(found.isLast ? [jobOver(next, at, actor)] : [])],
    change: { ...change, revocationJobs: [next] },
    done: () => {
      done?.();
      return next;
    },
  };
}

async function readAgain({ store }: StepDeps, ids: readonly string[]): Promise<readonly StoredCredential[]> {
  if (ids.length === 0) return [];
  return (await store.pageScope(scopeOf(ids), { after: '', rows: BATCH }, BATCH)).credentials;
}

/** @param job over */
export function jobOver(job: RevocationJobRow, at: number, actor: string): LogEntry {
  const { id, done, skipped, failure } = job;
  const type = failure === null ? 'scoped_revocation_done' : 'scoped_revocation_stopped';
  return { at, actor, type, body: { revocation: id, done, skipped, failure } };
}
