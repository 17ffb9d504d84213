// What a list and its entries must say, each refusal for its rule; keys that are left out while their entry stands.

import { test } from 'tap';
import { encodeBase64url } from '../../../../src/core/codec/base64url.js';
import type { JsonObject } from '../../../../src/core/codec/json.js';
import { SMALL_ORDER_ENCODINGS } from '../../../../src/core/signature/edwards.js';
import { readList } from '../../../../src/core/trust/documents/list.js';
import { NOW } from '../../../support/fixtures.js';
import {
  authorityEntry,
  type DeskKey,
  deskKey,
  deskKeys,
  listPayload,
  rootPayload,
  sign,
  signerEntry,
} from '../../../support/trust-desk.js';
import { ADMIT, finish, listOf, outcome } from './reading.js';

const [A, B, C] = deskKeys(3) as [DeskKey, DeskKey, DeskKey];
const EC = deskKey('ES256');
const PRINT = A.thumbprint;
const ENTRY = signerEntry('33', [A]);
const CHILD = authorityEntry('3301', [A, B]);
const SHC = { ...EC.jwk, kid: EC.thumbprint };
const shared = (sub: string | null, format: string, key: JsonObject): JsonObject =>
  signerEntry('33', [], { sub, format, keys: [key] });
const kinds = (count: number): readonly string[] => Array.from({ length: count }, (_, i) => `kind-${i}`);
const scope = (region: unknown, of: unknown = null): JsonObject => ({ scope: { region, kinds: of } });
const childScope = (change: JsonObject): JsonObject => ({
  scope: { region: '3301', kinds: null, depth: 0, ...change },
});

/** Name, rule, field, change of a sound list without entries. */
const LISTS: readonly (readonly [string, string, string | undefined, JsonObject])[] = [
  ['as it is', 'accepted', undefined, {}],
  ['a member too many', 'form', '(all)', { threshold: 2 }],
  ['an issuer in capitals', 'form', 'iss', { iss: 'MOT.example' }],
  ['an issuer with a slash', 'form', 'iss', { iss: '33/34' }],
  ['no issuer', 'form', 'iss', { iss: null }],
  ['version 0', 'form', 'version', { version: 0 }],
  ['a second version without prev', 'form', 'prev', { version: 2 }],
  ['401 days', 'lifetime', undefined, { exp: NOW + 401 * 86_400 }],
  ['entries that are no array', 'form', 'entries', { entries: {} }],
  ['4,097 entries', 'too_many', 'entries', { entries: Array.from({ length: 4_097 }, () => 0) }],
  ['revoked that is no array', 'form', 'revoked', { revoked: null }],
  ['4,097 revoked', 'too_many', 'revoked', { revoked: Array.from({ length: 4_097 }, () => 0) }],
  ['a revoked key', 'accepted', undefined, { revoked: [{ key: PRINT, at: NOW, reason: '密钥泄露' }] }],
  ['a revoked key of no thumbprint', 'form', 'revoked', { revoked: [{ key: 'AAAA', at: NOW, reason: '' }] }],
  [
    'a revoked thumbprint with trailing bits',
    'form',
    'revoked',
    { revoked: [{ key: `${PRINT.slice(0, -1)}B`, at: NOW, reason: '' }] },
  ],
  ['a revoked key of no time', 'form', 'revoked', { revoked: [{ key: PRINT, at: null, reason: '' }] }],
  [
    'a reason of 200 characters',
    'accepted',
    undefined,
    { revoked: [{ key: PRINT, at: 0, reason: 'x'.repeat(200) }] },
  ],
  [
    'a reason of 201 characters',
    'form',
    'revoked',
    { revoked: [{ key: PRINT, at: 0, reason: 'x'.repeat(201) }] },
  ],
  [
    'a reason that steers a terminal',
    'form',
    'revoked',
    { revoked: [{ key: PRINT, at: 0, reason: '\u001b[2J' }] },
  ],
  [
    'a reason that turns the writing',
    'form',
    'revoked',
    { revoked: [{ key: PRINT, at: 0, reason: '\u202e' }] },
  ],
  ['half a character', 'form', 'revoked', { revoked: [{ key: PRINT, at: 0, reason: '\ud800' }] }],
  [
    'a revoked key with a member too many',
    'form',
    'revoked',
    { revoked: [{ key: PRINT, at: 0, reason: '', sub: '33' }] },
  ],
];

