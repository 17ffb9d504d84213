// An officer's answer to an appeal. Where it is accepted the colour goes back to what it was before the change, in the same command:
// the desk that filed it is the first of the two people, the officer the second. What was signed anew since gets it under its new id.

import { YimaError } from '../errors/yima-error.js';
import type { VerifySignature } from '../signature/ports.js';
import type { Sha256 } from '../signature/public-key.js';
import { appealDecided } from './appeal-log.js';
import { APPEAL, appealHash, changesOf, getAppeal, getChange } from './appeal-rows.js';
import { checkApproval } from './approval.js';
import { type BulkChangeDeps, bulkChange } from './bulk-change.js';
import type { AppealRow, ColourChangeRow, ProposalRow } from './decision-rows.js';
import type { Plan } from './ledger.js';
import { currentOf, idsOf, type Lineage } from './lineage.js';
import type { Officer, Officers } from './officers.js';
import type { Clock, Random } from './ports.js';
import { HOLDER } from './principal.js';
import { proposalDecided, proposalOpened } from './proposal-log.js';
import type { Effect } from './proposals.js';
import type { Store } from './store.js';
import { newTimedId } from './timed-id.js';

export interface AppealDecision {
  /** `approve` accepts it, as one of two people approves a proposal. */
  readonly action: 'approve' | 'reject';
  /** As of `signApproval`: over the appeal's hash. */
  readonly jws: string;
  /** For the holder, at most 500 printable characters; a rejection needs one. */
  readonly answer: string | null;
}

export interface AppealDecisionDeps extends BulkChangeDeps {
  readonly clock: Clock;
  readonly random: Random;
  readonly sha256: Sha256;
  readonly verify: VerifySignature;
  readonly officers: Officers;
  /** Hears of every colour that went back. */
  readonly onGivenBack: () => void;
}

/** Called in the ledger. @param lineage of the credential that it is about @throws YimaError as `Appeals.decide` */
export async function planAppealDecision(
  deps: AppealDecisionDeps,
  actor: string,
  id: string,
  lineage: Lineage,
  { action, jws, answer }: AppealDecision,
): Promise<Plan<AppealRow>> {
  const { store, officers, sha256 } = deps;
  const row = await getAppeal(store, id);
  if (row.state !== 'open')
    throw new YimaError('conflict', `This appeal is ${row.state}.`, { rule: row.state });
  const now = deps.clock();
  const officer = officers.get(actor);
  const change = await getChange(store, [row.credentialId], row.changeId);
  await checkUninvolved(deps, officer, row, change);
  const signed = { hash: appealHash(row, sha256).hash, action };
  checkApproval(jws, signed, officer.publicKey, now, deps.verify);

  const decided = { decidedBy: actor, decidedAt: now, deciderJws: jws, answer };
  if (action === 'reject') return settled({ ...row, state: 'rejected', ...decided }, sha256);
  const given = await giveBack(deps, row, change, lineage, decided);
  const accepted: AppealRow = {
    ...row,
    state: 'accepted',
    ...decided,
    proposalId: given?.proposal.id ?? null,
  };
  return settled(accepted, sha256, given);
}

interface GivenBack {
  readonly proposal: ProposalRow;
  readonly effect: Effect;
}

function settled(row: AppealRow, sha256: Sha256, given: GivenBack | null = null): Plan<AppealRow> {
  if (given === null)
    return { entries: [appealDecided(row, sha256)], change: { appeals: [row] }, done: () => row };
  const { proposal, effect } = given;
  const opened: ProposalRow = { ...proposal, state: 'open' };
  return {
    entries: [
      proposalOpened(opened),
      proposalDecided(proposal),
      ...effect.entries,
      appealDecided(row, sha256),
    ],
    change: { ...effect.change, proposals: [proposal], appeals: [row] },
    ...(effect.unsure === undefined ? {} : { unsure: effect.unsure }),
    done: () => {
      effect.done?.();
      return row;
    },
  };
}

/**
 * What accepting writes besides the decision: null where the credential was revoked, which is for good: it is issued anew.
 * @throws YimaError `conflict` where it no longer is as the change left it
 */
async function giveBack(
  deps: AppealDecisionDeps,
  row: AppealRow,
  change: ColourChangeRow,
  lineage: Lineage,
  {
    decidedBy,
    decidedAt,
    deciderJws,
  }: Pick<AppealRow, 'deciderJws'> & { decidedBy: string; decidedAt: number },
): Promise<GivenBack | null> {
  const stored = currentOf(lineage);
  if (change.form !== null || stored.credential.revoked) return null;
  await checkNewest(deps.store, lineage, change);
  const { text, hash } = appealHash(row, deps.sha256);
  const proposal: ProposalRow = {
    id: newTimedId(decidedAt, deps.random),
    type: APPEAL,
    body: text,
    hash,
    size: 1,
    seen: '',
    proposedBy: row.filedBy,
    proposedAt: decidedAt,
    proposerJws: null,
    state: 'approved',
    decidedBy,
    decidedAt,
    deciderJws,
  };
  const delta = { suspended: change.fromSuspended, level: change.fromLevel };
  const provenance = {
    changeId: proposal.id,
    by: 'proposal',
    actor: decidedBy,
    at: decidedAt,
    rule: null,
    purpose: APPEAL,
    evidence: row.id,
  } as const;
  const effect = bulkChange([{ stored, delta }], provenance, deps);
  const done = (): void => {
    effect.done?.();
    deps.onGivenBack();
  };
  return { proposal, effect: { ...effect, done } };
}

async function checkNewest(store: Store, lineage: Lineage, change: ColourChangeRow): Promise<void> {
  const { credential } = currentOf(lineage);
  const changes = await changesOf(store, idsOf(lineage));
  const newest = changes.find(({ form }) => form === null);
  const isAsLeft = credential.suspended === change.toSuspended && credential.level === change.toLevel;
  if (newest?.changeId === change.changeId && isAsLeft) return;
  throw new YimaError(
    'conflict',
    'The colour was changed again since. Reject this one with that reason, and let the holder appeal against the newest change.',
    { rule: 'changed_meanwhile' },
  );
}

/**
 * Nobody judges his own work: not who made the change or a part of it, nor who put its rule in force, nor who made the key of
 * one of them, nor who filed the appeal.
 */
async function checkUninvolved(
  { store, officers }: AppealDecisionDeps,
  officer: Officer,
  { filedBy }: AppealRow,
  change: ColourChangeRow,
): Promise<void> {
  const rules = change.ruleId === null ? [] : await store.colourRules();
  const rule = rules.find(({ id, version }) => id === change.ruleId && version === change.ruleVersion);
  const proposals = [
    await store.findProposal(change.changeId),
    rule === undefined ? undefined : await store.findProposal(rule.proposalId),
  ];
  const people = proposals.flatMap((each) => [each?.proposedBy, each?.decidedBy]);
  // A holder files with the key of a phone, which nobody here made.
  const filer = filedBy === HOLDER ? undefined : filedBy;
  for (const id of [change.actor, filer, ...people]) {
    if (id === officer.id)
      throw new YimaError('forbidden', 'Who had a part in it does not judge it. Ask another officer.', {
        rule: 'took_part',
      });
    if (typeof id === 'string' && officers.madeEachOther(id, officer.id))
      throw new YimaError('forbidden', 'One made the other’s key. Ask another officer.', {
        rule: 'same_origin',
      });
  }
}
