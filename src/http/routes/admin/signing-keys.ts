// The node's own signing keys: what there is, and a new one in place of the present.

import { type Static, Type } from 'typebox';
import type { KeyRecord } from '../../../core/trust/key-record.js';
import type { App } from '../../app-types.js';
import type { AppDeps, OwnKey, RotatedUse } from '../../deps.js';
import { ADMIN, AUDITOR, principalOf } from '../../plugins/guard.js';
import { closed, EPOCH, nullable, problems } from '../../schemas/common.js';
import { groupSchema } from '../../schemas/revocation.js';

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

/** Of the key that signs now. */
const spentSchema = closed({
  signatures: Type.Integer(),
  mostSignatures: Type.Integer(),
  since: EPOCH,
  until: Type.Integer({ description: 'When another takes over at the latest' }),
  share: Type.Number({ description: 'Of the limit that is nearest; from 1 on it signs no more' }),
});

const ownKeySchema = closed({
  ...keySchema.properties,
  signs: Type.String({ description: 'credential-long: codes of kinds that last over a year' }),
  spent: nullable(spentSchema),
});

const USES: readonly RotatedUse[] = ['credential', 'credential-long', 'status'];
const rotatedUse = Type.Unsafe<RotatedUse>({
  type: 'string',
  enum: [...USES],
  description: 'credential-long: for kinds that last over a year',
});
const madeProblems = problems(
  'unauthenticated',
  'not_found',
  'conflict',
  'too_large',
  'unsupported_media_type',
  'store_failed',
);

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

function spentView({ spent }: OwnKey): Static<typeof spentSchema> | null {
  if (spent === null) return null;
  const { kid: _kid, ...rest } = spent;
  return rest;
}

export function registerSigningKeys(app: App, { keys, registry }: AppDeps): void {
  app.get(
    '/v1/keys',
    {
      config: AUDITOR,
      schema: {
        tags: ['admin'],
        summary: "List this node's signing keys",
        response: {
          200: closed({ keys: Type.Array(ownKeySchema) }),
          ...problems('unauthenticated', 'not_found'),
        },
      },
    },
    async () => ({
      keys: (await keys.list()).map((key) => ({ ...keyView(key), signs: key.signs, spent: spentView(key) })),
    }),
  );

  app.post(
    '/v1/keys/rotate',
    {
      config: ADMIN,
      schema: {
        tags: ['admin'],
        summary: 'Sign with a new key from now on',
        description:
          'The key before is retired: it signs no more, and what it signed stays valid. The next announced key takes over, or with `fresh` a new one, and the announced ones are discarded: after a theft of the key files.',
        body: closed({ use: rotatedUse, fresh: Type.Optional(Type.Boolean()) }),
        response: {
          201: keySchema,
          ...madeProblems,
        },
      },
    },
    async (request, reply) => {
      const record = await keys.rotate(
        principalOf(request).id,
        request.body.use,
        request.body.fresh ?? false,
      );
      return reply.code(201).send(keyView(record));
    },
  );

  app.post(
    '/v1/keys/announce',
    {
      config: ADMIN,
      schema: {
        tags: ['admin'],
        summary: 'Make a key that signs later, for others to know it before',
        body: closed({ use: rotatedUse }),
        response: { 201: keySchema, ...madeProblems },
      },
    },
    async (request, reply) => {
      const record = await keys.announce(principalOf(request).id, request.body.use);
      return reply.code(201).send(keyView(record));
    },
  );

  app.post(
    '/v1/keys/:kid/reissue',
    {
      config: ADMIN,
      schema: {
        tags: ['admin'],
        summary: 'Sign anew what a key signed, a step at a time',
        description:
          'Each credential that is still good gets a successor with the same claims, end and state under the present key, and is revoked. Ask again with `after` set to `next` until it is null; whoever was stopped begins again.',
        params: closed({ kid: Type.String({ pattern: '^[A-Za-z0-9_-]{11}$' }) }),
        body: closed({
          after: Type.Optional(Type.String({ pattern: '^[a-z2-7]{26}$' })),
          dryRun: Type.Optional(Type.Boolean({ description: 'Only tell what would be done' })),
        }),
        response: {
          200: closed({
            reissued: Type.Integer(),
            groups: Type.Array(groupSchema),
            skipped: Type.Integer({ description: 'Revoked, expired, or of the demo' }),
            next: nullable(Type.String()),
          }),
          ...madeProblems,
        },
      },
    },
    async (request) => {
      const { after = '', dryRun = false } = request.body;
      const step = { after, dryRun };
      const { groups, ...done } = await registry.reissue(principalOf(request).id, request.params.kid, step);
      return { ...done, groups: [...groups] };
    },
  );
}
