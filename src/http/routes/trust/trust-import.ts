// What an operator carries in on a stick: a document or a bundle, judged as if it had come over the network. By the socket alone.

import { Type } from 'typebox';
import type { App } from '../../app-types.js';
import { closed, documented, problems } from '../../schemas/common.js';
import type { TrustDesk } from '../../trust-desk.js';
import { acceptedSchema, DOCUMENT_TYPE, refusedDocumentSchema } from './trust-schemas.js';

const MAX_BODY_BYTES = 64 * 1024 * 1024;

/** In a scope that reads bodies of both types as text. */
export function registerTrustImport(app: App, desk: Pick<TrustDesk, 'accept' | 'acceptBundle'>): void {
  app.post(
    '/trust/import',
    {
      config: { access: { anyOf: ['admin'], hidden: true } },
      bodyLimit: MAX_BODY_BYTES,
      schema: {
        tags: ['trust'],
        summary: 'Takes a document, or a bundle as text/plain, from whoever may open the socket',
        consumes: [DOCUMENT_TYPE, 'text/plain'],
        body: Type.String(),
        response: {
          200: documented(
            'application/json',
            closed({
              accepted: Type.Array(acceptedSchema),
              refused: Type.Array(refusedDocumentSchema),
              unchanged: Type.Integer({ description: 'Documents that were here already' }),
            }),
            'What came of each document',
          ),
          ...problems('list_refused', 'too_large', 'unsupported_media_type', 'store_failed'),
        },
      },
    },
    async ({ body, headers }) => {
      const from = { via: 'import', name: 'socket' } as const;
      if (headers['content-type']?.startsWith('text/plain') === true) {
        const { accepted, refused, unchanged } = await desk.acceptBundle(body, from);
        return { accepted: [...accepted], refused: [...refused], unchanged };
      }
      const accepted = await desk.accept(body, from, null);
      return accepted.changes === 'nothing'
        ? { accepted: [], refused: [], unchanged: 1 }
        : { accepted: [accepted], refused: [], unchanged: 0 };
    },
  );
}
