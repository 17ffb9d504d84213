// One logged batch taken back: every credential that still is as a proposal or an invocation left it gets the state it had before.
// What was signed anew since gets it under its new id. Takes two people and no cap, since it can do no more than undo; what was undone so is not undone again.

import type { JsonObject } from '../codec/json.js';
import { YimaError } from '../errors/yima-error.js';
import type { Sha256 } from '../signature/public-key.js';
import { readMembers } from './body-members.js';
import { type BulkChangeDeps, bulkChange, statesDigest } from './bulk-change.js';
import type { ColourChangeRow } from './decision-rows.js';
import { currentOf, idsOf, lineageOf } from './lineage.js';
import type { ProposalHandler } from './proposals.js';
import { REVOCATION } from './revocation-proposal.js';
import type { Store, StoredCredential } from './store.js';

const REVERSAL = 'reversal';
const PAGE = 1_000;
const MEMBERS = ['change', 'purpose', 'evidence', 'nonce'];

export interface ReversalDeps extends BulkChangeDeps {
  readonly sha256: Sha256;
}

interface Reversible {
  readonly change: ColourChangeRow;
  readonly stored: StoredCredential;
}

function readBody(body: JsonObject) {
  const read = readMembers(body, MEMBERS);
  return {
    /** Id of the proposal or invocation. */
    change: read.text('change', 26),
    purpose: read.text('purpose', 128),
    evidence: read.text('evidence', 128),
  };
}

export function createReversal(deps: ReversalDeps): ProposalHandler {
  return {
    isProposedByOfficers: true,
    subjects: async (body) => {
      const changes = await changesOf(deps.store, readBody(body).change);
      const ids: string[] = [];
      for (const { credentialId } of changes) ids.push(...idsOf(await lineageOf(deps.store, credentialId)));
      return ids.map((id) => `credential:${id}`);
    },
    check: async (body) => {
      const found = await findReversible(deps, readBody(body).change);
      if (found.length === 0) {
        throw new YimaError('conflict', 'Nothing is left of this change to take back.', {
          field: 'body.change',
        });
      }
      const seen = statesDigest(
        found.map(({ stored }) => stored),
        deps.sha256,
      );
      return { size: found.length, seen };
    },
    effect: async (row, body) => {
      const { change, purpose, evidence } = readBody(body);
      const found = await findReversible(deps, change);
      const changes = found.map(({ change: { fromSuspended, fromLevel }, stored }) => ({
        stored,
        delta: { suspended: fromSuspended, level: fromLevel },
      }));
      const by = { by: 'proposal', actor: row.decidedBy ?? '', at: row.decidedAt ?? 0, rule: null } as const;
      return bulkChange(changes, { changeId: row.id, ...by, purpose, evidence }, deps);
    },
  };
}

/** @throws YimaError `not_found`, `conflict` for what was itself a reversal, a scoped revocation or one person's act */
async function changesOf(store: Store, changeId: string): Promise<readonly ColourChangeRow[]> {
  const proposal = await store.findProposal(changeId);
  if (proposal?.type === REVOCATION) {
    throw new YimaError('conflict', 'What was revoked is revoked for good: issue anew.', {
      field: 'body.change',
    });
  }
  const changes: ColourChangeRow[] = [];
  for (let after = ''; ; ) {
    const page = await store.colourChanges(changeId, after, PAGE);
    changes.push(...page);
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) break;
    after = last.credentialId;
  }
  if (changes.length === 0) {
    throw new YimaError('not_found', 'No proposal or invocation of this id has changed a colour.', {
      field: 'body.change',
    });
  }
  if (proposal?.type === REVERSAL || changes.some(({ by }) => by === 'single')) {
    throw new YimaError('conflict', 'This is not taken back: change the colours anew, by rule or by hand.', {
      field: 'body.change',
    });
  }
  return changes;
}

async function findReversible({ store }: ReversalDeps, changeId: string): Promise<readonly Reversible[]> {
  const found: Reversible[] = [];
  for (const change of await changesOf(store, changeId)) {
    const stored = currentOf(await lineageOf(store, change.credentialId));
    if (isAsLeft(stored, change)) found.push({ change, stored });
  }
  return found;
}

function isAsLeft({ credential }: StoredCredential, { toSuspended, toLevel }: ColourChangeRow): boolean {
  return !credential.revoked && credential.suspended === toSuspended && credential.level === toLevel;
}
