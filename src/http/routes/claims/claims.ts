// OpenID4VCI 1.0, the pre-authorised code flow: a wallet fetches the offer, brings the transaction code, and proves its device's key.

import type { FastifyReply } from 'fastify';
import { Type } from 'typebox';
import { isJsonObject } from '../../../core/codec/json.js';
import { readClaimProof } from '../../../core/envelope/claim-proof.js';
import { YimaError } from '../../../core/errors/yima-error.js';
import type { App } from '../../app-types.js';
import type { AppDeps } from '../../deps.js';
import { closed, problems } from '../../schemas/common.js';
import { configurationId, findConfiguration } from './configurations.js';
import { FORM, registerFormBody } from './form-body.js';
import { PRE_AUTHORIZED } from './metadata.js';
import { oauthErrors, registerOauthErrors } from './oauth-errors.js';

const BODY_LIMIT = 16_384;
const MAX_CODE_CHARS = 64;
const SCHEME = 'Bearer ';

const offerParams = closed({ code: Type.String({ pattern: '^[a-z2-7]{52}$' }) });
const anyObject = Type.Record(Type.String(), Type.Unknown());

const tokenSchema = closed({
  access_token: Type.String(),
  token_type: Type.String(),
  expires_in: Type.Integer(),
});

const credentialsSchema = closed({
  credentials: Type.Array(closed({ credential: Type.String({ description: 'The code, or the SD-JWT' }) })),
});

type Body = Readonly<Record<string, unknown>>;

export async function registerClaims(app: App, deps: AppDeps, publicUrl: string): Promise<void> {
  registerOffer(app, deps, publicUrl);
  registerNonce(app, deps);
  await app.register(async (scope) => {
    registerOauthErrors(scope, 'invalid_request');
    registerFormBody(scope);
    registerToken(scope as App, deps);
  });
  await app.register(async (scope) => {
    registerOauthErrors(scope, 'invalid_credential_request');
    registerCredential(scope as App, deps, publicUrl);
  });
}

function registerOffer(app: App, { claims }: AppDeps, publicUrl: string): void {
  app.get(
    '/openid4vci/offers/:code',
    {
      config: { access: 'public' },
      schema: {
        tags: ['wallet'],
        summary: 'A credential offer (OpenID4VCI 1.0, section 4.1)',
        description: 'While it is open. Its transaction code comes another way.',
        params: offerParams,
        response: { 200: anyObject, ...problems('not_found', 'unavailable') },
      },
    },
    async (request, reply) => {
      const { code } = request.params;
      const { kind, forms } = await claims.findOffer(code);
      reply.header('access-control-allow-origin', '*');
      return {
        credential_issuer: publicUrl,
        credential_configuration_ids: forms.map((form) => configurationId(kind, form)),
        grants: {
          [PRE_AUTHORIZED]: {
            'pre-authorized_code': code,
            tx_code: { input_mode: 'numeric', length: 6 },
          },
        },
      };
    },
  );
}

function registerNonce(app: App, { claims }: AppDeps): void {
  app.post(
    '/openid4vci/nonce',
    {
      config: { access: 'public' },
      schema: {
        tags: ['wallet'],
        summary: 'A nonce for one proof (OpenID4VCI 1.0, section 7)',
        response: { 200: closed({ c_nonce: Type.String() }), ...problems('unavailable') },
      },
    },
    async () => ({ c_nonce: await claims.nonce() }),
  );
}

