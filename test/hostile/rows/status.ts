// Status references that lead nowhere, past the end, or elsewhere. Nothing that a credential names is ever fetched.

import { encode, rfc8949EncodeOptions } from 'cborg';
import type { ReasonCode } from '../../../src/core/errors/reasons.js';
import { contentOf, STATUS_BASE, signYm1, ym1Claims } from '../../support/fixtures.js';
import { jwsWith } from '../spoil.js';
import type { CodeRow } from '../world.js';

const CREDENTIAL = -65537;

/** The gate's list has 1,024 entries. */
const COUNTS: readonly (readonly [name: string, value: unknown, ReasonCode])[] = [
  ['just past the end', 1_024, 'status_unknown'],
  ['2^20', 2 ** 20, 'status_unknown'],
  ['2^31', 2 ** 31, 'status_unknown'],
  ['2^32 + 7, which wraps to 7', 2 ** 32 + 7, 'status_unknown'],
  ['2^53 - 1', Number.MAX_SAFE_INTEGER, 'status_unknown'],
  ['2^53', 9_007_199_254_740_992n, 'invalid_claims'],
  ['negative', -1, 'invalid_claims'],
  ['a text', '7', 'invalid_claims'],
  ['null', null, 'invalid_claims'],
  ['true', true, 'invalid_claims'],
  ['an array', [7], 'invalid_claims'],
];

function ym1Reference(list: unknown, index: unknown): CodeRow['make'] {
  return ({ ed }) => {
    const { kind, claims } = contentOf();
    const payload = ym1Claims([[CREDENTIAL, [kind.number, list, index, claims.cbor]]]);
    return signYm1(null, ed.signer, { payloadBytes: Uint8Array.from(encode(payload, rfc8949EncodeOptions)) });
  };
}

function jwsStatus(status: unknown): CodeRow['make'] {
  return ({ ed }) => jwsWith(ed.signer, { payload: { status } });
}

const GOOD_URI = `${STATUS_BASE}1`;
const reference = (idx: unknown, uri: unknown = GOOD_URI) => ({ status_list: { idx, uri } });
const jsonCount = (value: unknown): unknown => (typeof value === 'bigint' ? Number(value) : value);

const URIS: readonly string[] = [
  '',
  '1',
  `${STATUS_BASE}`,
  `${STATUS_BASE}01`,
  `${STATUS_BASE}1/`,
  `${STATUS_BASE}1?`,
  `${STATUS_BASE}1#`,
  `${STATUS_BASE}+1`,
  `${STATUS_BASE}1e0`,
  `${STATUS_BASE}0x1`,
  `${STATUS_BASE}-0`,
  `${STATUS_BASE}１`,
  `${STATUS_BASE}../status-lists/1`,
  `${STATUS_BASE}%31`,
  ` ${GOOD_URI}`,
  GOOD_URI.toUpperCase(),
  GOOD_URI.replace('https', 'http'),
  GOOD_URI.replace('issuer.example', 'issuer.example:443'),
  GOOD_URI.replace('issuer.example', 'issuer.example@attacker.example'),
  'https://attacker.example/status-lists/1',
  'http://169.254.169.254/latest/meta-data',
  'http://127.0.0.1:9/',
  'file:///etc/passwd',
  'javascript:alert(1)',
  'data:,1',
];

const SHAPES: readonly (readonly [string, unknown])[] = [
  ['absent', undefined],
  ['null', null],
  ['a text', GOOD_URI],
  ['empty', {}],
  ['an array', [reference(7)]],
  ['without idx', { status_list: { uri: GOOD_URI } }],
  ['without uri', { status_list: { idx: 7 } }],
  ['with a member more', { status_list: { idx: 7, uri: GOOD_URI, bits: 1 } }],
  ['with a second mechanism', { ...reference(7), identifier_list: {} }],
  ['with a uri of 600 characters', reference(7, STATUS_BASE.padEnd(600, '0'))],
  ['with a uri of another type', reference(7, 1)],
];

export const STATUS_ROWS: readonly CodeRow[] = [
  ...COUNTS.flatMap(([name, value, expected]): readonly CodeRow[] => [
    { name: `YM1: index ${name}`, make: ym1Reference(1, value), expected },
    { name: `YM1: list ${name}`, make: ym1Reference(value, 7), expected },
    { name: `JWS: idx ${name}`, make: jwsStatus(reference(jsonCount(value))), expected },
  ]),
  { name: 'YM1: index fractional', make: ym1Reference(1, 7.5), expected: 'damaged' },
  { name: 'JWS: idx fractional', make: jwsStatus(reference(7.5)), expected: 'invalid_claims' },
  { name: 'JWS: idx 1e21', make: jwsStatus(reference(1e21)), expected: 'invalid_claims' },
  ...URIS.map(
    (uri): CodeRow => ({
      name: `JWS: list uri ${JSON.stringify(uri)}`,
      make: jwsStatus(reference(7, uri)),
      expected: 'status_unknown',
    }),
  ),
  ...SHAPES.map(
    ([name, status]): CodeRow => ({
      name: `JWS: status ${name}`,
      make: jwsStatus(status),
      expected: 'invalid_claims',
    }),
  ),
];
