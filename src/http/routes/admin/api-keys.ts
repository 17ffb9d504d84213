// API keys: made once and shown once, listed without secrets, revoked for good.

import { type Static, Type } from 'typebox';
import { MAX_SITE_CHARS } from '../../../core/codec/names.js';
import { MOST_OVERLAP_SECONDS } from '../../../core/issue/key-rotation.js';
import { SCOPES, type Scope } from '../../../core/issue/principal.js';
import type { ApiKeyRow } from '../../../core/issue/store.js';
import type { App } from '../../app-types.js';
import type { AppDeps } from '../../deps.js';
import { ADMIN, AUDITOR, principalOf } from '../../plugins/guard.js';
import { closed, EPOCH, nullable, problems } from '../../schemas/common.js';

const DAY_SECONDS = 86_400;

const scopeSchema = Type.Unsafe<Scope>({ type: 'string', enum: [...SCOPES] });

const idParams = closed({ id: Type.String({ pattern: '^[a-z2-7]{16}$' }) });

/** Of an office or a checkpoint. */
const bounds = {
  region: nullable(
    Type.String({
      pattern: '^(?:[0-9]{2}){1,3}$',
      description: 'It issues and revokes under this GB/T 2260 prefix alone',
    }),
  ),
  kinds: Type.Unsafe<string[] | null>({
    type: ['array', 'null'],
    items: { type: 'string' },
    minItems: 1,
    maxItems: 64,
    description: 'It issues and revokes these kinds alone',
  }),
  site: nullable(
    Type.String({
      minLength: 1,
      maxLength: MAX_SITE_CHARS,
      description: 'The checkpoint that it stands for; it may name no other',
    }),
  ),
};

const createBody = closed({
  name: Type.String({ minLength: 1, maxLength: 64, pattern: '^\\P{C}*$', description: 'Whose key it is' }),
  scopes: Type.Array(scopeSchema, { minItems: 1, maxItems: SCOPES.length, uniqueItems: true }),
  expiresAt: Type.Optional(nullable(EPOCH)),
  publicKey: Type.Optional(
    Type.Record(Type.String(), Type.Unknown(), {
      maxProperties: 16,
      description: 'Of an officer: the public JWK of the key that it signs with, Ed25519 or ES256',
    }),
  ),
  region: Type.Optional(bounds.region),
  kinds: Type.Optional(bounds.kinds),
  site: Type.Optional(bounds.site),
});

const rotateBody = closed({
  overlapSeconds: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: MOST_OVERLAP_SECONDS,
      description: 'How long the present secret goes on; a day when absent, 0 after a theft',
    }),
  ),
  expiresAt: Type.Optional(nullable(EPOCH)),
});

const keySchema = closed({
  id: Type.String(),
  name: Type.String(),
  scopes: Type.Array(Type.String()),
  createdAt: EPOCH,
  expiresAt: nullable(EPOCH),
  revokedAt: nullable(EPOCH),
  createdBy: nullable(Type.String({ description: 'API key id or local; null in keys of earlier versions' })),
  publicKey: nullable(Type.String({ description: 'Canonical JSON of the JWK that an officer signs with' })),
  confirmedBy: nullable(
    Type.String({ description: 'Officers and rule services count only once this is set' }),
  ),
  confirmedAt: nullable(EPOCH),
  ...bounds,
  oldEndsAt: nullable(
    Type.Integer({ description: 'Until when the secret before opens it too, epoch seconds' }),
  ),
});

const createdSchema = closed({
  ...keySchema.properties,
  key: Type.String({ description: 'Shown this once: yk_<id>_<secret>' }),
});

function keyView(row: ApiKeyRow): Static<typeof keySchema> {
  const { salt: _salt, hash: _hash, oldSalt: _oldSalt, oldHash: _oldHash, scopes, kinds, ...shown } = row;
  return { ...shown, scopes: [...scopes], kinds: kinds === null ? null : [...kinds] };
}

export function registerApiKeys(app: App, { access }: AppDeps): void {
  app.post(
    '/v1/api-keys',
    {
      config: ADMIN,
      schema: {
        tags: ['admin'],
        summary: 'Make an API key',
        body: createBody,
        response: {
          201: createdSchema,
          ...problems(
            'unauthenticated',
            'forbidden',
            'not_found',
            'conflict',
            'key_refused',
            'too_large',
            'unsupported_media_type',
            'store_failed',
          ),
        },
      },
    },
    async (request, reply) => {
      const { expiresAt = null, ...asked } = request.body;
      const { row, secret } = await access.create(principalOf(request).id, { ...asked, expiresAt });
      return reply.code(201).send({ ...keyView(row), key: secret });
    },
  );

  app.get(
    '/v1/api-keys',
    {
      config: AUDITOR,
      schema: {
        tags: ['admin'],
        summary: 'List the API keys',
        response: {
          200: closed({ keys: Type.Array(keySchema) }),
          ...problems('unauthenticated', 'not_found'),
        },
      },
    },
    async () => ({ keys: (await access.list()).map(keyView) }),
  );

  app.post(
    '/v1/api-keys/:id/confirmation',
    {
      config: ADMIN,
      schema: {
        tags: ['admin'],
        summary: 'Confirm the key of an officer or a rule service that another administrator made',
        params: idParams,
        response: {
          200: keySchema,
          ...problems('unauthenticated', 'forbidden', 'not_found', 'conflict', 'store_failed'),
        },
      },
    },
    async (request) => keyView(await access.confirm(principalOf(request).id, request.params.id)),
  );

  app.post(
    '/v1/api-keys/:id/rotation',
    {
      config: { access: { anyOf: [...SCOPES], hidden: true, reach: 'any' } },
      schema: {
        tags: ['admin'],
        summary: 'Give an API key a new secret',
        description:
          'The present one opens the same for `overlapSeconds` yet. An administrator rotates the keys of others, an officer and a rule service their own.',
        params: idParams,
        body: rotateBody,
        response: {
          200: createdSchema,
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
      const { overlapSeconds = DAY_SECONDS, ...more } = request.body;
      const actor = principalOf(request).id;
      const { row, secret } = await access.rotate(actor, request.params.id, { overlapSeconds, ...more });
      return { ...keyView(row), key: secret };
    },
  );

  app.delete(
    '/v1/api-keys/:id',
    {
      config: ADMIN,
      schema: {
        tags: ['admin'],
        summary: 'Revoke an API key',
        params: idParams,
        response: { 200: keySchema, ...problems('unauthenticated', 'not_found', 'store_failed') },
      },
    },
    async (request) => keyView(await access.revoke(principalOf(request).id, request.params.id)),
  );
}
