// The QR symbols of a credential's encodings, drawn when asked for.

import { type Static, Type } from 'typebox';
import { YimaError } from '../../../core/errors/yima-error.js';
import type { App } from '../../app-types.js';
import { hasSymbol } from '../../credential-view.js';
import type { AppDeps } from '../../deps.js';
import { closed, documented, idParams, problems } from '../../schemas/common.js';
import { formSchema } from '../../schemas/credential.js';

const DEFAULT_SCALE = 4;

const symbolQuery = closed({
  form: Type.Optional(formSchema),
  encoding: Type.Optional(
    Type.String({ pattern: '^[1-9][0-9]{0,3}$', description: 'Number of the one encoding that is meant' }),
  ),
  scale: Type.Optional(
    Type.String({ pattern: '^(?:[1-9]|1[0-9]|20)$', description: 'Pixels a module, 1 to 20; 4 when absent' }),
  ),
});

const MEDIA_TYPES = { svg: 'image/svg+xml', png: 'image/png' } as const;

export function registerCredentialSymbols(app: App, { registry, qr }: AppDeps): void {
  for (const type of ['svg', 'png'] as const) {
    app.get(
      `/v1/credentials/:id/qr.${type}`,
      {
        config: { access: { anyOf: ['issue'], reach: 'credential' } },
        schema: {
          tags: ['office'],
          summary: `The code as a QR symbol, ${type.toUpperCase()}`,
          params: idParams,
          querystring: symbolQuery,
          response: {
            200: documented(MEDIA_TYPES[type], Type.String(), 'The symbol'),
            ...problems('unauthenticated', 'forbidden', 'not_found'),
          },
        },
      },
      async (request, reply) => {
        const code = await findCode(registry, request.params.id, request.query);
        const image = qr[type](code, Number(request.query.scale ?? DEFAULT_SCALE));
        return reply
          .type(MEDIA_TYPES[type])
          .header('content-security-policy', "default-src 'none'")
          .send(image);
      },
    );
  }
}

/** The code of the asked number, or of the newest living one of the asked form, or of the first that has a symbol. */
async function findCode(
  registry: AppDeps['registry'],
  id: string,
  query: Static<typeof symbolQuery>,
): Promise<string> {
  const found = await registry.find(id);
  const shown = found?.encodings.filter(
    ({ form }, i) =>
      hasSymbol(form) &&
      (query.form === undefined || query.form === form) &&
      (query.encoding === undefined || Number(query.encoding) === i + 1),
  );
  const live = shown?.filter(({ revoked }) => !revoked);
  const encoding = query.form === undefined ? shown?.[0] : (live?.at(-1) ?? shown?.at(-1));
  if (encoding === undefined)
    throw new YimaError('not_found', 'There is no symbol of this credential in this form.');
  return encoding.code;
}
