// Partner trust files: what stands, what is refused, and with which reason.

import t from 'tap';
import { sha256 } from '../../../src/adapters/crypto-node.js';
import { publicJwk } from '../../../src/core/signature/public-jwk.js';
import { parseTrustFile } from '../../../src/core/trust/jwks-file.js';
import { createIssuer, NOW, STATUS_BASE } from '../../support/fixtures.js';

const first = createIssuer();
const second = createIssuer({}, 'ES256');

function jwk({ record }: typeof first, change: Record<string, unknown> = {}): Record<string, unknown> {
  return { ...publicJwk(record.key), kid: record.kid, use: 'sig', ...change };
}

function file(keys: unknown, change: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    issuer: '330105',
    scope: { region: '3301', kinds: ['health-code'] },
    statusBase: STATUS_BASE,
    keys,
    ...change,
  };
}

t.test('each key becomes a record under the file’s issuer and scope', async (t) => {
  const { records, refused } = parseTrustFile(
    file([jwk(first), jwk(second, { purpose: 'status', nbf: NOW, exp: NOW + 9, state: 'retired' })]),
    sha256,
  );
  t.strictSame(refused, []);
  const owner = {
    format: 'yima',
    issuer: '330105',
    scope: { region: '3301', kinds: ['health-code'] },
    statusBase: STATUS_BASE,
  };
  t.match(records, [
    { ...owner, kid: first.record.kid, use: 'credential', state: 'active', notBefore: null, notAfter: null },
    { ...owner, kid: second.record.kid, use: 'status', state: 'retired', notBefore: NOW, notAfter: NOW + 9 },
  ]);
  t.same(records[0]?.key, first.record.key);
});

t.test('a bad key is refused with its reason, the rest stands', async (t) => {
  const rows: readonly (readonly [string, unknown, string])[] = [
    ['private parts', jwk(first, { d: 'AA' }), 'jwk_private'],
    ['no algorithm', jwk(first, { alg: undefined }), 'alg_missing'],
    ['for encryption', jwk(first, { use: 'enc' }), 'jwk_use'],
    ['the wrong curve', jwk(second, { crv: 'P-384' }), 'crv_mismatch'],
    ['no kid', jwk(first, { kid: undefined }), 'kid_missing'],
    ['a kid that is not its thumbprint', jwk(first, { kid: second.record.kid }), 'kid_mismatch'],
    ['a kid of another type', jwk(first, { kid: 7 }), 'kid_mismatch'],
    ['an unknown purpose', jwk(first, { purpose: 'all' }), 'purpose'],
    ['an unknown state', jwk(first, { state: 'constructor' }), 'state'],
    ['a window of text', jwk(first, { nbf: '1' }), 'window'],
    ['a window that ends before it begins', jwk(first, { nbf: 2, exp: 1 }), 'window'],
    [
      'a low-order point',
      { kty: 'OKP', crv: 'Ed25519', alg: 'Ed25519', x: `AQ${'A'.repeat(41)}`, kid: 'AAAAAAAAAAA' },
      'ed25519_small_order',
    ],
    ['no object', 'key', 'jwk_form'],
    ['SM2, which is reserved', jwk(second, { alg: 'SM2SM3' }), 'alg_reserved'],
  ];
  for (const [title, key, rule] of rows) {
    const { records, refused } = parseTrustFile(file([key, jwk(second)]), sha256);
    t.equal(records.length, 1, title);
    t.match(refused, [{ rule }], title);
  }
});

t.test('a P-384 key is no key of ours', async (t) => {
  const key = {
    kty: 'EC',
    crv: 'P-384',
    alg: 'ES384',
    x: 'qofKIr6LBTeOscce8yCtdG4dO2KLp5uYWfdB4IJUKjhVAvJdv1UpbDpUXjhydgq3',
    y: 'NhfeSpYmLG9dnpi_kpLcKfj0Hb0omhR86doxE7XwuMAKYLHOHX6BnXpDHXyQ6g5f',
    kid: 'AAAAAAAAAAA',
  };
  t.match(parseTrustFile(file([key]), sha256).refused, [{ rule: 'algorithm' }]);
});

t.test('a key named twice counts once, and a tombstone wins in either order', async (t) => {
  const revoked = jwk(first, { state: 'revoked' });
  for (const keys of [
    [jwk(first), revoked],
    [revoked, jwk(first)],
  ]) {
    const { records, refused } = parseTrustFile(file(keys), sha256);
    t.match(records, [{ state: 'revoked' }]);
    t.same(refused, [{ kid: first.record.kid, rule: 'kid_duplicate' }]);
  }
});

t.test('a revoked entry needs nothing but its material or its kid', async (t) => {
  const { kid } = first.record;
  const dead = (change: Record<string, unknown>) =>
    parseTrustFile(file([jwk(first, { state: 'revoked', ...change })]), sha256);
  for (const [title, change] of [
    ['a bad window', { nbf: 2, exp: 1 }],
    ['an unknown purpose', { purpose: 'all' }],
    ['for encryption', { use: 'enc' }],
    ['another algorithm', { alg: 'PS256' }],
    ['private parts', { d: 'AA' }],
    ['no kid', { kid: undefined }],
  ] as const) {
    t.match(dead(change), { records: [{ kid, state: 'revoked' }], tombstones: [], refused: [] }, title);
  }
  const other = 'AAAAAAAAAAA';
  const tombstone = { format: 'yima', issuer: '330105' };
  t.match(dead({ kid: other }), { records: [{ kid }], tombstones: [{ ...tombstone, kid: other }] });
  t.strictSame(dead({ x: 7 }), { records: [], tombstones: [{ ...tombstone, kid }], refused: [] });
  const small = { kty: 'OKP', crv: 'Ed25519', x: `AQ${'A'.repeat(41)}`, state: 'revoked' };
  t.equal(parseTrustFile(file([small]), sha256).records.length, 1, 'a weak key is revoked like any other');
  const unknown = { code: 'list_refused', field: /^keys/ };
  t.throws(() => dead({ x: 7, kid: 7 }), unknown, 'which key?');
  t.throws(() => parseTrustFile(file([jwk(second), { state: 'revoked' }]), sha256), unknown);
});

t.test('a file not of its form is refused whole, naming the member', async (t) => {
  const rows: readonly (readonly [string, unknown])[] = [
    ['issuer', file([], { issuer: 'Zhejiang' })],
    ['issuer', file([], { issuer: '../330102' })],
    ['scope', file([], { scope: null })],
    ['scope.region', file([], { scope: { region: '330', kinds: null } })],
    ['scope.region', file([], { scope: { region: '99', kinds: null } })],
    ['scope.kinds', file([], { scope: { region: '33', kinds: [7] } })],
    ['statusBase', file([], { statusBase: 'https://issuer.example/status-lists' })],
    ['statusBase', file([], { statusBase: 'file:///lists/' })],
    ['statusBase', file([], { statusBase: 'https://user@issuer.example/' })],
    ['statusBase', file([], { statusBase: undefined })],
    ['keys', file({})],
    ['keys', file(Array.from({ length: 1_001 }, () => null))],
  ];
  for (const [field, json] of rows)
    t.throws(() => parseTrustFile(json, sha256), { code: 'list_refused', field });
  t.throws(() => parseTrustFile([], sha256), { code: 'list_refused' });
  t.throws(() => parseTrustFile(file([], { trust: 'me' }), sha256), { code: 'list_refused' });
  t.doesNotThrow(() =>
    parseTrustFile(file([], { statusBase: null, scope: { region: '', kinds: null } }), sha256),
  );
});
