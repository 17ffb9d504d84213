// Revoking, suspending and reinstating, each with its reason; the log keeps who and why.

import { Type } from 'typebox';
import type { App } from '../../app-types.js';
import { credentialView } from '../../credential-view.js';
import type { AppDeps } from '../../deps.js';
import { principalOf } from '../../plugins/guard.js';
import { closed, idParams, nullable, problems } from '../../schemas/common.js';
import { credentialSchema, statusBody } from '../../schemas/credential.js';

const changedSchema = closed({
  ...credentialSchema.properties,
  published: Type.Boolean({
    description:
      'Whether other nodes can hear of it by now; false: it is committed, and reaches them as soon as Redis is reached',
  }),
  logSeq: nullable(
    Type.Integer({ description: 'Log entry that recorded the change; null: it already was so' }),
  ),
});

export function registerCredentialStatus(app: App, { registry }: AppDeps, publicUrl: string): void {
  app.post(
    '/v1/credentials/:id/status',
    {
      config: { access: { anyOf: ['revoke'] } },
      schema: {
        tags: ['office'],
        summary: 'Revoke, suspend or reinstate a credential',
        description:
          'With `form` or `encoding`, only that encoding is revoked and the credential lives on. Where several of a form live, name one by its number.',
        params: idParams,
        body: statusBody,
        response: {
          200: changedSchema,
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
      const changed = await registry.changeState(principalOf(request).id, request.params.id, request.body);
      return {
        ...credentialView(changed, `${publicUrl}/v1/credentials`),
        published: changed.published,
        logSeq: changed.entry?.seq ?? null,
      };
    },
  );
}
