// JOSE headers that want to choose the algorithm, the key or the rules (RFC 8725), signed by the trusted key.

import { createHmac } from 'node:crypto';
import { deflateZlib } from '../../../src/adapters/crypto-node.js';
import { encodeBase64url } from '../../../src/core/codec/base64url.js';
import { utf8Encode } from '../../../src/core/codec/bytes.js';
import type { ReasonCode } from '../../../src/core/errors/reasons.js';
import type { Signer } from '../../../src/core/signature/ports.js';
import { publicJwk } from '../../../src/core/signature/public-jwk.js';
import { encodeListJwt } from '../../../src/core/status/list-jwt.js';
import { jwsHeader, NOW, STATUS_BASE } from '../../support/fixtures.js';
import { goodSegments, jwsWith } from '../spoil.js';
import type { CodeRow } from '../world.js';

type Members = Readonly<Record<string, unknown>>;

const segment = (value: unknown): string => encodeBase64url(utf8Encode(JSON.stringify(value)));

/** A good token under another header, signed by the trusted key. */
function header(name: string, change: Members, expected: ReasonCode = 'damaged'): CodeRow {
  return { name: `JOSE: ${name}`, make: ({ ed }) => jwsWith(ed.signer, { header: change }), expected };
}

const NONE = ['none', 'None', 'NONE', 'nOnE'].flatMap((alg): readonly CodeRow[] => [
  {
    name: `JOSE: alg ${alg} without a signature`,
    make: (world) => `${segment({ ...jwsHeader(world.ed.signer), alg })}.${goodSegments(world)[1]}.`,
    expected: 'damaged',
  },
  header(`alg ${alg} with a good signature`, { alg }),
]);

/** A MAC whose key is what everybody knows. */
function hmac(name: string, secret: (signer: Signer) => Uint8Array): CodeRow {
  return {
    name: `JOSE: HS256 keyed with ${name}`,
    make: ({ ed: { signer } }) => {
      const sign = (input: Uint8Array): Uint8Array =>
        createHmac('sha256', secret(signer)).update(input).digest();
      return jwsWith({ ...signer, sign }, { header: { alg: 'HS256' } });
    },
    expected: 'damaged',
  };
}

const ALGORITHMS: readonly CodeRow[] = [
  ...NONE,
  hmac('the public key', ({ publicKey }) =>
    publicKey.algorithm === 'Ed25519' ? publicKey.x : new Uint8Array(1),
  ),
  hmac('the public JWK', ({ publicKey }) => utf8Encode(JSON.stringify(publicJwk(publicKey)))),
  hmac('the kid', ({ kid }) => kid),
  ...['', 'EdDSA', 'ed25519', 'RS256', 'PS256', 'ES384', 'ES256K', 'SM2SM3', 'Ed25519 '].map((alg) =>
    header(`alg "${alg}"`, { alg }),
  ),
  header('no alg', { alg: undefined }),
  ...[null, 7, ['Ed25519'], { Ed25519: 1 }].map((alg) => header(`alg ${JSON.stringify(alg)}`, { alg })),
];

const KEYS: readonly CodeRow[] = [
  ...(['jku', 'x5u'] as const).map((name) => header(name, { [name]: 'http://127.0.0.1:9/keys' })),
  header('x5c', { x5c: ['AA=='] }),
  header('x5t', { x5t: 'AAAA' }),
  {
    name: 'JOSE: the attacker’s own key in jwk',
    make: ({ attacker: { signer } }) => jwsWith(signer, { header: { jwk: publicJwk(signer.publicKey) } }),
    expected: 'damaged',
  },
  {
    name: 'JOSE: the attacker’s own key in jwk under the trusted kid',
    make: ({ ed, attacker: { signer } }) =>
      jwsWith(signer, { header: { ...jwsHeader(ed.signer), jwk: publicJwk(signer.publicKey) } }),
    expected: 'damaged',
  },
  {
    name: 'JOSE: the trusted kid over the attacker’s signature',
    make: ({ ed, attacker: { signer } }) => jwsWith(signer, { header: jwsHeader(ed.signer) }),
    expected: 'bad_signature',
  },
  {
    name: 'JOSE: another family’s algorithm under the trusted kid',
    make: ({ ed, ec }) => jwsWith(ed.signer, { header: { kid: jwsHeader(ec.signer)['kid'] } }),
    expected: 'bad_signature',
  },
  header('crit naming what nobody knows', { crit: ['https://example.com/x'], 'https://example.com/x': 1 }),
  header('an empty crit', { crit: [] }),
  header('crit naming alg', { crit: ['alg'] }),
  header('crit as text', { crit: 'exp' }),
  header('b64 false without crit', { b64: false }),
  header('b64 false with crit', { b64: false, crit: ['b64'] }),
  header('b64 true', { b64: true }),
  header('zip', { zip: 'DEF' }),
  header('enc', { enc: 'A256GCM' }),
  header('a member more', { nonce: '1' }),
];

const KIDS: readonly CodeRow[] = [
  ...[
    '../../../../dev/null',
    "' OR '1'='1' --",
    'a\0b',
    '__proto__',
    'constructor',
    'prototype',
    '',
    'AAAAAAAAAA',
    'AAAAAAAAAAB',
    'A'.repeat(10_240),
  ].map((kid) => header(`kid ${JSON.stringify(kid.slice(0, 24))}`, { kid })),
  header('kid ../../keys (11 letters, a form that a kid may have not)', { kid: '../../keys1' }),
  header('a kid that nobody has', { kid: '__proto__AA' }, 'issuer_unknown'),
  header('no kid', { kid: undefined }, 'issuer_unknown'),
  ...[null, 7, {}, ['AAAAAAAAAAA']].map((kid) => header(`kid ${JSON.stringify(kid)}`, { kid })),
];

const TYPES: readonly CodeRow[] = [
  ...['JWT', 'YIMA+JWT', 'application/yima+jwt', 'statuslist+jwt', ''].map((typ) =>
    header(`typ "${typ}"`, { typ }, 'not_ours'),
  ),
  header('no typ', { typ: undefined }, 'not_ours'),
  header('typ null', { typ: null }),
  ...(['ed', 'lists'] as const).map(
    (who): CodeRow => ({
      name: `JOSE: a status list token signed by ${who === 'ed' ? 'a credential' : 'the list'} key`,
      make: (world) => encodeListJwt(LIST_CLAIMS, world[who].signer),
      expected: 'not_ours',
    }),
  ),
  {
    name: 'JOSE: a credential signed by the list key',
    make: ({ lists }) => jwsWith(lists.signer),
    expected: 'issuer_out_of_scope',
  },
];

/** A list token's claims in good order. */
export const LIST_CLAIMS = {
  uri: `${STATUS_BASE}1`,
  issuedAt: NOW - 10,
  notBefore: null,
  expiresAt: NOW + 3_600,
  ttlSeconds: 60,
  bits: 1,
  compressed: deflateZlib(new Uint8Array(16)),
} as const;

export const JOSE_ROWS: readonly CodeRow[] = [...ALGORITHMS, ...KEYS, ...KIDS, ...TYPES];
