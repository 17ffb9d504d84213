// Where a wallet finds out how to claim here, and with which keys SD-JWTs are signed.
// @see OpenID4VCI 1.0, sections 12.2 and 12.3; draft-ietf-oauth-sd-jwt-vc, section 4

import { Type } from 'typebox';
import type { App } from '../../app-types.js';
import type { AppDeps } from '../../deps.js';
import { problems } from '../../schemas/common.js';
import { configurations } from './configurations.js';

export const PRE_AUTHORIZED = 'urn:ietf:params:oauth:grant-type:pre-authorized_code';

const documentSchema = Type.Record(Type.String(), Type.Unknown());

interface Document {
  readonly name: string;
  readonly summary: string;
  readonly content: () => Promise<Readonly<Record<string, unknown>>>;
}

export function registerMetadata(app: App, { kinds, sdJwtKeys }: AppDeps, publicUrl: string): void {
  const issuer = {
    credential_issuer: publicUrl,
    credential_endpoint: `${publicUrl}/openid4vci/credential`,
    nonce_endpoint: `${publicUrl}/openid4vci/nonce`,
    credential_configurations_supported: configurations(kinds),
  };
  const server = {
    issuer: publicUrl,
    token_endpoint: `${publicUrl}/openid4vci/token`,
    grant_types_supported: [PRE_AUTHORIZED],
    response_types_supported: [],
    token_endpoint_auth_methods_supported: ['none'],
    'pre-authorized_grant_anonymous_access_supported': true,
  };
  const documents: readonly Document[] = [
    {
      name: 'openid-credential-issuer',
      summary: 'How wallets claim credentials here (OpenID4VCI 1.0)',
      content: async () => issuer,
    },
    {
      name: 'oauth-authorization-server',
      summary: 'How wallets get access tokens here (RFC 8414)',
      content: async () => server,
    },
    {
      name: 'jwt-vc-issuer',
      summary: 'Keys that SD-JWTs are signed with (SD-JWT VC)',
      content: async () => ({ issuer: publicUrl, jwks: { keys: await sdJwtKeys() } }),
    },
  ];
  // The path of an issuer's address comes behind the well-known one (RFC 8414, section 3.1).
  const path = new URL(publicUrl).pathname.replace(/\/$/, '');
  for (const { name, summary, content } of documents) {
    for (const url of new Set([`/.well-known/${name}`, `/.well-known/${name}${path}`])) {
      app.get(
        url,
        {
          config: { access: 'public' },
          schema: {
            tags: ['wallet'],
            summary,
            response: { 200: documentSchema, ...problems('unavailable') },
          },
        },
        async (_request, reply) => {
          reply.header('cache-control', 'public, max-age=300').header('access-control-allow-origin', '*');
          return content();
        },
      );
    }
  }
}
