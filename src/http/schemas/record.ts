// A credential's record and appeals, as desks, officers and holders read them.

import { type Static, Type } from 'typebox';
import { CHANGED_BY, type ChangedBy, type RecordedChange } from '../../core/issue/credential-record.js';
import { APPEAL_DUE_SECONDS, type AppealRow } from '../../core/issue/decision-rows.js';
import { closed, EPOCH, nullable, textSchema } from './common.js';

export const meaningSchema = closed({
  value: Type.Integer({ description: 'As the status list publishes it' }),
  word: Type.String(),
  text: textSchema,
});

const change = {
  id: Type.String({ description: 'To appeal against it' }),
  at: EPOCH,
  form: nullable(Type.String({ description: 'The one encoding that it was about' })),
  from: meaningSchema,
  to: meaningSchema,
  by: Type.Unsafe<ChangedBy>({ type: 'string', enum: [...CHANGED_BY] }),
  rule: nullable(closed({ id: Type.String(), version: Type.Integer() })),
  ground: textSchema,
  reason: Type.String(),
};

export const changeSchema = closed(change);

const state = Type.Unsafe<AppealRow['state']>({ type: 'string', enum: ['open', 'accepted', 'rejected'] });

export const recordSchema = closed({
  id: Type.String(),
  kind: Type.String(),
  issuedAt: EPOCH,
  expiresAt: nullable(EPOCH),
  status: meaningSchema,
  replaces: nullable(
    Type.String({ description: 'Under which id it was known before its key was withdrawn' }),
  ),
  replacedBy: nullable(Type.String({ description: 'Under which id it lives on since' })),
  changes: nullable(
    Type.Array(changeSchema, {
      description: 'Of its colour, newest first; null for what has none: of that the log alone keeps changes',
    }),
  ),
  appeals: Type.Array(
    closed({
      id: Type.String(),
      change: Type.String(),
      state,
      filedAt: EPOCH,
      dueAt: Type.Integer({ description: 'Until when it is to be answered' }),
      decidedAt: nullable(EPOCH),
      answer: nullable(Type.String()),
    }),
  ),
});

export const appealSchema = closed({
  id: Type.String(),
  credential: Type.String(),
  change: Type.String(),
  state,
  filedAt: EPOCH,
  dueAt: EPOCH,
  decidedAt: nullable(EPOCH),
  answer: nullable(Type.String()),
  proposal: nullable(Type.String({ description: 'The approved proposal that gave the colour back' })),
});

export const openAppealSchema = closed({
  id: Type.String(),
  credential: Type.String(),
  type: Type.String({ description: 'As of a proposal, with body and hash: what is signed to decide it' }),
  body: Type.Record(Type.String(), Type.Unknown()),
  hash: Type.String(),
  grounds: Type.String({ description: 'What the holder says' }),
  operator: Type.String({ description: 'Who filed it at the desk' }),
  filedAt: EPOCH,
  dueAt: EPOCH,
  change: closed({ ...change, evidence: nullable(Type.String()) }),
});

export function changeView({ rule, ...rest }: RecordedChange): Static<typeof changeSchema> {
  return { ...rest, rule: rule === null ? null : { ...rule } };
}

export function appealView(row: AppealRow): Static<typeof appealSchema> {
  const { id, credentialId, changeId, filedAt, decidedAt, answer, proposalId } = row;
  return {
    id,
    credential: credentialId,
    change: changeId,
    state: row.state,
    filedAt,
    dueAt: filedAt + APPEAL_DUE_SECONDS,
    decidedAt,
    answer,
    proposal: proposalId,
  };
}
