// POST /v1/papers/lost: whoever lost a paper, or found one, reads its short id to the office. That paper dies, nothing else.

import { parseShortId } from '../../../core/codec/short-id.js';
import type { App } from '../../app-types.js';
import { changedView } from '../../credential-view.js';
import type { AppDeps } from '../../deps.js';
import { principalOf } from '../../plugins/guard.js';
import { checkReachOf } from '../../reach.js';
import { closed, problems } from '../../schemas/common.js';
import { changedSchema, shortIdSchema, statusBody } from '../../schemas/credential.js';

export function registerLostPaper(app: App, { registry }: AppDeps, publicUrl: string): void {
  app.post(
    '/v1/papers/lost',
    {
      config: { access: { anyOf: ['issue', 'revoke'], reach: 'request' }, limit: 'short-id' },
      schema: {
        tags: ['office'],
        summary: 'Report a paper lost by its short id',
        description: 'Revokes that encoding alone, for good; the credential and its other codes live on.',
        body: closed({ shortId: shortIdSchema, reason: statusBody.properties.reason }),
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
      const { shortId, reason } = request.body;
      const principal = principalOf(request);
      const parsed = parseShortId(shortId);
      const paper = principal.reach === undefined ? undefined : await registry.findPaper(parsed);
      if (paper !== undefined) await checkReachOf(registry.find, principal, paper.credentialId);
      const changed = await registry.reportLost(principal.id, parsed, reason);
      return changedView(changed, `${publicUrl}/v1/credentials`);
    },
  );
}