function registerToken(app: App, { claims }: AppDeps): void {
  app.post(
    '/openid4vci/token',
    {
      bodyLimit: BODY_LIMIT,
      config: { access: 'public' },
      schema: {
        tags: ['wallet'],
        summary: 'Exchange an offer and its transaction code for an access token',
        description:
          '`grant_type`, `pre-authorized_code`, `tx_code`. Five wrong codes, wherever they come from, and the offer is dead.',
        consumes: [FORM],
        body: anyObject,
        response: { 200: tokenSchema, ...oauthErrors },
      },
    },
    async (request, reply) => {
      const { code, txCode } = readTokenRequest(request.body as Body);
      const redeemed = await claims.redeem(code, txCode);
      if (redeemed.ok) {
        const { accessToken, expiresInSeconds } = redeemed;
        return { access_token: accessToken, token_type: 'Bearer', expires_in: expiresInSeconds };
      }
      request.problem = 'invalid_request';
      return wrongCode(reply as FastifyReply, redeemed.left) as never;
    },
  );
}

/** Theirs has one code for a wrong code and a dead offer, so the wallet is told how many it may still try. */
function wrongCode(reply: FastifyReply, left: number): FastifyReply {
  return reply.code(400).send({
    error: 'invalid_grant',
    error_description: left === 0 ? 'Wrong code. The offer is dead; ask for a new one.' : 'Wrong code.',
    attempts_left: left,
  });
}

/** @throws YimaError `invalid_request` with the rule of the standard */
function readTokenRequest(body: Body): { readonly code: string; readonly txCode: string } {
  const { grant_type: grant, 'pre-authorized_code': code, tx_code: txCode } = body;
  if (typeof grant !== 'string') throw missing('grant_type');
  if (grant !== PRE_AUTHORIZED)
    throw new YimaError('invalid_request', 'Only the pre-authorised code flow is offered.', {
      rule: 'unsupported_grant_type',
    });
  if (typeof code !== 'string' || code === '') throw missing('pre-authorized_code');
  if (typeof txCode !== 'string' || txCode === '') throw missing('tx_code');
  if (txCode.length > MAX_CODE_CHARS) throw new YimaError('invalid_request', 'tx_code is too long.');
  return { code, txCode };
}

function missing(name: string): YimaError {
  return new YimaError('invalid_request', `Send ${name}.`);
}

function registerCredential(
  app: App,
  { claims, kinds, verifySignature, clock }: AppDeps,
  publicUrl: string,
): void {
  app.post(
    '/openid4vci/credential',
    {
      bodyLimit: BODY_LIMIT,
      config: { access: 'public', security: 'accessToken' },
      schema: {
        tags: ['wallet'],
        summary: 'Claim a credential for the key of a device',
        description:
          '`credential_configuration_id` and `proofs` with one `jwt`. The same device gets the same again while its token lives.',
        body: anyObject,
        response: { 200: credentialsSchema, ...oauthErrors },
      },
    },
    async (request) => {
      const { authorization = '' } = request.headers;
      if (!authorization.startsWith(SCHEME))
        throw new YimaError('unauthenticated', 'Send the access token as "Authorization: Bearer ...".');
      const { id, proof } = readCredentialRequest(request.body as Body);
      const credential = await claims.claim({
        accessToken: authorization.slice(SCHEME.length),
        configuration: findConfiguration(id, kinds),
        proof: readClaimProof(proof, publicUrl, clock(), verifySignature),
      });
      return { credentials: [{ credential }] };
    },
  );
}

/** @throws YimaError `invalid_request` with the rule of the standard */
function readCredentialRequest(body: Body): { readonly id: string; readonly proof: string } {
  const { credential_configuration_id: id, proofs, credential_response_encryption: encryption } = body;
  if (encryption !== undefined)
    throw new YimaError('invalid_request', 'Answers are not encrypted.', {
      rule: 'invalid_encryption_parameters',
    });
  if (typeof id !== 'string') throw missing('credential_configuration_id');
  const jwts = isJsonObject(proofs) && Object.keys(proofs).length === 1 ? proofs['jwt'] : undefined;
  const [proof, ...others] = Array.isArray(jwts) ? (jwts as readonly unknown[]) : [];
  if (typeof proof !== 'string' || others.length > 0)
    throw new YimaError('invalid_request', 'Send one proof of the type jwt.', { rule: 'invalid_proof' });
  return { id, proof };
}