/** Name, rule, member, entry. */
const ENTRIES: readonly (readonly [string, string, string, unknown])[] = [
  ['of a key', 'accepted', '', ENTRY],
  ['of a child', 'accepted', '', CHILD],
  ['that is no object', 'form', '', 'entry'],
  ['with a member too many', 'form', '', { ...ENTRY, jku: '' }],
  ['with a threshold for codes', 'form', '', { ...ENTRY, threshold: 2 }],
  ['of another format', 'form', '.format', { ...ENTRY, format: 'x509' }],
  ['of another use', 'form', '.use', { ...ENTRY, use: 'everything' }],
  ['of another state', 'form', '.state', { ...ENTRY, state: 'alive' }],
  ['of no state', 'form', '.state', { ...ENTRY, state: null }],
  ['for nobody', 'form', '.sub', { ...ENTRY, sub: null }],
  ['for an address', 'form', '.sub', { ...ENTRY, sub: 'https://33.example/' }],
  ['for a certificate of anybody', 'accepted', '', shared(null, 'eu-dcc', { ...EC.jwk, kid: 'AAAAAAAAAAA' })],
  ['for a card of anybody', 'form', '.sub', shared(null, 'shc', SHC)],
  ['for an address with a blank', 'form', '.sub', shared('https://x.example/ y', 'shc', SHC)],
  ['for an address of 257 characters', 'form', '.sub', shared(`https://${'x'.repeat(249)}`, 'shc', SHC)],
  ['for a foreign status', 'form', '.use', { ...shared('https://x.example', 'shc', SHC), use: 'status' }],
  ['without keys', 'form', '.keys', { ...ENTRY, keys: [] }],
  ['with keys that are no array', 'form', '.keys', { ...ENTRY, keys: A.jwk }],
  ['with 9 keys', 'form', '.keys', { ...ENTRY, keys: Array.from({ length: 9 }, () => A.jwk) }],
  ['that ends before it begins', 'form', '.nbf', { ...ENTRY, nbf: 2, exp: 1 }],
  ['of one second', 'accepted', '', { ...ENTRY, nbf: 1, exp: 1 }],
  ['that begins in letters', 'form', '.nbf', { ...ENTRY, nbf: 'now' }],
  ['that ends in parts', 'form', '.nbf', { ...ENTRY, exp: 1.5 }],
  ['with a status base without slash', 'form', '.statusBase', { ...ENTRY, statusBase: 'https://33.example' }],
  ['with a status base of dots', 'form', '.statusBase', { ...ENTRY, statusBase: 'https://33.example/%2e/' }],
  ['with a status base in capitals', 'form', '.statusBase', { ...ENTRY, statusBase: 'https://33.EXAMPLE/' }],
  ['with a status base of a user', 'form', '.statusBase', { ...ENTRY, statusBase: 'https://a@33.example/' }],
  ['with a status base of another scheme', 'form', '.statusBase', { ...ENTRY, statusBase: 'file:///etc/' }],
  ['of 3 digits', 'form', '.scope.region', { ...ENTRY, ...scope('331') }],
  ['of no province', 'form', '.scope.region', { ...ENTRY, ...scope('99') }],
  ['of no region', 'form', '.scope.region', { ...ENTRY, ...scope(null) }],
  ['of digits of another script', 'form', '.scope.region', { ...ENTRY, ...scope('３３') }],
  ['of everywhere', 'accepted', '', { ...ENTRY, ...scope('') }],
  ['of a scope too wide', 'form', '.scope', { ...ENTRY, scope: { region: '33', kinds: null, depth: 0 } }],
  ['of no scope', 'form', '.scope', { ...ENTRY, scope: null }],
  ['of 256 kinds', 'accepted', '', { ...ENTRY, ...scope('33', kinds(256)) }],
  ['of 257 kinds', 'form', '.scope.kinds', { ...ENTRY, ...scope('33', kinds(257)) }],
  ['of one kind twice', 'form', '.scope.kinds', { ...ENTRY, ...scope('33', ['id-card', 'id-card']) }],
  ['of a kind in capitals', 'form', '.scope.kinds', { ...ENTRY, ...scope('33', ['ID-card']) }],
  ['of every kind by a star', 'form', '.scope.kinds', { ...ENTRY, ...scope('33', '*') }],
  [
    'of a child without threshold',
    'form',
    '',
    signerEntry('3301', [A, B], { use: 'list', ...childScope({}) }),
  ],
  ['of a child that one can sign for', 'form', '.threshold', { ...CHILD, threshold: 1 }],
  ['of a child that nobody can sign for', 'form', '.threshold', { ...CHILD, threshold: 3 }],
  ['of a child of no depth', 'form', '.scope', { ...CHILD, scope: { region: '3301', kinds: null } }],
  ['of a child of 7 levels', 'accepted', '', { ...CHILD, ...childScope({ depth: 7 }) }],
  ['of a child of 8 levels', 'form', '.scope.depth', { ...CHILD, ...childScope({ depth: 8 }) }],
  ['of a child of less than none', 'form', '.scope.depth', { ...CHILD, ...childScope({ depth: -1 }) }],
];

test('a list is read, or refused for its rule', async (t) => {
  for (const [name, rule, field, change] of LISTS) {
    t.same(
      outcome(() => listOf(listPayload('33', [], change))),
      { rule, field },
      name,
    );
  }
  t.equal(outcome(() => finish(readList(sign('root', rootPayload([A, B], [A, B]), []), ADMIT))).rule, 'type');
});

