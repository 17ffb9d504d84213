// Who decided what, on SQLite: the part of the store port that core/issue/decision-rows.ts declares.

import { type DecisionReads, PROPOSAL_OPEN_SECONDS } from '../../core/issue/decision-rows.js';
import { type Change, checkPageLimit } from '../../core/issue/store.js';
import type { prepareDecisionReads, prepareDecisionWrites } from './decision-statements.js';
import { requireOneRow, translateErrors } from './store-errors.js';

type Reads = ReturnType<typeof prepareDecisionReads>;
type Writes = ReturnType<typeof prepareDecisionWrites>;

/** After the credentials and before the log, in an order that references allow. */
export function writeDecisions(writes: Writes, change: Change): void {
  for (const row of change.proposals ?? []) requireOneRow(writes.putProposal.run({ ...row }));
  for (const row of change.colourRules ?? []) requireOneRow(writes.putColourRule.run({ ...row }));
  for (const row of change.invocations ?? []) writes.addInvocation(row);
  for (const row of change.colourChanges ?? []) writes.addColourChange(row);
  for (const row of change.appeals ?? []) requireOneRow(writes.putAppeal.run({ ...row }));
  for (const row of change.revocationJobs ?? []) requireOneRow(writes.putRevocationJob.run({ ...row }));
}

export function decisionReads(reads: Reads): DecisionReads {
  return {
    findProposal: async (id) => translateErrors(() => reads.proposal.get({ id })),
    findProposalByHash: async (hash) => translateErrors(() => reads.proposalByHash.get({ hash })),
    proposals: async (after, limit) =>
      translateErrors(() => reads.proposals.all({ after, limit: checkPageLimit(limit) })),
    openProposals: async (since, after, limit) =>
      translateErrors(() => reads.openProposals.all({ since, after, limit: checkPageLimit(limit) })),
    proposedSize: async (type, since) =>
      translateErrors(
        () => reads.proposedSize.get({ type, since, earliest: since - PROPOSAL_OPEN_SECONDS })?.n ?? 0,
      ),
    colourRules: async () => translateErrors(() => reads.colourRules.all()),
    colourChangesOf: async (credentialId, limit) =>
      translateErrors(() => reads.colourChangesOf.all({ credentialId, limit: checkPageLimit(limit) })),
    colourChanges: async (changeId, after, limit) =>
      translateErrors(() => reads.colourChanges.all({ changeId, after, limit: checkPageLimit(limit) })),
    allColourChanges: async ({ changeId, credentialId }, limit) =>
      translateErrors(() =>
        reads.allColourChanges.all({ changeId, credentialId, limit: checkPageLimit(limit) }),
      ),
    countRuleChanges: async (ruleId, since) =>
      translateErrors(() => reads.ruleChanges.get({ ruleId, since })?.n ?? 0),
    countSingleChanges: async (actor, since) =>
      translateErrors(() => reads.singleChanges.get({ actor, since })?.n ?? 0),
    findInvocation: async (id) => translateErrors(() => reads.invocation.get({ id })),
    findInvocationByKey: async (principal, key) =>
      translateErrors(() => reads.invocationByKey.get({ principal, key })),
    findAppeal: async (id) => translateErrors(() => reads.appeal.get({ id })),
    appeals: async (after, limit) =>
      translateErrors(() => reads.appeals.all({ after, limit: checkPageLimit(limit) })),
    openAppeals: async (after, limit) =>
      translateErrors(() => reads.openAppeals.all({ after, limit: checkPageLimit(limit) })),
    countOpenAppeals: async () => translateErrors(() => reads.openAppealCount.get()?.n ?? 0),
    appealsOf: async (credentialId, limit) =>
      translateErrors(() => reads.appealsOf.all({ credentialId, limit: checkPageLimit(limit) })),
    findRevocationJob: async (id) => translateErrors(() => reads.job.get({ id })),
    runningRevocationJobs: async () => translateErrors(() => reads.runningJobs.all()),
  };
}
