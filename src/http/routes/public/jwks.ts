// The node's public keys for whoever verifies its JWS forms and status lists.

import { Type } from 'typebox';
import type { App } from '../../app-types.js';
import type { AppDeps } from '../../deps.js';
import { closed, documented, nullable, problems } from '../../schemas/common.js';

const keySchema = Type.Record(Type.String(), Type.Unknown());

/** The members beside `keys` make it a trust file as `parseTrustFile` reads it (RFC 7517, section 5 allows them). */
const jwkSetSchema = closed({
  issuer: Type.String(),
  scope: closed({
    region: Type.String({ description: 'GB/T 2260 prefix; empty covers all' }),
    kinds: nullable(Type.Array(Type.String())),
  }),
  statusBase: Type.String(),
  keys: Type.Array(keySchema, { description: 'JWKs with `purpose`, `nbf`, `exp` and `state`' }),
});

export function registerJwks(app: App, { jwks }: AppDeps): void {
  app.get(
    '/.well-known/jwks.json',
    {
      config: { access: 'public' },
      schema: {
        tags: ['public'],
        summary: 'Public keys of this node (RFC 7517)',
        response: { 200: documented('application/jwk-set+json', jwkSetSchema, 'JWK set'), ...problems() },
      },
    },
    async (_request, reply) => {
      const set = await jwks();
      reply.type('application/jwk-set+json').header('cache-control', 'public, max-age=300');
      return reply.header('access-control-allow-origin', '*').send(set as never);
    },
  );
}
