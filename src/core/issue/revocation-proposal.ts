// What two officers sign when they revoke by scope: the scope, how many it covered when somebody looked, and what for.

import { isJsonObject, type JsonObject } from '../codec/json.js';
import type { KindTable } from '../credential/kind.js';
import { YimaError } from '../errors/yima-error.js';
import type { Sha256 } from '../signature/public-key.js';
import { proposalHash } from './approval.js';
import { readMembers } from './body-members.js';
import type { ProposalRow, RevocationJobRow } from './decision-rows.js';
import { checkCurrent } from './lineage.js';
import type { ProposalHandler } from './proposals.js';
import { canonicalScope, parseScope, scopeBefore } from './revocation-scope.js';
import type { Mandate } from './revocation-step.js';
import type { RevocationScope } from './scope.js';
import type { Store } from './store.js';

export const REVOCATION = 'revocation';
/** Subject of what decides on a revocation and of what issues anew: each sees what the other has done. */
export const REISSUE = 'reissue';
const MAX_COUNT = 1_000_000_000;
/** Of what was counted, in percent: so much more may have been issued until it is approved. */
const GROWTH_PERCENT = 10;

export interface RevocationBody {
  readonly scope: RevocationScope;
  /** As the dry run counted. */
  readonly count: number;
  readonly purpose: string;
  readonly evidence: string;
}

/** @throws YimaError `invalid_request` with the field */
export function readRevocation(body: JsonObject, kinds: KindTable): RevocationBody {
  const members = readMembers(body, ['scope', 'count', 'purpose', 'evidence', 'nonce']);
  return {
    scope: parseScope(body['scope'], kinds, 'body.scope'),
    count: members.wholeNumber('count', 1, MAX_COUNT),
    purpose: members.text('purpose', 128),
    evidence: members.text('evidence', 128),
  };
}

export interface RevocationProposalsDeps {
  readonly store: Store;
  readonly kinds: KindTable;
  /** Called when a job is stored. */
  readonly wake: () => void;
}

/** Approving stores a job; what it revokes follows transaction by transaction. */
export function createRevocationProposals({ store, kinds, wake }: RevocationProposalsDeps): ProposalHandler {
  return {
    isProposedByOfficers: true,
    subjects: async (body) => {
      readRevocation(body, kinds);
      return [REISSUE];
    },
    check: async (body) => {
      const { scope, count } = readRevocation(body, kinds);
      for (const [at, id] of (scope.credentials ?? []).entries()) {
        const stored = await store.findCredential(id);
        if (stored !== undefined) await checkCurrent(store, stored, `body.scope.credentials.${at}`);
      }
      return { size: count, seen: '' };
    },
    effect: async (row, body) => ({
      entries: [],
      change: { revocationJobs: [newJob(row, readRevocation(body, kinds))] },
      done: wake,
      unsure: async () => wake(),
    }),
  };
}

/** @param proposal approved */
export function newJob(
  { id, decidedAt }: Pick<ProposalRow, 'id' | 'decidedAt'>,
  body: RevocationBody,
): RevocationJobRow {
  return {
    id,
    scope: canonicalScope(body.scope),
    total: body.count,
    done: 0,
    skipped: 0,
    cursor: '',
    state: 'running',
    failure: null,
    startedAt: decidedAt ?? 0,
    finishedAt: null,
  };
}

/** Whether so many are more than those who decided have seen. */
export function isMoreThanSeen(count: number, seen: number): boolean {
  return count * 100 > seen * (100 + GROWTH_PERCENT);
}

/**
 * What a job may do, from the proposal alone that two people signed.
 * @throws YimaError `conflict` with the rule `changed_meanwhile` when job and proposal do not fit together
 */
export function mandateOf(
  job: RevocationJobRow,
  proposal: ProposalRow | undefined,
  kinds: KindTable,
  sha256: Sha256,
): Mandate {
  if (proposal === undefined || proposal.type !== REVOCATION || proposal.state !== 'approved') throw unfit();
  const { decidedBy, body: text } = proposal;
  const parsed: unknown = JSON.parse(text);
  if (decidedBy === null || !isJsonObject(parsed)) throw unfit();
  if (proposalHash(REVOCATION, parsed, sha256).hash !== proposal.hash) throw unfit();
  const { scope, count, purpose, evidence } = readRevocation(parsed, kinds);
  if (job.scope !== canonicalScope(scope) || job.total !== count) throw unfit();
  return { scope: scopeOfJob(job, kinds), actor: decidedBy, purpose, evidence };
}

/** Nothing that is issued after the second of the approval is in it. */
export function scopeOfJob({ scope, startedAt }: RevocationJobRow, kinds: KindTable): RevocationScope {
  return scopeBefore(parseScope(JSON.parse(scope), kinds), startedAt + 1);
}

function unfit(): YimaError {
  return new YimaError(
    'conflict',
    'This revocation is not what was approved. Check the log: yima log verify.',
    {
      rule: 'changed_meanwhile',
    },
  );
}
