// A further encoding of a credential: paper in place of lost paper, or a key of a phone that the office has seen itself.

import { Type } from 'typebox';
import { parsePublicJwk } from '../../../core/signature/public-jwk.js';
import type { App } from '../../app-types.js';
import { credentialView } from '../../credential-view.js';
import type { AppDeps } from '../../deps.js';
import { principalOf } from '../../plugins/guard.js';
import { closed, idParams, problems } from '../../schemas/common.js';
import { credentialSchema, encodingBody } from '../../schemas/credential.js';

const addedSchema = closed({
  ...credentialSchema.properties,
  added: Type.Integer({ description: 'Number of the new encoding' }),
});

export function registerEncodings(app: App, { registry }: AppDeps, publicUrl: string): void {
  app.post(
    '/v1/credentials/:id/encodings',
    {
      config: { access: { anyOf: ['issue'], reach: 'credential' } },
      schema: {
        tags: ['office'],
        summary: 'Add an encoding to a credential',
        description:
          'It has a place of its own in the status lists and the state of the credential. With `device` the credential moves to that key; wallets claim by an offer instead. One encoding is revoked with POST …/status.',
        params: idParams,
        body: encodingBody,
        response: {
          201: addedSchema,
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
      const { deviceKey, ...asked } = request.body;
      const key = deviceKey === undefined ? {} : { deviceKey: parsePublicJwk(deviceKey) };
      const added = await registry.addEncoding(principalOf(request).id, request.params.id, {
        ...asked,
        ...key,
      });
      reply.code(201);
      return { ...credentialView(added, `${publicUrl}/v1/credentials`), added: added.number };
    },
  );
}
