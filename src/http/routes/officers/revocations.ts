// Revoking many at once: a dry run that counts, a proposal with what was counted, and how far the revocation is.

import { YimaError } from '../../../core/errors/yima-error.js';
import type { App } from '../../app-types.js';
import type { AppDeps } from '../../deps.js';
import { principalOf } from '../../plugins/guard.js';
import { checkScopeReach } from '../../reach.js';
import { idParams, problems } from '../../schemas/common.js';
import { proposalSchema, proposalView } from '../../schemas/proposal.js';
import { countedSchema, revocationBody, revocationSchema, revocationView } from '../../schemas/revocation.js';

const READER = { access: { anyOf: ['officer', 'revoke'] } } as const;
const COUNTER = { access: { anyOf: ['officer', 'revoke'], reach: 'request' } } as const;

export function registerRevocations(app: App, { revocations, clock }: AppDeps): void {
  app.post(
    '/v1/revocations',
    {
      config: COUNTER,
      schema: {
        tags: ['officers'],
        summary: 'Count what a scope covers, or propose to revoke it',
        description:
          'With `dryRun` it counts. Without, an officer proposes: another one approves at /v1/proposals/{id}/decision, and then it runs.',
        body: revocationBody,
        response: {
          200: countedSchema,
          201: proposalSchema,
          ...problems(
            'unauthenticated',
            'forbidden',
            'conflict',
            'too_large',
            'unsupported_media_type',
            'overloaded',
            'store_failed',
          ),
        },
      },
    },
    async (request, reply) => {
      const { dryRun = false, jws, ...body } = request.body;
      const principal = principalOf(request);
      checkScopeReach(principal, body.scope);
      if (dryRun) {
        const { groups, ...total } = await revocations.count(body.scope);
        return reply.code(200).send({ ...total, groups: [...groups] });
      }
      if (jws === undefined) {
        throw new YimaError('invalid_request', 'Count with "dryRun": true first, then sign what you found.', {
          field: 'jws',
        });
      }
      const row = await revocations.propose(principal.id, body, jws);
      return reply.code(201).send(proposalView(row, clock()));
    },
  );

  app.get(
    '/v1/revocations/:id',
    {
      config: READER,
      schema: {
        tags: ['officers'],
        summary: 'How far a scoped revocation is',
        params: idParams,
        response: { 200: revocationSchema, ...problems('unauthenticated', 'forbidden', 'not_found') },
      },
    },
    async (request) => {
      const found = await revocations.find(request.params.id);
      if (found === undefined) throw new YimaError('not_found', 'There is no revocation with this id.');
      return revocationView(found, clock());
    },
  );
}
