// The API described by its own schemas: OpenAPI 3.1 at /openapi.json, to be read at /docs without a network.

import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import { Type } from 'typebox';
import type { App } from '../app-types.js';
import type { AppOptions } from '../deps.js';
import { registerPageHeaders } from '../routes/pages.js';

export const DOCS_PREFIX = '/docs';

const TAGS = [
  { name: 'checkpoint', description: 'Judging codes' },
  { name: 'office', description: 'Issuing, reading and revoking credentials' },
  { name: 'officers', description: 'What takes two people, and rules of colour' },
  { name: 'wallet', description: 'Claiming a credential for a phone (OpenID4VCI 1.0)' },
  { name: 'holder', description: 'What a phone asks for by proof of its key' },
  { name: 'public', description: 'What anybody may fetch' },
  { name: 'admin', description: 'API keys, the log, signing keys' },
  { name: 'operator', description: 'Health' },
  { name: 'demo', description: 'The first page, on this machine only' },
];

const DESCRIPTION = [
  'Signed QR credentials: issued, shown, verified, revoked.',
  '',
  'A refusal is an answer: `POST /v1/verify` has status 200 and a decision whatever the code is. Problem documents',
  '(RFC 9457) are for requests that could not be judged; match on their `code`. Times are epoch seconds.',
].join('\n');

/**
 * Has to come before the routes, since it collects them as they are registered. A guarded route has to stand in the document, so that
 * whoever reads who may do what reads of all of them.
 */
export async function registerOpenApi(
  app: App,
  { publicUrl, version }: Pick<AppOptions, 'publicUrl' | 'version'>,
): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Yima',
        version,
        description: DESCRIPTION,
        license: { name: 'Apache-2.0' },
      },
      servers: [{ url: publicUrl }],
      tags: TAGS,
      components: {
        securitySchemes: {
          apiKey: {
            type: 'http',
            scheme: 'bearer',
            description: 'An API key, yk_<id>_<secret>, with a scope',
          },
          accessToken: { type: 'http', scheme: 'bearer', description: 'What the token endpoint gave' },
          deviceProof: {
            type: 'apiKey',
            in: 'header',
            name: 'Authorization',
            description:
              'Holder <jws>: typ yima-holder+jwt, the device’s key as jwk, payload {aud: origin, htm, htu, iat, jti}, good once and for a minute',
          },
        },
      },
    },
    hideUntagged: true,
  });
  app.addHook('onRoute', (route) => {
    const access = route.config?.access;
    const own = route.config?.security;
    if (route.schema !== undefined && own !== undefined) route.schema.security = [{ [own]: [] }];
    if (access === undefined || access === 'public') return;
    if (route.schema?.tags === undefined)
      throw new Error(
        `Route ${String(route.method)} ${route.url} is guarded, and the document would lack it`,
      );
    route.schema.security = access === 'optional' ? [{}, { apiKey: [] }] : [{ apiKey: [] }];
  });
}

/** The document and the page that shows it. */
export async function registerDocs(app: App, https: boolean): Promise<void> {
  app.get(
    '/openapi.json',
    {
      config: { access: 'public' },
      schema: { hide: true, response: { 200: Type.Record(Type.String(), Type.Unknown()) } },
    },
    (_request, reply) => {
      reply.header('access-control-allow-origin', '*').header('cache-control', 'public, max-age=300');
      reply.send(app.swagger() as never);
    },
  );
  await app.register(async (scope) => {
    await registerPageHeaders(scope as App, https);
    await scope.register(swaggerUi, {
      routePrefix: DOCS_PREFIX,
      uiConfig: { layout: 'BaseLayout', validatorUrl: null },
      theme: { title: 'Yima API' },
    });
  });
}
