// The node's public keys for whoever verifies its JWS forms and status lists.

import { Type } from 'typebox';
import type { App } from '../../app-types.js';
import type { AppDeps } from '../../deps.js';
import { closed, documented, problems } from '../../schemas/common.js';

const jwkSetSchema = closed({ keys: Type.Array(Type.Record(Type.String(), Type.Unknown())) });

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
    (_request, reply) => {
      reply
        .type('application/jwk-set+json')
        .header('cache-control', 'public, max-age=300')
        .header('access-control-allow-origin', '*')
        .send(jwks() as never);
    },
  );
}
