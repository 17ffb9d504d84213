// What takes two people: proposed by one officer, decided by another, both by signature.

import { Type } from 'typebox';
import { YimaError } from '../../../core/errors/yima-error.js';
import type { Decision } from '../../../core/issue/proposals.js';
import type { App } from '../../app-types.js';
import type { AppDeps } from '../../deps.js';
import { principalOf } from '../../plugins/guard.js';
import { closed, idParams, problems } from '../../schemas/common.js';
import { decideBody, proposalSchema, proposalView, proposeBody } from '../../schemas/proposal.js';

const OFFICER = { access: { anyOf: ['officer'] } } as const;
const READER = { access: { anyOf: ['officer', 'admin', 'audit'] } } as const;
const DEFAULT_PAGE = 100;

export function registerProposals(app: App, { decisions, clock }: AppDeps): void {
  app.post(
    '/v1/proposals',
    {
      config: OFFICER,
      schema: {
        tags: ['officers'],
        summary: 'Propose what takes two people',
        body: proposeBody,
        response: {
          201: proposalSchema,
          ...problems(
            'unauthenticated',
            'forbidden',
            'not_found',
            'conflict',
            'too_large',
            'unsupported_media_type',
            'store_failed',
          ),
        },
      },
    },
    async (request, reply) => {
      const row = await decisions.propose(principalOf(request).id, request.body);
      return reply.code(201).send(proposalView(row, clock()));
    },
  );

  app.get(
    '/v1/proposals',
    {
      config: READER,
      schema: {
        tags: ['officers'],
        summary: 'List proposals',
        querystring: closed({
          open: Type.Optional(Type.Unsafe<'true' | 'false'>({ type: 'string', enum: ['true', 'false'] })),
          after: Type.Optional(
            Type.String({ pattern: '^[a-z2-7]{26}$', description: 'Those after this id' }),
          ),
          limit: Type.Optional(
            Type.String({ pattern: '^(?:[1-9]\\d{0,2}|1000)$', description: 'At most so many' }),
          ),
        }),
        response: {
          200: closed({ proposals: Type.Array(proposalSchema) }),
          ...problems('unauthenticated', 'forbidden'),
        },
      },
    },
    async ({ query }) => {
      const limit = Number(query.limit ?? DEFAULT_PAGE);
      const rows = await decisions.list(query.after ?? '', limit, query.open === 'true');
      return { proposals: rows.map((row) => proposalView(row, clock())) };
    },
  );

  app.get(
    '/v1/proposals/:id',
    {
      config: READER,
      schema: {
        tags: ['officers'],
        summary: 'Read a proposal, to check and sign it',
        params: idParams,
        response: { 200: proposalSchema, ...problems('unauthenticated', 'forbidden', 'not_found') },
      },
    },
    async (request) => {
      const row = await decisions.find(request.params.id);
      if (row === undefined) throw new YimaError('not_found', 'There is no proposal with this id.');
      return proposalView(row, clock());
    },
  );

  app.post(
    '/v1/proposals/:id/decision',
    {
      config: OFFICER,
      schema: {
        tags: ['officers'],
        summary: 'Approve, reject or withdraw a proposal',
        description: 'Approving and doing what was proposed are one change.',
        params: idParams,
        body: decideBody,
        response: {
          200: proposalSchema,
          ...problems(
            'unauthenticated',
            'forbidden',
            'not_found',
            'conflict',
            'too_large',
            'unsupported_media_type',
            'store_failed',
          ),
        },
      },
    },
    async (request) => {
      const decision = readDecision(request.body.action, request.body.jws);
      return proposalView(
        await decisions.decide(principalOf(request).id, request.params.id, decision),
        clock(),
      );
    },
  );
}

function readDecision(action: 'approve' | 'reject' | 'withdraw', jws: string | undefined): Decision {
  if (action === 'withdraw' && jws === undefined) return { action };
  if (action !== 'withdraw' && jws !== undefined) return { action, jws };
  throw new YimaError(
    'invalid_request',
    'Approving and rejecting take a signature, withdrawing takes none.',
    {
      field: 'jws',
    },
  );
}
