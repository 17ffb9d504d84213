// JWKs from strangers: one algorithm each, one form each, nothing private; jose as the oracle for those that pass.

import { exportJWK, generateKeyPair, importJWK } from 'jose';
import t from 'tap';
import { generatePrivateJwk } from '../../../src/adapters/crypto-node.js';
import { parsePublicJwk, publicJwk } from '../../../src/core/signature/public-jwk.js';

const { d: edSecret, ...ed } = generatePrivateJwk('Ed25519');
const { d: _ecSecret, ...ec } = generatePrivateJwk('ES256');

t.test('keys that jose makes are read, and written so that jose reads them', async (t) => {
  for (const alg of ['Ed25519', 'ES256', 'ES384', 'PS256'] as const) {
    const { publicKey } = await generateKeyPair(alg, { extractable: true });
    const jwk = { ...(await exportJWK(publicKey)), alg };
    const key = parsePublicJwk(jwk);
    t.equal(key.algorithm, alg);
    t.strictSame(parsePublicJwk(publicJwk(key)), key);
    await importJWK({ ...publicJwk(key) });
    t.match(jwk, publicJwk(key));
  }
});

t.test('reads what is harmless', async (t) => {
  const { alg: _alg, ...withoutAlg } = ec;
  for (const [name, jwk] of [
    ['EC without alg', withoutAlg],
    ['use sig', { ...ed, use: 'sig' }],
    ['key_ops verify', { ...ed, key_ops: ['verify'], ext: true }],
    ['kid and x5t', { ...ec, kid: 'anything', 'x5t#S256': 'AAAA' }],
    ['EdDSA on an Ed25519 key', { ...ed, alg: 'EdDSA' }],
  ] as const) {
    t.doesNotThrow(() => parsePublicJwk(jwk), name);
  }
});

t.test('refuses, each for its rule', async (t) => {
  const { alg: _edAlg, ...edWithoutAlg } = ed;
  const { y: _y, ...ecWithoutY } = ec;
  const n = Buffer.alloc(256, 0xc5).toString('base64url');
  const rsa = { kty: 'RSA', alg: 'PS256', n, e: 'AQAB' };
  for (const [name, jwk, rule] of [
    ['not an object', [ed], 'jwk_form'],
    ['null', null, 'jwk_form'],
    ['private key', { ...ed, d: edSecret }, 'jwk_private'],
    ['empty d', { ...ec, d: '' }, 'jwk_private'],
    ['RSA prime', { ...rsa, p: 'AQAB' }, 'jwk_private'],
    ['symmetric key', { kty: 'oct', k: 'AAAA', alg: 'HS256' }, 'jwk_private'],
    ['Ed25519 without alg', edWithoutAlg, 'alg_missing'],
    ['RSA without alg', { kty: 'RSA', n, e: 'AQAB' }, 'alg_missing'],
    ['alg none', { ...ed, alg: 'none' }, 'alg_unsupported'],
    ['alg RS256', { ...rsa, alg: 'RS256' }, 'alg_unsupported'],
    ['alg ES512', { ...ec, alg: 'ES512' }, 'alg_unsupported'],
    ['alg toString', { ...ec, alg: 'toString' }, 'alg_unsupported'],
    ['alg is a number', { ...ec, alg: -7 }, 'alg_unsupported'],
    ['alg null', { ...ec, alg: null }, 'alg_unsupported'],
    ['alg of SM2', { ...ec, alg: 'SM2SM3' }, 'alg_reserved'],
    ['alg ES256 on an OKP key', { ...ed, alg: 'ES256' }, 'kty_mismatch'],
    ['alg Ed25519 on an EC key', { ...ec, alg: 'Ed25519' }, 'kty_mismatch'],
    ['alg PS256 on an EC key', { ...ec, alg: 'PS256' }, 'kty_mismatch'],
    ['crv X25519', { ...ed, crv: 'X25519' }, 'crv_mismatch'],
    ['crv Ed448', { ...ed, crv: 'Ed448' }, 'crv_mismatch'],
    ['crv secp256k1 under ES256', { ...ec, crv: 'secp256k1' }, 'crv_mismatch'],
    ['crv P-384 under ES256', { ...ec, crv: 'P-384' }, 'crv_mismatch'],
    ['crv secp256k1 without alg', { kty: 'EC', crv: 'secp256k1', x: ec.x, y: ec.y }, 'crv_mismatch'],
    ['RSA with crv', { ...rsa, crv: 'P-256' }, 'crv_mismatch'],
    ['use enc', { ...ed, use: 'enc' }, 'jwk_use'],
    ['key_ops sign', { ...ed, key_ops: ['sign'] }, 'jwk_use'],
    ['key_ops empty', { ...ed, key_ops: [] }, 'jwk_use'],
    ['key_ops twice', { ...ed, key_ops: ['verify', 'verify'] }, 'jwk_use'],
    ['key_ops is text', { ...ed, key_ops: 'verify' }, 'jwk_use'],
    ['no y', ecWithoutY, 'jwk_member'],
    ['x padded', { ...ed, x: `${ed.x}=` }, 'jwk_member'],
    ['x in base64', { ...ed, x: ` ${ed.x}` }, 'jwk_member'],
    ['x too short', { ...ed, x: 'AAAA' }, 'jwk_member'],
    ['x with a leading zero', { ...ec, x: Buffer.alloc(33).toString('base64url') }, 'jwk_member'],
    ['x is a number', { ...ed, x: 5 }, 'jwk_member'],
    ['n with a leading zero', { ...rsa, n: Buffer.alloc(257).toString('base64url') }, 'jwk_member'],
    ['e empty', { ...rsa, e: '' }, 'jwk_member'],
    ['members only inherited', Object.create(ed), 'alg_missing'],
  ] as const) {
    t.throws(() => parsePublicJwk(jwk), { code: 'key_refused', rule }, name);
  }
});
