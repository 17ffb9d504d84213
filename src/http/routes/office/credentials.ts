// Issuing and reading credentials: what an office does.

import { YimaError } from '../../../core/errors/yima-error.js';
import type { App } from '../../app-types.js';
import { credentialView } from '../../credential-view.js';
import type { AppDeps } from '../../deps.js';
import { principalOf } from '../../plugins/guard.js';
import { checkReach } from '../../reach.js';
import { idParams, problems } from '../../schemas/common.js';
import { foundSchema, issueBody, issueHeaders } from '../../schemas/credential.js';
import { heldSchema } from '../../schemas/held-issue.js';
import { heldView } from './held-issues.js';
import { issuedAnswer, issuedResponses, withIdempotencyKey } from './issued-answer.js';

export function registerCredentials(app: App, { registry, heldIssues }: AppDeps, publicUrl: string): void {
  const base = `${publicUrl}/v1/credentials`;

  app.post(
    '/v1/credentials',
    {
      config: { access: { anyOf: ['issue'], reach: 'request' } },
      schema: {
        tags: ['office'],
        summary: 'Issue a credential',
        description:
          'Answers once it is signed, checked and stored. 200 instead of 201: the Idempotency-Key was known. 202: it was drawn to be seen by a second person first; fetch it at `location` when it was approved.',
        headers: issueHeaders,
        body: issueBody,
        response: { ...issuedResponses, 202: heldSchema },
      },
    },
    async (request, reply) => {
      const asked = withIdempotencyKey(request.body, request.headers);
      const principal = principalOf(request);
      checkReach(principal, asked);
      const issued = await registry.request(principal.id, asked);
      if (!('held' in issued)) return issuedAnswer(reply, issued, base);
      reply.code(202).header('location', `${publicUrl}/v1/held-issues/${issued.held.id}`);
      const held = (await heldIssues.find(issued.held.id)) ?? { row: issued.held, state: 'open' };
      return heldView(held, principal);
    },
  );

  app.get(
    '/v1/credentials/:id',
    {
      config: { access: { anyOf: ['issue', 'revoke'], reach: 'credential' } },
      schema: {
        tags: ['office'],
        summary: 'Read a credential',
        params: idParams,
        response: { 200: foundSchema, ...problems('unauthenticated', 'forbidden', 'not_found') },
      },
    },
    async (request) => {
      const found = await registry.find(request.params.id);
      if (found === undefined) throw new YimaError('not_found', 'There is no credential with this id.');
      return { ...credentialView(found, base), replacedBy: found.replacedBy };
    },
  );
}
