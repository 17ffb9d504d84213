// Revoking, suspending and reinstating, each with its reason; the log keeps who and why.

import type { App } from '../../app-types.js';
import { changedView } from '../../credential-view.js';
import type { AppDeps } from '../../deps.js';
import { principalOf } from '../../plugins/guard.js';
import { idParams, problems } from '../../schemas/common.js';
import { changedSchema, statusBody } from '../../schemas/credential.js';

export function registerCredentialStatus(app: App, { registry }: AppDeps, publicUrl: string): void {
  app.post(
    '/v1/credentials/:id/status',
    {
      config: { access: { anyOf: ['revoke'], reach: 'credential' } },
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
      return changedView(changed, `${publicUrl}/v1/credentials`);
    },
  );
}
