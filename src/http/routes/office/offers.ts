// Offers that a desk shows or prints: a link or symbol for the phone, and a transaction code for the person alone.

import { Type } from 'typebox';
import type { MadeOffer } from '../../../core/issue/offers.js';
import type { App } from '../../app-types.js';
import type { AppDeps } from '../../deps.js';
import { principalOf } from '../../plugins/guard.js';
import { closed, EPOCH, idParams, problems } from '../../schemas/common.js';

const offerBody = closed({
  keepDevices: Type.Optional(
    Type.Boolean({
      description: 'Phones that it is on already stay; otherwise it moves to the one that claims',
    }),
  ),
});

export const madeSchema = closed({
  id: Type.String(),
  offerUri: Type.String({ description: 'For any wallet, as a link or in a symbol' }),
  walletUrl: Type.String({ description: 'The same for the wallet of this node' }),
  txCode: Type.String({
    description: 'Six digits, told this once: for the person alone, on another way than the offer',
  }),
  expiresAt: EPOCH,
});

/** The links of an offer, and what is told with them. */
export function madeView(publicUrl: string, { id, code, txCode, expiresAt }: MadeOffer) {
  const address = encodeURIComponent(`${publicUrl}/openid4vci/offers/${code}`);
  return {
    id,
    offerUri: `openid-credential-offer://?credential_offer_uri=${address}`,
    walletUrl: `${publicUrl}/wallet#offer=${address}`,
    txCode,
    expiresAt,
  };
}

export function registerOffers(app: App, { claims }: AppDeps, publicUrl: string): void {
  app.post(
    '/v1/credentials/:id/offers',
    {
      config: { access: { anyOf: ['issue'], reach: 'credential' } },
      schema: {
        tags: ['office'],
        summary: 'Offer a credential to the phone of its holder',
        params: idParams,
        body: offerBody,
        response: {
          201: madeSchema,
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
    async (request, reply) => {
      const made = await claims.makeOffer(principalOf(request).id, request.params.id, request.body);
      return reply.code(201).send(madeView(publicUrl, made));
    },
  );

  app.delete(
    '/v1/credentials/:id/offers/:offer',
    {
      config: { access: { anyOf: ['issue', 'revoke'], reach: 'credential' } },
      schema: {
        tags: ['office'],
        summary: 'Withdraw an offer that nobody has claimed',
        description: 'A token that was given for it is worth nothing from then on. Once more is no harm.',
        params: closed({ ...idParams.properties, offer: idParams.properties.id }),
        response: {
          204: Type.Null({ description: 'It is withdrawn' }),
          ...problems('unauthenticated', 'forbidden', 'not_found', 'conflict', 'store_failed'),
        },
      },
    },
    async (request, reply) => {
      const { id, offer } = request.params;
      await claims.withdrawOffer(principalOf(request).id, id, offer);
      return reply.code(204).send(null);
    },
  );
}
