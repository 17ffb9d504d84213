// Claims outside their kind's table although the trusted issuer signed them, and identities that are none.

import { encode, rfc8949EncodeOptions } from 'cborg';
import { KINDS } from '../../../src/core/credential/kind-table.js';
import type { ReasonCode } from '../../../src/core/errors/reasons.js';
import { contentOf, jwsClaims, signYm1, ym1Claims } from '../../support/fixtures.js';
import { jwsWith } from '../spoil.js';
import type { CodeRow } from '../world.js';

const CREDENTIAL = -65537;
const field = (name: string): number =>
  KINDS.byName('health-code')?.fields.find((each) => each.name === name)?.key ?? -1;

type Change = Readonly<Record<string, unknown>>;

/** Under the kind's names; undefined takes a claim away. */
const CLAIMS: readonly (readonly [name: string, change: Change, ReasonCode?])[] = [
  ['no name', { holderName: undefined }],
  ['an empty name', { holderName: '' }],
  ['a name as number', { holderName: 7 }],
  ['a name of 400 characters', { holderName: '张'.repeat(400) }],
  ['a control character in the name', { holderName: '张\u0007三' }],
  ['a NUL in the name', { holderName: '张\0三' }],
  ['a line end in the name', { holderName: '张\n三' }],
  ['a right-to-left override', { holderName: '\u202E三张' }],
  ['a zero-width joiner', { holderName: '张\u200D三' }],
  ['a Cyrillic letter among Latin ones', { holderName: 'Mаria' }],
  ['a radical for a character', { holderName: '⽺三' }],
  ['a name that is not in NFC', { holderName: 'Jose\u0301' }],
  ['a space in front of the name', { holderName: ' 张三' }],
  ['an unknown holder type', { holderIdType: '999' }],
  ['a full citizen number', { holderId: '33010219000101002X' }],
  ['a number that is all stars', { holderId: '******************' }],
  ['a number masked elsewhere', { holderId: '********0101002X' }],
  ['a number as number', { holderId: 33_010_219_000_101 }],
  ['a time of the rule in milliseconds', { checkedAt: 1_790_000_000_000 }],
  ['a rule of 25 letters', { ruleId: 'a'.repeat(25) }],
  ['a region of another province', { region: '110101' }, 'issuer_out_of_scope'],
  ['a region that does not exist', { region: '990000' }, 'issuer_out_of_scope'],
  ['no region', { region: undefined }, 'issuer_out_of_scope'],
];

const IN_JSON: readonly (readonly [name: string, payload: Change, ReasonCode?])[] = [
  [
    'a field that the kind does not have',
    { claims: { ...(jwsClaims()['claims'] as object), level: 'green' } },
  ],
  ['a field named as a method', { claims: { ...(jwsClaims()['claims'] as object), toString: 'x' } }],
  ['claims as an array', { claims: [] }],
  ['claims null', { claims: null }],
  ['claims as text', { claims: 'holderName' }],
  ['no claims', { claims: undefined }],
  ['the kind as a number', { kind: 1 }],
  ['the kind of a path', { kind: '../health-code' }],
  ['the kind in capitals', { kind: 'HEALTH-CODE' }],
  ['no kind', { kind: undefined }],
  ['another kind’s name', { kind: 'id-card' }],
  ['a kind that nobody knows', { kind: 'health-pass' }, 'no_policy'],
  ['an issuer’s address', { iss: 'https://attacker.example' }, 'issuer_unknown'],
  ['the issuer __proto__', { iss: '__proto__' }, 'issuer_unknown'],
  ['the issuer as a list', { iss: ['330102'] }, 'issuer_unknown'],
  ['the issuer as a number', { iss: 330_102 }, 'issuer_unknown'],
  ['no issuer', { iss: undefined }, 'issuer_unknown'],
  ['the key of A under the name of B', { iss: '330105' }, 'issuer_unknown'],
  ['a binding to a text', { cnf: 'key' }],
  ['a binding to a key’s address', { cnf: { jku: 'http://127.0.0.1:9/' } }],
  ['a binding to a kid', { cnf: { kid: 'AAAAAAAAAAA' } }],
  [
    'a binding to a private key',
    { cnf: { jwk: { kty: 'OKP', crv: 'Ed25519', x: 'A'.repeat(43), d: 'A'.repeat(43) } } },
  ],
  [
    'a binding to a point of small order',
    { cnf: { jwk: { kty: 'OKP', crv: 'Ed25519', x: `AQ${'A'.repeat(41)}` } } },
    'holder_mismatch',
  ],
];

