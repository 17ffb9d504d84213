// Issuing and reading credentials: what an office does.

import { YimaError } from '../../../core/errors/yima-error.js';
import type { App } from '../../app-types.js';
import { credentialView } from '../../credential-view.js';
import type { AppDeps } from '../../deps.js';
import { principalOf } from '../../plugins/guard.js';
import { checkReach } from '../../reach.js';
import { idParams, problems } from '../../schemas/common.js';
import { foundSchema, issueBody, issueHeaders } from '../../schemas/credential.js';
import { issuedAnswer, issuedResponses, withIdempotencyKey } from './issued-answer.js';

export function registerCredentials(app: App, { registry }: AppDeps, publicUrl: string): void {
  const base = `${publicUrl}/v1/credentials`;

  app.post(
    '/v1/credentials',
    {
      config: { access: { anyOf: ['issue'], reach: 'request' } },
      schema: {
        tags: ['office'],
        summary: 'Issue a credential',
        description:
          'Answers once it is signed, checked and stored. 200 instead of 201: the Idempotency-Key was known.',
        headers: issueHeaders,
        body: issueBody,
        response: issuedResponses,
      },
    },
    async (request, reply) => {
      const asked = withIdempotencyKey(request.body, request.headers);
      const principal = principalOf(request);
      checkReach(principal, asked);
      return issuedAnswer(reply, await registry.issue(principal.id, asked), base);
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
