// Which keys a trust document may name, each refusal for its rule.

import { Point } from '@noble/ed25519';
import { test } from 'tap';
import { generatePrivateJwk, sha256 } from '../../../../src/adapters/crypto-node.js';
import { decodeBase64url, encodeBase64url } from '../../../../src/core/codec/base64url.js';
import type { JsonObject } from '../../../../src/core/codec/json.js';
import { SMALL_ORDER_ENCODINGS } from '../../../../src/core/signature/edwards.js';
import { createAdmission, refusedKeyRule } from '../../../../src/core/trust/documents/trusted-key.js';
import type { CodeFormat } from '../../../../src/core/trust/key-record.js';
import { deskKey } from '../../../support/trust-desk.js';
import { TORSION } from '../../signature/crafted.js';
import { ADMIT, ruleOf } from './reading.js';

const ED = deskKey();
const EC = deskKey('ES256');
const OWN_KID = encodeBase64url(decodeBase64url(ED.thumbprint).subarray(0, 8));
const DCC_KID = encodeBase64url(new Uint8Array(8));
const x = (bytes: Uint8Array): JsonObject => ({ ...ED.jwk, x: encodeBase64url(bytes) });
const without = (jwk: JsonObject, name: string): JsonObject =>
  Object.fromEntries(Object.entries(jwk).filter(([each]) => each !== name));
const rsa = (modulusBytes: number): JsonObject => ({
  kty: 'RSA',
  alg: 'PS256',
  e: 'AQAB',
  n: encodeBase64url(new Uint8Array(modulusBytes).fill(0xff)),
  kid: DCC_KID,
});

const ROWS: readonly (readonly [string, CodeFormat, string, unknown])[] = [
  ['Ed25519', 'yima', 'accepted', ED.jwk],
  ['ES256', 'yima', 'accepted', EC.jwk],
  ['with its own kid', 'yima', 'accepted', { ...ED.jwk, kid: OWN_KID }],
  ['with another kid', 'yima', 'kid_mismatch', { ...ED.jwk, kid: DCC_KID }],
  ['with its whole thumbprint as kid', 'yima', 'kid_mismatch', { ...ED.jwk, kid: ED.thumbprint }],
  ['with a kid of null', 'yima', 'kid_mismatch', { ...ED.jwk, kid: null }],
  ['no object', 'yima', 'jwk_form', 'key'],
  ['an array', 'yima', 'jwk_form', [ED.jwk]],
  ['with its private part', 'yima', 'jwk_private', generatePrivateJwk('Ed25519')],
  ['with a private part that is empty', 'yima', 'jwk_private', { ...ED.jwk, d: '' }],
  ['a symmetric key', 'yima', 'jwk_private', { kty: 'oct', k: 'AAAA', alg: 'HS256' }],
  ['without alg', 'yima', 'alg_missing', without(ED.jwk, 'alg')],
  ['EC without alg', 'yima', 'alg_missing', without(EC.jwk, 'alg')],
  ['alg in small letters', 'yima', 'alg_unsupported', { ...ED.jwk, alg: 'ed25519' }],
  ['alg in other letters', 'yima', 'alg_unsupported', { ...EC.jwk, alg: 'Es256' }],
  ['the old name of the algorithm', 'yima', 'algorithm', { ...ED.jwk, alg: 'EdDSA' }],
  ['the old name in a foreign format', 'eu-dcc', 'accepted', { ...ED.jwk, alg: 'EdDSA', kid: DCC_KID }],
  ['a reserved algorithm', 'yima', 'alg_reserved', { ...EC.jwk, alg: 'SM2SM3' }],
  ['another curve than its algorithm', 'yima', 'crv_mismatch', { ...EC.jwk, crv: 'P-384' }],
  ['a key to agree with', 'yima', 'crv_mismatch', { ...ED.jwk, crv: 'X25519' }],
  ['another type than its algorithm', 'yima', 'kty_mismatch', { ...ED.jwk, kty: 'EC' }],
  ['RSA among our own', 'yima', 'algorithm', rsa(256)],
  ['a member too many', 'yima', 'jwk_member', { ...ED.jwk, use: 'sig' }],
  ['the members of the other type', 'yima', 'jwk_member', { ...ED.jwk, y: EC.jwk['y'] }],
  ['a certificate beside', 'yima', 'jwk_member', { ...ED.jwk, x5c: [] }],
  ['marked for encryption', 'eu-dcc', 'jwk_use', { ...EC.jwk, kid: DCC_KID, use: 'enc' }],
  ['a byte too short', 'yima', 'jwk_member', x(new Uint8Array(31).fill(9))],
  ['a byte too long', 'yima', 'jwk_member', x(new Uint8Array(33).fill(9))],
  ['padded', 'yima', 'jwk_member', { ...ED.jwk, x: `${String(ED.jwk['x'])}=` }],
  ['a point off the curve', 'yima', 'ec_point', { ...EC.jwk, y: EC.jwk['x'] }],
  ['y past the field', 'yima', 'ed25519_encoding', x(Uint8Array.of(0xf0, ...new Array(30).fill(0xff), 0x7f))],
  [
    'outside the prime order',
    'yima',
    'ed25519_torsion',
    x(
      Point.fromBytes(decodeBase64url(String(ED.jwk['x'])))
        .add(TORSION)
        .toBytes(),
    ),
  ],
  ...SMALL_ORDER_ENCODINGS.map(
    (bytes, i) => [`small order ${i}`, 'yima', 'ed25519_small_order', x(bytes)] as const,
  ),
  ['a short RSA key', 'eu-dcc', 'rsa_size', rsa(128)],
  ['an RSA key with a small factor', 'eu-dcc', 'rsa_modulus', rsa(256)],
  ['a certificate of 8 bytes of kid', 'eu-dcc', 'accepted', { ...EC.jwk, kid: DCC_KID }],
  ['no kid', 'eu-dcc', 'kid_missing', EC.jwk],
  ['a kid of 7 bytes', 'eu-dcc', 'kid_form', { ...EC.jwk, kid: encodeBase64url(new Uint8Array(7)) }],
  ['a kid in padded base64', 'eu-dcc', 'kid_form', { ...EC.jwk, kid: `${DCC_KID}=` }],
  ['its thumbprint', 'shc', 'accepted', { ...EC.jwk, kid: EC.thumbprint }],
  ['no kid', 'shc', 'kid_missing', EC.jwk],
  ['the thumbprint of another', 'shc', 'kid_mismatch', { ...EC.jwk, kid: ED.thumbprint }],
  ['an algorithm that is not its own', 'shc', 'algorithm', { ...ED.jwk, kid: ED.thumbprint }],
  ['a fragment', 'nzcp', 'accepted', { ...EC.jwk, kid: encodeBase64url(Buffer.from('key-1')) }],
  ['an empty fragment', 'nzcp', 'kid_form', { ...EC.jwk, kid: '' }],
  ['a fragment of 65 bytes', 'nzcp', 'kid_form', { ...EC.jwk, kid: encodeBase64url(new Uint8Array(65)) }],
  [
    'an algorithm that is not its own',
    'nzcp',
    'algorithm',
    { ...ED.jwk, kid: encodeBase64url(Buffer.from('key-1')) },
  ],
];

