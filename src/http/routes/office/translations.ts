// POST /v1/translations: the national hub's code in place of a province's own, for checkpoints that cannot read that one.

import type { App } from '../../app-types.js';
import { credentialView } from '../../credential-view.js';
import type { AppDeps } from '../../deps.js';
import { principalOf } from '../../plugins/guard.js';
import { problems } from '../../schemas/common.js';
import { credentialSchema, issueHeaders, translationBody } from '../../schemas/credential.js';

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
        response: {
          200: credentialSchema,
          201: credentialSchema,
          ...problems(
            'unauthenticated',
            'forbidden',
            'claims_rejected',
            'idempotency_conflict',
            'too_large',
            'unsupported_media_type',
            'store_failed',
          ),
        },
      },
    },
    async (request, reply) => {
      const idempotencyKey = request.headers['idempotency-key'];
      const issued = await registry.translate(principalOf(request).id, {
        ...request.body,
        ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
      });
      const view = credentialView(issued, base);
      return reply
        .code(issued.replayed ? 200 : 201)
        .header('location', `${base}/${view.id}`)
        .send(view);
    },
  );
}
