// Proposals as the log tells them, with the signatures under them: a decision that nobody logged, or nobody signed, is found.

import { hexEncode, utf8Encode } from '../codec/bytes.js';
import { canonicalJson } from '../codec/json.js';
import type { Sha256 } from '../signature/public-key.js';
import type { ProposalRow } from './decision-rows.js';
import type { LogEntry } from './log.js';
import type { LogRow } from './store.js';

/** What the log tells of one proposal: its decision, and a digest of what it was opened as. */
export interface ToldProposal {
  readonly opened: string;
  decision: string | null;
}

/** By the id of the proposal. */
export type ToldProposals = Map<string, ToldProposal>;

const TYPES = {
  open: 'proposal_opened',
  approved: 'proposal_approved',
  rejected: 'proposal_rejected',
  withdrawn: 'proposal_withdrawn',
} as const satisfies Record<ProposalRow['state'], string>;

export function proposalOpened(row: ProposalRow): LogEntry {
  return { at: row.proposedAt, actor: row.proposedBy, type: TYPES.open, body: openedBody(row) };
}

/** @param row decided */
export function proposalDecided(row: ProposalRow): LogEntry {
  const { id: proposal, hash, state, decidedBy, decidedAt, deciderJws } = row;
  return {
    at: decidedAt ?? 0,
    actor: decidedBy ?? '',
    type: TYPES[state],
    body: { proposal, hash, jws: deciderJws },
  };
}

/** Takes one entry of the log in; of two for one proposal the first one holds. */
export function replayProposal(told: ToldProposals, row: LogRow, sha256: Sha256): void {
  if (!Object.values<string>(TYPES).includes(row.type)) return;
  const isDecision = row.type !== TYPES.open;
  const { proposal } = JSON.parse(row.body) as { readonly proposal: string };
  const known = told.get(proposal);
  const text = digest(row, sha256);
  if (isDecision && known !== undefined) known.decision ??= text;
  if (!isDecision && known === undefined) told.set(proposal, { opened: text, decision: null });
}

/** Whether a stored proposal is, in every member, what the log tells of it. */
export function isProposalAsTold(told: ToldProposal | undefined, row: ProposalRow, sha256: Sha256): boolean {
  if (told === undefined || hashOf(row, sha256) !== row.hash) return false;
  const digestOf = (entry: LogEntry): string => digest({ ...entry, body: canonicalJson(entry.body) }, sha256);
  const decision = row.state === 'open' ? null : digestOf(proposalDecided(row));
  return told.opened === digestOf(proposalOpened(row)) && told.decision === decision;
}

/** The body itself stands in its row alone: the hash binds it. */
function openedBody({ id: proposal, type, hash, size, seen, proposerJws }: ProposalRow) {
  return { proposal, type, hash, size, seen, jws: proposerJws };
}

function hashOf({ type, body }: ProposalRow, sha256: Sha256): string {
  return hexEncode(sha256(utf8Encode(`yima-proposal-v1 ${type}\n${body}`)));
}

function digest(
  { at, actor, type, body }: Pick<LogRow, 'at' | 'actor' | 'type' | 'body'>,
  sha256: Sha256,
): string {
  return String.fromCharCode(...sha256(utf8Encode(canonicalJson([at, actor, type, body]))));
}