test('each key is admitted or refused for its rule', async (t) => {
  for (const [name, format, rule, jwk] of ROWS)
    t.equal(
      ruleOf(() => ADMIT(jwk, format)),
      rule,
      `${format}: ${name}`,
    );
});

test('an admitted key carries its thumbprint and the kid of its format', async (t) => {
  t.match(ADMIT(ED.jwk, 'yima'), { thumbprint: ED.thumbprint, kid: OWN_KID, key: { algorithm: 'Ed25519' } });
  t.match(ADMIT({ ...EC.jwk, kid: DCC_KID }, 'eu-dcc'), { thumbprint: EC.thumbprint, kid: DCC_KID });
});

test('a sound key is checked once, an unsound one each time', async (t) => {
  let checks = 0;
  const admit = createAdmission({ sha256 }, () => {
    checks++;
  });
  for (let i = 0; i < 3; i++) admit(ED.jwk, 'yima');
  admit({ ...ED.jwk, kid: DCC_KID }, 'eu-dcc');
  t.equal(checks, 1);
  admit(EC.jwk, 'yima');
  t.equal(checks, 2);
  t.equal(
    ruleOf(() => admit({ ...ED.jwk, d: 'AAAA' }, 'yima')),
    'jwk_private',
    'a known key is no pass for its text',
  );
  const small = x(SMALL_ORDER_ENCODINGS[0] ?? new Uint8Array());
  for (let i = 0; i < 2; i++)
    t.equal(
      ruleOf(() => ADMIT(small, 'yima')),
      'ed25519_small_order',
    );
});

test('an error that is no refusal of a key is not taken for one', async (t) => {
  const broken = new TypeError('broken');
  t.throws(() => refusedKeyRule(broken), broken);
});