type Credential = (kind: number, values: ReadonlyMap<number, unknown>) => unknown;

const IN_CBOR: readonly (readonly [name: string, Credential, ReasonCode?])[] = [
  ['a key that the kind does not have', (kind, values) => [kind, 1, 7, new Map([...values, [99, 1]])]],
  ['the key kept for the level', (kind, values) => [kind, 1, 7, new Map([...values, [20, 0]])]],
  ['a negative key', (kind, values) => [kind, 1, 7, new Map([...values, [-1, 0]])]],
  [
    'a text key',
    (kind, values) => [kind, 1, 7, new Map<unknown, unknown>([...values, ['holderName', '李四']])],
  ],
  ['no claims', (kind) => [kind, 1, 7, new Map()], 'issuer_out_of_scope'],
  ['claims as an array', (kind) => [kind, 1, 7, []]],
  ['three members', (kind) => [kind, 1, 7]],
  ['five members', (kind, values) => [kind, 1, 7, values, 0]],
  ['no array', () => 7],
  ['a kind of 2^53 - 1', (_, values) => [Number.MAX_SAFE_INTEGER, 1, 7, values], 'no_policy'],
  ['a kind below 0', (_, values) => [-1, 1, 7, values]],
  ['a kind as text', (_, values) => ['1', 1, 7, values]],
  ['another kind’s number', (_, values) => [2, 1, 7, values]],
];

function changed(change: Change): Readonly<Record<string, unknown>> {
  return { ...(jwsClaims()['claims'] as object), ...change };
}

/** The same change under the kind's integer keys. A region is a number there, an identity document too. */
function changedCbor(change: Change): ReadonlyMap<number, unknown> {
  const values = new Map<number, unknown>(contentOf().claims.cbor);
  for (const [name, value] of Object.entries(change)) {
    if (value === undefined) values.delete(field(name));
    else values.set(field(name), name === 'region' || name === 'holderIdType' ? Number(value) : value);
  }
  return values;
}

function ym1Row(name: string, credential: unknown, expected: ReasonCode): CodeRow {
  const payload = ym1Claims([[CREDENTIAL, credential]]);
  const payloadBytes = Uint8Array.from(encode(payload, rfc8949EncodeOptions));
  return { name: `YM1: ${name}`, make: ({ ed }) => signYm1(null, ed.signer, { payloadBytes }), expected };
}

export const CLAIM_ROWS: readonly CodeRow[] = [
  ...CLAIMS.flatMap(([name, change, expected = 'invalid_claims']): readonly CodeRow[] => [
    {
      name: `JWS: ${name}`,
      make: ({ ed }) => jwsWith(ed.signer, { payload: { claims: changed(change) } }),
      expected,
    },
    ym1Row(name, [1, 1, 7, changedCbor(change)], expected),
  ]),
  ...IN_JSON.map(
    ([name, payload, expected = 'invalid_claims']): CodeRow => ({
      name: `JWS: ${name}`,
      make: ({ ed }) => jwsWith(ed.signer, { payload }),
      expected,
    }),
  ),
  ...IN_CBOR.map(([name, credential, expected = 'invalid_claims']) =>
    ym1Row(name, credential(1, contentOf().claims.cbor), expected),
  ),
  {
    name: 'YM1: a claim of nobody’s',
    make: ({ ed }) => signYm1(ym1Claims([[2, 'x']]), ed.signer),
    expected: 'invalid_claims',
  },
];