test('an entry is read, or the list refused with its place', async (t) => {
  for (const [name, rule, member, entry] of ENTRIES) {
    const field = rule === 'accepted' ? undefined : `entries.1${member}`;
    const payload = listPayload('33', [signerEntry('33', [C]), entry as JsonObject]);
    t.same(
      outcome(() => listOf(payload)),
      { rule, field },
      name,
    );
  }
  for (const name of Object.keys(ENTRY)) {
    const { [name]: _left, ...rest } = ENTRY;
    t.same(
      outcome(() => listOf(listPayload('33', [rest]))),
      { rule: 'form', field: 'entries.0' },
      `without ${name}`,
    );
  }
});

test('an entry says what it says', async (t) => {
  const [child, key] = listOf(
    listPayload('33', [
      authorityEntry('3301', [A, B], {
        nbf: 1,
        exp: 2,
        state: 'announced',
        ...childScope({ kinds: ['id-card'], depth: 1 }),
      }),
      signerEntry('33', [C], { scope: { region: '', kinds: [] }, use: 'status', statusBase: null }),
    ]),
  ).entries;
  t.match(child, {
    sub: '3301',
    use: 'list',
    threshold: 2,
    depth: 1,
    scope: { region: '3301', kinds: ['id-card'] },
    notBefore: 1,
    notAfter: 2,
    state: 'announced',
    statusBase: 'https://3301.example/',
  });
  t.match(key, {
    sub: '33',
    use: 'status',
    threshold: null,
    depth: null,
    scope: { region: '', kinds: [] },
    notBefore: null,
    notAfter: null,
    statusBase: null,
  });
  t.same(
    key?.keys.map(({ thumbprint }) => thumbprint),
    [C.thumbprint],
  );
});

test("the Corps' regions under Xinjiang count as the Corps' own", async (t) => {
  const regions = ['6590', '659001', '66', '65', ''].map((region) => signerEntry('65', [A], scope(region)));
  t.same(
    listOf(listPayload('65', regions)).entries.map((entry) => entry.scope.region),
    ['6690', '669001', '66', '65', ''],
  );
});

test('a key that is not admissible is left out with its rule, and the rest stands', async (t) => {
  const small = SMALL_ORDER_ENCODINGS.map((bytes) => ({ ...A.jwk, x: encodeBase64url(bytes) }));
  const rows: readonly (readonly [string, JsonObject])[] = [
    ...small.map((jwk) => ['ed25519_small_order', jwk] as const),
    ['jwk_private', { ...B.jwk, d: 'AAAA' }],
    ['alg_missing', { kty: 'OKP', crv: 'Ed25519', x: B.jwk['x'] }],
    ['alg_unsupported', { ...B.jwk, alg: 'ed25519' }],
    ['algorithm', { ...B.jwk, alg: 'EdDSA' }],
    ['crv_mismatch', { ...EC.jwk, crv: 'P-521' }],
    ['kid_mismatch', { ...B.jwk, kid: 'other' }],
    ['jwk_member', { ...B.jwk, use: 'sig' }],
    ['key_twice', A.jwk],
  ];
  for (const [rule, jwk] of rows) {
    const list = listOf(listPayload('33', [signerEntry('33', [A], { keys: [A.jwk, jwk, C.jwk] })]));
    t.same(list.refusedKeys, [{ entry: 0, sub: '33', rule }], rule);
    t.same(
      list.entries[0]?.keys.map(({ thumbprint }) => thumbprint),
      [A.thumbprint, C.thumbprint],
    );
  }
});

test('one key, one holder, one use; several scopes of one holder are fine', async (t) => {
  const refused = (...entries: readonly JsonObject[]) => listOf(listPayload('33', entries)).refusedKeys;
  const reused = [{ entry: 1, sub: '3301', rule: 'key_reused' }];
  t.same(refused(ENTRY, signerEntry('3301', [A])), reused, 'of two holders');
  t.same(
    refused(signerEntry('3301', [A]), signerEntry('3301', [A], { use: 'status' })),
    reused,
    'for two uses',
  );
  t.same(refused(signerEntry('3301', [A]), CHILD), reused, 'for codes and for lists');
  t.same(refused(ENTRY, signerEntry('33', [A], scope('3302'))), [], 'of one holder twice');
  t.same(
    refused(shared('https://x.example', 'shc', SHC), shared('https://y.example', 'shc', SHC)),
    [],
    'in a foreign directory',
  );
});

test('reading pauses after each key, sound or not', async (t) => {
  const payload = listPayload('33', [
    signerEntry('33', [A, B]),
    signerEntry('33', [C], { keys: [{ ...C.jwk, d: '' }] }),
  ]);
  const steps = readList(sign('list', payload, []), ADMIT);
  for (let pause = 0; pause < 3; pause++) t.notOk(steps.next().done);
  t.ok(steps.next().done);
});

test('an error that is no refusal of a key comes through', async (t) => {
  const broken = new TypeError('broken');
  const fails = (): never => {
    throw broken;
  };
  t.throws(() => finish(readList(sign('list', listPayload('33', [ENTRY]), []), fails)), broken);
});
