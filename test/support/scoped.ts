// Scoped revocations in an office of a test: approved as two officers would have it, and run.

import { setImmediate as nextTurn } from 'node:timers/promises';
import { sha256 } from '../../src/adapters/crypto-node.js';
import { KINDS } from '../../src/core/credential/kind-table.js';
import { proposalHash } from '../../src/core/issue/approval.js';
import type { ProposalRow } from '../../src/core/issue/decision-rows.js';
import { proposalDecided, proposalOpened } from '../../src/core/issue/proposal-log.js';
import {
  createRevocationJobs,
  type RevocationJobs,
  type RevocationJobsDeps,
} from '../../src/core/issue/revocation-jobs.js';
import { newJob, REVOCATION, readRevocation } from '../../src/core/issue/revocation-proposal.js';
import type { Store } from '../../src/core/issue/store.js';
import { idOf } from '../adapters/store-rows.js';
import type { Office } from './office.js';

const STATUS_BASE = 'http://127.0.0.1:3000/status-lists/';
const OFFICER = 'c'.repeat(16);

export interface ScopedOffice extends Office {
  readonly store: Store;
}

export function jobsOf(
  { store, ledger, arena, now }: ScopedOffice,
  change: Partial<RevocationJobsDeps> = {},
): RevocationJobs {
  return createRevocationJobs({
    store,
    ledger,
    clock: () => now.at,
    kinds: KINDS,
    sha256,
    publish: ({ encodings }) => {
      for (const { list, index, value } of encodings) arena.set(STATUS_BASE, list, index, value);
    },
    nextTurn: () => nextTurn(),
    settled: async () => undefined,
    later: (run) => void setTimeout(run, 10).unref(),
    ...change,
  });
}

/** As it is stored once another officer approved it. @param n gives it its id */
export function approvedRow(n: number, scope: object, count: number, at: number): ProposalRow {
  const body = {
    scope,
    count,
    purpose: 'lost key',
    evidence: 'case 9',
    nonce: `nonce-${n}-0123456789`,
  };
  const { text, hash } = proposalHash(REVOCATION, body, sha256);
  return {
    id: idOf(n),
    type: REVOCATION,
    body: text,
    hash,
    size: count,
    seen: '',
    proposedBy: 'd'.repeat(16),
    proposedAt: at,
    proposerJws: 'a.b.c',
    state: 'approved',
    decidedBy: OFFICER,
    decidedAt: at,
    deciderJws: 'd.e.f',
  };
}

/** Stores a job as its approval does. @returns its id */
export async function approve(
  { ledger, now }: Pick<ScopedOffice, 'ledger' | 'now'>,
  n: number,
  scope: object,
  count: number,
): Promise<string> {
  const row = approvedRow(n, scope, count, now.at);
  const job = newJob(row, readRevocation(JSON.parse(row.body), KINDS));
  return ledger.submit([], async () => ({
    entries: [proposalOpened(row), proposalDecided(row)],
    change: { proposals: [row], revocationJobs: [job] },
    done: () => row.id,
  }));
}
