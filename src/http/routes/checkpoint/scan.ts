// What a checkpoint's page asks besides verdicts: to be enrolled, what to judge by, and to keep what a guard overrode.

import { Type } from 'typebox';
import { REASON_CODES, type ReasonCode } from '../../../core/errors/reasons.js';
import { YimaError } from '../../../core/errors/yima-error.js';
import { OVERRIDE_CHOICES, type OverrideChoice } from '../../../core/issue/sites.js';
import type { App } from '../../app-types.js';
import type { AppDeps } from '../../deps.js';
import { matchesTag } from '../../entity-tags.js';
import { principalOf } from '../../plugins/guard.js';
import { closed, documented, EPOCH, nullable, problems } from '../../schemas/common.js';

const SITE = { access: 'site' } as const;
const ENROL_PATH = '/scan/enrolment';
const MOST_OVERRIDES = 100;

const enrolBody = closed({
  code: Type.String({ minLength: 1, maxLength: 64 }),
  publicKey: Type.Record(Type.String(), Type.Unknown(), {
    maxProperties: 16,
    description: 'Public JWK of the key that the device made for itself, ES256 or Ed25519',
  }),
  proof: Type.String({
    maxLength: 2_048,
    description: 'Compact JWS by that key over this request, kid `enrol`',
  }),
});

const enrolledSchema = closed({
  id: Type.String(),
  name: Type.String(),
  region: Type.String(),
  audience: Type.String({ description: '`aud` of the proofs that the site sends from now on' }),
});

const overridesBody = closed({
  overrides: Type.Array(
    closed({
      n: Type.Integer({ minimum: 1, maximum: 1_000_000_000, description: '1, 2, 3, ... at each site' }),
      at: EPOCH,
      reason: Type.Unsafe<ReasonCode>({ type: 'string', enum: [...REASON_CODES] }),
      choice: Type.Unsafe<OverrideChoice>({ type: 'string', enum: [...OVERRIDE_CHOICES] }),
      kind: nullable(Type.String({ pattern: '^[a-z0-9-]{1,64}$' })),
    }),
    { minItems: 1, maxItems: MOST_OVERRIDES },
  ),
});

export function registerScan(app: App, { sites }: AppDeps, publicUrl: string): void {
  const audience = new URL(publicUrl).origin;
  app.post(
    ENROL_PATH,
    {
      config: { access: 'public' },
      schema: {
        tags: ['checkpoint'],
        summary: 'Enrol a device with a one-time code',
        body: enrolBody,
        response: {
          201: enrolledSchema,
          ...problems(
            'unauthenticated',
            'not_found',
            'key_refused',
            'too_large',
            'unsupported_media_type',
            'store_failed',
          ),
        },
      },
    },
    async (request, reply) => {
      const asked = { ...request.body, aud: audience, htm: 'POST', htu: ENROL_PATH };
      const { id, name, region } = await sites.enrol(asked);
      return reply.code(201).send({ id, name, region, audience });
    },
  );

  app.get(
    '/scan/knowledge',
    {
      config: SITE,
      schema: {
        tags: ['checkpoint'],
        summary: 'Keys, policies and the numbers of the status lists, for judging without a network',
        description: 'Read again with If-None-Match. Status lists are fetched one by one, as signed tokens.',
        response: {
          200: documented('application/json', Type.Unsafe<string>({ type: 'object' }), 'The knowledge'),
          304: Type.Null({ description: 'Not changed' }),
          ...problems('unauthenticated'),
        },
      },
    },
    (request, reply) => {
      const { body, gzipped, etag } = sites.knowledge();
      reply
        .header('etag', etag)
        .header('cache-control', 'private, no-cache')
        .header('vary', 'accept-encoding');
      if (matchesTag(request.headers['if-none-match'], etag)) return reply.code(304).send(null);
      const takesGzip = /\bgzip\b/.test(request.headers['accept-encoding'] ?? '');
      if (takesGzip) reply.header('content-encoding', 'gzip');
      return reply.type('application/json').send(Buffer.from(takesGzip ? gzipped : body) as never);
    },
  );

  app.post(
    '/scan/overrides',
    {
      config: SITE,
      schema: {
        tags: ['checkpoint'],
        summary: 'Keep what guards let in after a check of their own',
        description: 'Says nothing of whom. What is sent twice is kept once, by its number.',
        body: overridesBody,
        response: {
          200: closed({ kept: Type.Integer({ description: 'The highest number that is kept' }) }),
          ...problems('unauthenticated', 'too_large', 'unsupported_media_type', 'store_failed'),
        },
      },
    },
    async (request) => {
      const { site } = principalOf(request);
      if (site === undefined)
        throw new YimaError('internal', 'A route for sites was asked by somebody else.');
      return sites.override(site.id, request.body.overrides);
    },
  );
}
