// The story of a code, played on the first page: issue, show, recolour, revoke, verify. Only demo credentials are touched.

import { Type } from 'typebox';
import { YimaError } from '../../../core/errors/yima-error.js';
import type { StateChange } from '../../../core/issue/commands.js';
import type { StoredCredential } from '../../../core/issue/store.js';
import type { App } from '../../app-types.js';
import type { AppDeps, DemoDeps } from '../../deps.js';
import { VERIFY_BODY_LIMIT } from '../../door/usual-head.js';
import { answerSchema, verifyBody } from '../../schemas/answer.js';
import { closed, documented, idParams, problems, textSchema } from '../../schemas/common.js';
import { madeSchema, madeView } from '../office/offers.js';
import { demoSchema, demoView } from './demo-view.js';

const ACTOR = 'demo';
const SCALE = 4;
const PUBLIC = { access: 'public' } as const;
const WRITE_PROBLEMS = problems(
  'forbidden',
  'not_found',
  'conflict',
  'too_large',
  'unsupported_media_type',
  'store_failed',
);

const levelBody = closed({
  level: Type.Unsafe<'green' | 'yellow' | 'red'>({ type: 'string', enum: ['green', 'yellow', 'red'] }),
});

const BASE = '/demo/credentials';

/** @throws YimaError `not_found` also for a real credential: the demo does not tell that it exists */
async function getDemo(registry: AppDeps['registry'], id: string): Promise<StoredCredential> {
  const found = await registry.find(id);
  if (found?.credential.demo !== true)
    throw new YimaError('not_found', 'There is no demo credential with this id.');
  return found;
}

async function changeDemo({ registry, kinds }: AppDeps, id: string, change: StateChange) {
  await getDemo(registry, id);
  return demoView(await registry.changeState(ACTOR, id, change), kinds);
}

export function registerDemo(app: App, deps: AppDeps, demo: DemoDeps, publicUrl: string): void {
  registerDemoCredentials(app, deps, demo);
  registerDemoOffers(app, deps, publicUrl);
  registerDemoChanges(app, deps);
  registerDemoChecks(app, deps, demo);
}

function registerDemoCredentials(app: App, { registry, qr, kinds }: AppDeps, demo: DemoDeps): void {
  app.post(
    BASE,
    {
      config: PUBLIC,
      schema: {
        tags: ['demo'],
        summary: 'Issue a health code to a person who does not exist',
        body: closed({}),
        response: { 201: demoSchema, ...WRITE_PROBLEMS },
      },
    },
    async (_request, reply) => {
      const issued = await registry.issue(ACTOR, { ...demo.newRequest(), demo: true });
      return reply.code(201).send(demoView(issued, kinds));
    },
  );

  app.get(
    `${BASE}/:id`,
    {
      config: PUBLIC,
      schema: {
        tags: ['demo'],
        summary: 'A demo credential as it is now',
        params: idParams,
        response: { 200: demoSchema, ...problems('forbidden', 'not_found') },
      },
    },
    async (request) => demoView(await getDemo(registry, request.params.id), kinds),
  );

  app.get(
    `${BASE}/:id/qr.svg`,
    {
      config: PUBLIC,
      schema: {
        tags: ['demo'],
        summary: 'The symbol of a demo credential',
        params: idParams,
        response: {
          200: documented('image/svg+xml', Type.String(), 'The symbol'),
          ...problems('forbidden', 'not_found'),
        },
      },
    },
    async (request, reply) => {
      const { encodings } = await getDemo(registry, request.params.id);
      reply.type('image/svg+xml').header('content-security-policy', "default-src 'none'");
      return reply.send(qr.svg(encodings[0]?.code ?? '', SCALE));
    },
  );
}

function registerDemoOffers(app: App, { registry, claims }: AppDeps, publicUrl: string): void {
  app.post(
    `${BASE}/:id/offers`,
    {
      config: PUBLIC,
      schema: {
        tags: ['demo'],
        summary: 'Offer a demo credential to a wallet',
        params: idParams,
        body: closed({}),
        response: { 201: madeSchema, ...WRITE_PROBLEMS },
      },
    },
    async (request, reply) => {
      const { credential } = await getDemo(registry, request.params.id);
      return reply.code(201).send(madeView(publicUrl, await claims.makeOffer(ACTOR, credential.id, {})));
    },
  );
}

function registerDemoChanges(app: App, deps: AppDeps): void {
  app.post(
    `${BASE}/:id/level`,
    {
      config: PUBLIC,
      schema: {
        tags: ['demo'],
        summary: 'Recolour a demo credential',
        params: idParams,
        body: levelBody,
        response: { 200: demoSchema, ...WRITE_PROBLEMS },
      },
    },
    (request) =>
      changeDemo(deps, request.params.id, {
        action: 'set-level',
        level: request.body.level,
        reason: 'demo: a button on the first page',
      }),
  );

  app.post(
    `${BASE}/:id/revoke`,
    {
      config: PUBLIC,
      schema: {
        tags: ['demo'],
        summary: 'Revoke a demo credential',
        params: idParams,
        body: closed({}),
        response: { 200: demoSchema, ...WRITE_PROBLEMS },
      },
    },
    (request) =>
      changeDemo(deps, request.params.id, { action: 'revoke', reason: 'demo: a button on the first page' }),
  );
}

function registerDemoChecks(app: App, { verify }: AppDeps, demo: DemoDeps): void {
  app.post(
    '/demo/verify',
    {
      config: PUBLIC,
      bodyLimit: VERIFY_BODY_LIMIT,
      schema: {
        tags: ['demo'],
        summary: 'Judge any code',
        body: verifyBody,
        response: { 200: answerSchema, ...problems('forbidden', 'too_large', 'unsupported_media_type') },
      },
    },
    (request, reply) => {
      const answer = verify(request.body.code);
      request.verdict = answer;
      reply.send(answer);
    },
  );

  app.get(
    '/demo/samples',
    {
      config: PUBLIC,
      schema: {
        tags: ['demo'],
        summary: 'Texts to try',
        response: {
          200: closed({ samples: Type.Array(closed({ name: textSchema, code: Type.String() })) }),
          ...problems('forbidden'),
        },
      },
    },
    async () => ({ samples: [...(await demo.samples())] }),
  );
}
