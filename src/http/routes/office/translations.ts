// POST /v1/translations: the national hub's code in place of a province's own, for checkpoints that cannot read that one.

import type { App } from '../../app-types.js';
import type { AppDeps } from '../../deps.js';
import { principalOf } from '../../plugins/guard.js';
import { issueHeaders, translationBody } from '../../schemas/credential.js';
import { issuedAnswer, issuedResponses, withIdempotencyKey } from './issued-answer.js';

export function registerTranslations(app: App, { registry }: AppDeps, publicUrl: string): void {
  const base = `${publicUrl}/v1/credentials`;
  app.post(
    '/v1/translations',
    {
      config: { access: { anyOf: ['issue'] } },
      schema: {
        tags: ['office'],
        summary: 'Issue a code of the national hub in place of a province’s own',
        description:
          'On the hub alone (YIMA_REGION all). The code has to be valid here; its contents and colour are taken over for at most 30 minutes. 200 instead of 201: the Idempotency-Key was known.',
        headers: issueHeaders,
        body: translationBody,
        response: issuedResponses,
      },
    },
    async (request, reply) => {
      const asked = withIdempotencyKey(request.body, request.headers);
      return issuedAnswer(reply, await registry.translate(principalOf(request).id, asked), base);
    },
  );
}
