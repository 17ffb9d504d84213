// GET /v1/kinds: what can be issued and how it is shown, for forms and screens.

import { Type } from 'typebox';
import type { App } from '../../app-types.js';
import type { AppDeps } from '../../deps.js';
import { kindView } from '../../kind-view.js';
import { closed, nullable, problems, textSchema } from '../../schemas/common.js';

const meaningSchema = closed({ value: Type.Integer(), word: Type.String(), text: textSchema });

const fieldSchema = closed({
  name: Type.String(),
  key: Type.Integer({ description: 'Integer key on the wire of YM1' }),
  label: textSchema,
  type: Type.String(),
  required: Type.Boolean(),
  maxLength: Type.Optional(Type.Integer()),
  choices: Type.Optional(
    Type.Array(closed({ number: Type.Integer(), value: Type.String(), text: textSchema })),
  ),
  mask: Type.Optional(Type.String()),
  carry: Type.Optional(Type.String()),
  happened: Type.Optional(Type.Boolean({ description: 'A date that never lies ahead of today' })),
  notBefore: Type.Optional(Type.String({ description: 'The date field that it may not precede' })),
  partOf: Type.Optional(closed({ number: Type.String(), part: Type.String() })),
});

const kindSchema = closed({
  name: Type.String(),
  number: Type.Integer(),
  title: textSchema,
  subject: Type.String(),
  fields: Type.Array(fieldSchema),
  validity: closed({ defaultSeconds: nullable(Type.Integer()), maxSeconds: nullable(Type.Integer()) }),
  status: closed({
    bits: Type.Integer(),
    restricted: Type.Boolean(),
    maxAgeSeconds: Type.Integer(),
    meanings: Type.Array(meaningSchema),
  }),
  policy: nullable(closed({ id: Type.String(), version: Type.Integer() })),
});

export function registerKinds(app: App, { kinds }: AppDeps): void {
  const answer = { kinds: kinds.all.map(kindView) };
  app.get(
    '/v1/kinds',
    {
      config: { access: 'public' },
      schema: {
        tags: ['office'],
        summary: 'The kinds of credential, their fields and labels',
        response: { 200: closed({ kinds: Type.Array(kindSchema) }), ...problems() },
      },
    },
    (_request, reply) => {
      reply.header('cache-control', 'public, max-age=300').send(answer as never);
    },
  );
}
