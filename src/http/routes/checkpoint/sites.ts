// Checkpoints: made with a one-time code that a device scans, listed, revoked for good.

import { type Static, Type } from 'typebox';
import type { Site } from '../../../core/issue/site-log.js';
import type { App } from '../../app-types.js';
import type { AppDeps } from '../../deps.js';
import { ADMIN, AUDITOR, principalOf } from '../../plugins/guard.js';
import { closed, EPOCH, nullable, problems } from '../../schemas/common.js';

const siteParams = closed({ id: Type.String({ pattern: '^[a-z2-7]{16}$' }) });

const createBody = closed({
  name: Type.String({
    minLength: 1,
    maxLength: 64,
    pattern: '^\\P{C}*$',
    description: 'As its screen shows it',
  }),
  region: Type.Optional(
    Type.String({
      pattern: '^(?:[0-9]{2}){0,3}$',
      description: "Whose rules hold there; the node's own when absent",
    }),
  ),
});

const siteSchema = closed({
  id: Type.String(),
  name: Type.String(),
  region: Type.String(),
  createdAt: EPOCH,
  createdBy: Type.String({ description: 'API key id or local' }),
  codeExpiresAt: EPOCH,
  enrolledAt: nullable(EPOCH),
  revokedAt: nullable(EPOCH),
});

const createdSchema = closed({
  ...siteSchema.properties,
  code: Type.String({ description: 'Enrols one device, once, within an hour' }),
  link: Type.String({ description: 'What the device opens, for a QR symbol' }),
});

function siteView({ codeHash: _hash, publicKey: _key, ...site }: Site): Static<typeof siteSchema> {
  return site;
}

export function registerSites(app: App, { sites }: AppDeps, publicUrl: string): void {
  app.post(
    '/v1/sites',
    {
      config: ADMIN,
      schema: {
        tags: ['admin'],
        summary: 'Make a checkpoint',
        description:
          'Its device enrols with the code, and proves from then on with a key of its own that it is the one.',
        body: createBody,
        response: {
          201: createdSchema,
          ...problems('unauthenticated', 'not_found', 'too_large', 'unsupported_media_type', 'store_failed'),
        },
      },
    },
    async (request, reply) => {
      const { name, region = null } = request.body;
      const { site, code } = await sites.create(principalOf(request).id, { name, region });
      const link = `${publicUrl}/scan#enrol=${code}`;
      return reply.code(201).send({ ...siteView(site), code, link });
    },
  );

  app.get(
    '/v1/sites',
    {
      config: AUDITOR,
      schema: {
        tags: ['admin'],
        summary: 'List the checkpoints',
        response: {
          200: closed({ sites: Type.Array(siteSchema) }),
          ...problems('unauthenticated', 'not_found'),
        },
      },
    },
    async () => ({ sites: (await sites.list()).map(siteView) }),
  );

  app.delete(
    '/v1/sites/:id',
    {
      config: ADMIN,
      schema: {
        tags: ['admin'],
        summary: 'Revoke a checkpoint',
        params: siteParams,
        response: { 200: siteSchema, ...problems('unauthenticated', 'not_found', 'store_failed') },
      },
    },
    async (request) => siteView(await sites.revoke(principalOf(request).id, request.params.id)),
  );
}
