// Appeals: filed by a desk for a holder, decided by an officer who had no part in what they are about.

import { Type } from 'typebox';
import { APPEAL } from '../../../core/issue/appeal-rows.js';
import { APPEAL_DUE_SECONDS } from '../../../core/issue/decision-rows.js';
import type { App } from '../../app-types.js';
import type { AppDeps } from '../../deps.js';
import { principalOf } from '../../plugins/guard.js';
import { closed, idParams, problems } from '../../schemas/common.js';
import { jws } from '../../schemas/proposal.js';
import { appealSchema, appealView, changeView, openAppealSchema } from '../../schemas/record.js';

const PRINTABLE = '^\\P{C}*$';
const ID = '^[a-z2-7]{26}$';
const DEFAULT_PAGE = 100;

const WRITE_PROBLEMS = problems(
  'unauthenticated',
  'forbidden',
  'not_found',
  'conflict',
  'too_large',
  'unsupported_media_type',
  'store_failed',
);

const fileBody = closed({
  operator: Type.String({
    minLength: 1,
    maxLength: 64,
    pattern: PRINTABLE,
    description: 'The person at the desk',
  }),
  grounds: Type.String({
    minLength: 1,
    maxLength: 500,
    pattern: PRINTABLE,
    description: 'What the holder says; the log keeps a digest of it',
  }),
  change: Type.Optional(
    Type.String({ pattern: ID, description: 'As the record names it; the newest when absent' }),
  ),
});

const decideBody = closed({
  action: Type.Unsafe<'approve' | 'reject'>({
    type: 'string',
    enum: ['approve', 'reject'],
    description: '`approve` accepts the appeal',
  }),
  jws,
  answer: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 500,
      pattern: PRINTABLE,
      description: 'For the holder to read; a rejection needs one',
    }),
  ),
});

export function registerAppeals(app: App, { appeals }: AppDeps): void {
  app.post(
    '/v1/credentials/:id/appeals',
    {
      config: { access: { anyOf: ['issue', 'revoke'], reach: 'credential' } },
      schema: {
        tags: ['office'],
        summary: 'File an appeal against a change of colour',
        params: idParams,
        body: fileBody,
        response: { 201: appealSchema, ...WRITE_PROBLEMS },
      },
    },
    async (request, reply) => {
      const row = await appeals.file(principalOf(request).id, request.params.id, request.body);
      return reply.code(201).send(appealView(row));
    },
  );

  app.get(
    '/v1/appeals',
    {
      config: { access: { anyOf: ['officer'] } },
      schema: {
        tags: ['officers'],
        summary: 'List open appeals, the oldest first',
        querystring: closed({
          after: Type.Optional(Type.String({ pattern: ID, description: 'Those after this id' })),
          limit: Type.Optional(
            Type.String({ pattern: '^(?:[1-9]\\d?|100)$', description: '1 to 100; 100 when absent' }),
          ),
        }),
        response: {
          200: closed({ appeals: Type.Array(openAppealSchema) }),
          ...problems('unauthenticated', 'forbidden'),
        },
      },
    },
    async ({ query }) => {
      const open = await appeals.listOpen(query.after ?? '', Number(query.limit ?? DEFAULT_PAGE));
      return {
        appeals: open.map(({ appeal, change, evidence, body, hash }) => ({
          id: appeal.id,
          type: APPEAL,
          body: { ...body },
          credential: appeal.credentialId,
          hash,
          grounds: appeal.grounds,
          operator: appeal.operator,
          filedAt: appeal.filedAt,
          dueAt: appeal.filedAt + APPEAL_DUE_SECONDS,
          change: { ...changeView(change), evidence },
        })),
      };
    },
  );

  app.post(
    '/v1/appeals/:id/decision',
    {
      config: { access: { anyOf: ['officer'] } },
      schema: {
        tags: ['officers'],
        summary: 'Accept or reject an appeal',
        description:
          'The signature is as for proposals, and `yima officer sign` makes it. Accepting and giving the colour back are one change.',
        params: idParams,
        body: decideBody,
        response: { 200: appealSchema, ...WRITE_PROBLEMS },
      },
    },
    async (request) => {
      const { action, jws: signature, answer = null } = request.body;
      const decision = { action, jws: signature, answer };
      return appealView(await appeals.decide(principalOf(request).id, request.params.id, decision));
    },
  );
}
