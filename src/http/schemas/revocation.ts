// Scoped revocations as officers ask for them, and how far they are.

import { type Static, Type } from 'typebox';
import { type ProposalState, proposalState } from '../../core/issue/proposals.js';
import type { Revocation } from '../../core/issue/revocations.js';
import { closed, EPOCH, nullable } from './common.js';

const name = (description: string) =>
  Type.Optional(Type.String({ minLength: 1, maxLength: 64, description }));

const scopeSchema = closed(
  {
    credentials: Type.Optional(
      Type.Array(Type.String({ pattern: '^[a-z2-7]{26}$' }), { minItems: 1, maxItems: 1_000 }),
    ),
    batch: name('As given when they were issued'),
    office: name('API key id that issued them'),
    operator: name('The person at the desk'),
    signingKey: name('Key id, base64url: one encoding signed with it is enough'),
    kind: name('Name of the kind'),
    region: Type.Optional(
      Type.String({ pattern: '^(?:[0-9]{2}){1,3}$', description: 'GB/T 2260 prefix; the Corps is 66' }),
    ),
    issuedBefore: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 9_999_999_999, description: 'Epoch seconds' }),
    ),
  },
  { description: 'Credentials that all of these cover; at least one is given' },
);

export const revocationBody = closed({
  scope: scopeSchema,
  dryRun: Type.Optional(Type.Boolean({ description: 'true: count, and change nothing' })),
  count: Type.Optional(Type.Integer({ minimum: 1, description: 'As the dry run counted' })),
  purpose: Type.Optional(Type.String({ minLength: 1, maxLength: 128 })),
  evidence: Type.Optional(Type.String({ minLength: 1, maxLength: 128 })),
  nonce: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9_-]{16,64}$' })),
  jws: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 1_024,
      description:
        'The officer’s signature under the proposal of type `revocation` whose body is scope, count, purpose, evidence, nonce',
    }),
  ),
});

export const groupSchema = closed({ kind: Type.String(), region: Type.String(), count: Type.Integer() });

export const countedSchema = closed({
  count: Type.Integer({ description: 'Credentials that would be revoked' }),
  revoked: Type.Integer({ description: 'Those in the scope that are already' }),
  groups: Type.Array(groupSchema, {
    description: '`count` by kind and region, largest first, at most 1000',
  }),
});

/** Before it is decided as its proposal is, then as far as it came. */
export type RevocationState = Exclude<ProposalState, 'approved'> | 'running' | 'done' | 'stopped';

const STATES: readonly RevocationState[] = [
  'open',
  'rejected',
  'withdrawn',
  'expired',
  'running',
  'done',
  'stopped',
];

export const revocationSchema = closed({
  id: Type.String({ description: 'Of the proposal too' }),
  state: Type.Unsafe<RevocationState>({ type: 'string', enum: [...STATES] }),
  scope: scopeSchema,
  total: Type.Integer({ description: 'As counted when it was proposed' }),
  done: Type.Integer({ description: 'Credentials that it has revoked' }),
  skipped: Type.Integer({ description: 'Those that were revoked before it came to them' }),
  failure: nullable(Type.String({ description: 'Why it stopped before the end: an error code' })),
  purpose: Type.String(),
  evidence: Type.String(),
  proposedBy: Type.String({ description: 'API key id' }),
  proposedAt: EPOCH,
  decidedBy: nullable(Type.String()),
  startedAt: nullable(EPOCH),
  finishedAt: nullable(EPOCH),
});

export type RevocationView = Static<typeof revocationSchema>;

/** @param now epoch seconds */
export function revocationView({ proposal, job }: Revocation, now: number): RevocationView {
  const { scope, count, purpose, evidence } = JSON.parse(proposal.body) as Pick<
    RevocationView,
    'scope' | 'purpose' | 'evidence'
  > & { readonly count: number };
  return {
    id: proposal.id,
    state: stateOf({ proposal, job }, now),
    scope,
    total: count,
    done: job?.done ?? 0,
    skipped: job?.skipped ?? 0,
    failure: job?.failure ?? null,
    purpose,
    evidence,
    proposedBy: proposal.proposedBy,
    proposedAt: proposal.proposedAt,
    decidedBy: proposal.decidedBy,
    startedAt: job?.startedAt ?? null,
    finishedAt: job?.finishedAt ?? null,
  };
}

function stateOf({ proposal, job }: Revocation, now: number): RevocationState {
  if (job !== null) return job.failure === null ? job.state : 'stopped';
  const state = proposalState(proposal, now);
  return state === 'approved' ? 'running' : state;
}
