// Proposals as officers give them and get them back.

import { type Static, Type } from 'typebox';
import type { ProposalRow } from '../../core/issue/decision-rows.js';
import { type ProposalState, proposalState } from '../../core/issue/proposals.js';
import { closed, EPOCH, nullable } from './common.js';

const BODY = Type.Record(Type.String(), Type.Unknown(), {
  maxProperties: 32,
  description: 'What is proposed; its type tells the members',
});
export const jws = Type.String({
  minLength: 1,
  maxLength: 1_024,
  description: 'Compact JWS, typ yima-approval+jwt, over hash, action and iat; `yima officer sign` makes it',
});

export const proposeBody = closed({
  type: Type.String({ minLength: 1, maxLength: 32, description: 'colour, rule, reversal, revocation' }),
  body: BODY,
  jws,
});

export const decideBody = closed({
  action: Type.Unsafe<'approve' | 'reject' | 'withdraw'>({
    type: 'string',
    enum: ['approve', 'reject', 'withdraw'],
    description: 'Who proposed it withdraws it; somebody else approves or rejects it, with a signature',
  }),
  jws: Type.Optional(jws),
});

export const proposalSchema = closed({
  id: Type.String(),
  type: Type.String(),
  body: BODY,
  hash: Type.String({
    description: 'Hex SHA-256 of `yima-proposal-v1 `, type, line feed and the canonical JSON of body',
  }),
  size: Type.Integer({ description: 'Credentials that it counts for' }),
  state: Type.Unsafe<ProposalState>({
    type: 'string',
    enum: ['open', 'approved', 'rejected', 'withdrawn', 'expired'],
  }),
  proposedBy: Type.String({ description: 'API key id' }),
  proposedAt: EPOCH,
  proposerJws: nullable(Type.String({ description: 'null for the surplus of a rule' })),
  decidedBy: nullable(Type.String()),
  decidedAt: nullable(EPOCH),
  deciderJws: nullable(Type.String()),
});

export function proposalView(row: ProposalRow, now: number): Static<typeof proposalSchema> {
  const { seen: _seen, ...shown } = row;
  const body = JSON.parse(row.body) as Record<string, unknown>;
  return { ...shown, body, state: proposalState(row, now) };
}
