// Requests about phones that ask for nothing: offers and encodings in another form, and proofs of a device's key that are none.

import { bearer } from '../../http/support/twin-deps.js';
import type { Problem } from '../world.js';
import type { RequestRow } from './bodies.js';

const ID = 'a'.repeat(26);
const INVALID = { status: 400, code: 'invalid_request' } as const;
const UNAUTHENTICATED = { status: 401, code: 'unauthenticated' } as const;
const JWK = { kty: 'OKP', crv: 'Ed25519', alg: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' };

function add(name: string, change: object, expected: Problem): RequestRow {
  return {
    name: `encoding: ${name}`,
    request: () => ({
      method: 'POST',
      url: `/v1/credentials/${ID}/encodings`,
      headers: bearer('issue'),
      payload: { form: 'device', deviceKey: JWK, reason: 'seen', ...change },
    }),
    expected,
  };
}

function offer(name: string, payload: unknown, expected: Problem): RequestRow {
  return {
    name: `offer: ${name}`,
    request: () => ({
      method: 'POST',
      url: `/v1/credentials/${ID}/offers`,
      headers: { ...bearer('issue'), 'content-type': 'application/json' },
      payload: JSON.stringify(payload),
    }),
    expected,
  };
}

function proof(name: string, text: string | undefined, rule: string): RequestRow {
  return {
    name: `holder: ${name}`,
    request: () => ({
      url: '/holder/credentials',
      headers: text === undefined ? {} : { authorization: text },
    }),
    expected: { ...UNAUTHENTICATED, rule },
  };
}

const header = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const HEADER = { alg: 'Ed25519', typ: 'yima-holder+jwt', jwk: { kty: JWK.kty, crv: JWK.crv, x: JWK.x } };
const holder = (change: object, rest = 'e30.AAAA'): string =>
  `Holder ${header({ ...HEADER, ...change })}.${rest}`;

export const PHONE_ROWS: readonly RequestRow[] = [
  add('of nothing', {}, { status: 404, code: 'not_found' }),
  add('a hologram', { form: 'hologram' }, { ...INVALID, field: 'form' }),
  add('an SD-JWT without a proof', { form: 'sd-jwt' }, { ...INVALID, field: 'form' }),
  add('paper with a key', { form: 'paper' }, { ...INVALID, field: 'deviceKey' }),
  add('a phone without one', { deviceKey: undefined }, { ...INVALID, field: 'deviceKey' }),
  add(
    'a key with its private part',
    { deviceKey: { ...JWK, d: 'AAAA' } },
    { status: 422, code: 'key_refused', rule: 'jwk_private' },
  ),
  add(
    'an identity point',
    { deviceKey: { ...JWK, x: `AQ${'A'.repeat(41)}` } },
    { status: 422, code: 'key_refused', rule: 'ed25519_small_order' },
  ),
  add(
    'a symmetric key',
    { deviceKey: { kty: 'oct', k: 'AAAA' } },
    { status: 422, code: 'key_refused', rule: 'jwk_private' },
  ),
  add('in place of the zeroth', { replaces: 0 }, { ...INVALID, field: 'replaces' }),
  add('a reason that turns round', { reason: 'a\u202eb' }, { ...INVALID, field: 'reason' }),
  add('no reason', { reason: '' }, { ...INVALID, field: 'reason' }),
  offer('for ever', { expiresAt: 1 }, { ...INVALID, field: 'expiresAt' }),
  offer('with a code of one’s own', { txCode: '000000' }, { ...INVALID, field: 'txCode' }),
  offer('a list', [], INVALID),
  proof('nothing', undefined, 'missing'),
  proof('an API key', bearer('admin').authorization, 'missing'),
  proof('no JWS', 'Holder x', 'jws_segments'),
  proof('four segments', 'Holder a.b.c.d', 'jws_segments'),
  proof('no algorithm', holder({ alg: 'none' }), 'jws_alg'),
  proof('HMAC with the public key', holder({ alg: 'HS256' }), 'jws_alg'),
  proof('another algorithm than the key’s', holder({ alg: 'ES256' }), 'kty_mismatch'),
  proof('another type', holder({ typ: 'JWT' }), 'typ'),
  proof('no key', holder({ jwk: undefined }), 'jws_header'),
  proof('a key and a name', holder({ kid: 'x' }), 'jws_header'),
  proof('a key from an address', holder({ jku: 'https://evil.test' }), 'jws_header'),
  proof('critical', holder({ crit: ['b64'], b64: false }), 'jws_header'),
  proof('compressed', holder({ zip: 'DEF' }), 'jws_header'),
  proof('a signature of nobody', holder({}, `e30.${'A'.repeat(86)}`), 'signature'),
  proof('no signature', holder({}, 'e30.'), 'jws_signature'),
];
