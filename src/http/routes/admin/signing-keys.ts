// The node's own signing keys: what there is, and a new one in place of the present.

import { type Static, Type } from 'typebox';
import type { KeyRecord } from '../../../core/trust/key-record.js';
import type { App } from '../../app-types.js';
import type { AppDeps } from '../../deps.js';
import { principalOf } from '../../plugins/guard.js';
import { closed, EPOCH, nullable, problems } from '../../schemas/common.js';

const ADMIN = { access: { anyOf: ['admin'], hidden: true } } as const;

const keySchema = closed({
  kid: Type.String(),
  algorithm: Type.String(),
  use: Type.String(),
  state: Type.String(),
  issuer: nullable(Type.String()),
  region: Type.String({ description: 'GB/T 2260 prefix; empty covers all' }),
  kinds: nullable(Type.Array(Type.String())),
  notBefore: nullable(EPOCH),
  notAfter: nullable(EPOCH),
});

function keyView(record: KeyRecord): Static<typeof keySchema> {
  const { kid, key, use, state, issuer, scope, notBefore, notAfter } = record;
  const kinds = scope.kinds === null ? null : [...scope.kinds];
  return {
    kid,
    algorithm: key.algorithm,
    use,
    state,
    issuer,
    region: scope.region,
    kinds,
    notBefore,
    notAfter,
  };
}

export function registerSigningKeys(app: App, { keys }: AppDeps): void {
  app.get(
    '/v1/keys',
    {
      config: ADMIN,
      schema: {
        tags: ['admin'],
        summary: "List this node's signing keys",
        response: {
          200: closed({ keys: Type.Array(keySchema) }),
          ...problems('unauthenticated', 'not_found'),
        },
      },
    },
    async () => ({ keys: (await keys.list()).map(keyView) }),
  );

  app.post(
    '/v1/keys/rotate',
    {
      config: ADMIN,
      schema: {
        tags: ['admin'],
        summary: 'Sign with a new key from now on',
        description: 'The key before is retired: it signs no more, and what it signed stays valid.',
        body: closed({
          use: Type.Unsafe<'credential' | 'status'>({ type: 'string', enum: ['credential', 'status'] }),
        }),
        response: {
          201: keySchema,
          ...problems(
            'unauthenticated',
            'not_found',
            'conflict',
            'too_large',
            'unsupported_media_type',
            'store_failed',
          ),
        },
      },
    },
    async (request, reply) => {
      const record = await keys.rotate(principalOf(request).id, request.body.use);
      return reply.code(201).send(keyView(record));
    },
  );
}
