// What a desk shows a holder of his own credential: each change with time, rule and reason.

import type { App } from '../../app-types.js';
import type { AppDeps } from '../../deps.js';
import { idParams, problems } from '../../schemas/common.js';
import { changeView, recordSchema } from '../../schemas/record.js';

export function registerRecord(app: App, { record }: AppDeps): void {
  app.get(
    '/v1/credentials/:id/record',
    {
      config: { access: { anyOf: ['issue', 'revoke', 'officer', 'audit'], reach: 'credential' } },
      schema: {
        tags: ['office'],
        summary: "Read a credential's record",
        description: 'For its holder: what changed when, by which rule or whose decision, and why.',
        params: idParams,
        response: { 200: recordSchema, ...problems('unauthenticated', 'forbidden', 'not_found') },
      },
    },
    async (request) => {
      const { changes, appeals, status, ...rest } = await record(request.params.id);
      return {
        ...rest,
        status: { ...status },
        changes: changes?.map(changeView) ?? null,
        appeals: appeals.map((appeal) => ({ ...appeal })),
      };
    },
  );
}
