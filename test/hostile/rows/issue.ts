// Requests to POST /v1/credentials that must issue nothing: claims outside the kind's table, and fields outside the schema.

import { bearer } from '../../http/support/twin-deps.js';
import { issueRequest } from '../../support/office.js';
import type { RequestRow } from './bodies.js';

type Change = Readonly<Record<string, unknown>>;

function issue(
  name: string,
  body: unknown,
  expected: RequestRow['expected'],
  headers: Change = {},
): RequestRow {
  return {
    name,
    request: () => ({
      method: 'POST',
      url: '/v1/credentials',
      headers: { ...bearer('issue'), ...headers } as Record<string, string>,
      payload: body as object,
    }),
    expected,
  };
}

function claims(name: string, kind: string, change: Change, field: string): RequestRow {
  const request = issueRequest(kind);
  return issue(
    `${kind}: ${name}`,
    { ...request, claims: { ...request.claims, ...change } },
    { status: 422, code: 'claims_rejected', field: `claims.${field}` },
  );
}

const NAMES: readonly (readonly [name: string, value: unknown])[] = [
  ['absent', undefined],
  ['null', null],
  ['a number', 7],
  ['an object', { zh: '张三' }],
  ['a list', ['张三']],
  ['empty', ''],
  ['of spaces', '   '],
  ['of 51 characters', '张'.repeat(51)],
  ['of 10,000 characters', '张'.repeat(10_000)],
  ['of 10,000 combining marks', `a${'\u0301'.repeat(10_000)}`],
  ['with a lone surrogate', '张\uD800'],
  ['with a control character', '张\u0007三'],
  ['with a NUL', '张\0三'],
  ['with a line end', '张\n三'],
  ['with a right-to-left override', '\u202E三张'],
  ['with an isolate', '\u2067张三\u2069'],
  ['with a zero-width space', '张\u200B三'],
  ['with a soft hyphen', 'Ma\u00ADria'],
  ['with a private-use character', '张\uE000'],
  ['with a non-character', '张\uFFFE'],
  ['with a variation selector', '张\uFE0F三'],
  ['with a no-break space', '张\u00A0三'],
  ['with an ideographic space', '张\u3000三'],
  ['with a tag character', '张\u{E0041}三'],
  ['with a radical for a character', '⽺三'],
  ['with a Cyrillic а among Latin letters', 'Mаria'],
  ['with a Greek ο among Latin letters', 'Jοhn'],
  ['with a Cyrillic letter among Han characters', '张а三'],
  ['beginning with a mark', '\u0301张三'],
];

const NUMBERS: readonly (readonly [name: string, value: unknown])[] = [
  ['with a wrong check digit', '330102190001010012'],
  ['with x for X', '33010219000101002x'],
  ['with two digits exchanged', '330102190001010101'],
  ['of 17 digits', '33010219000101001'],
  ['of 15 digits', '330102900101001'],
  ['born on 30 February', '330102190002300019'],
  ['of a province that does not exist', '990102190001010019'],
  ['in full-width digits', '３３０１０２１９０００１０１００１１'],
  ['with spaces', '330102 19000101 0011'],
  ['already masked', '330102********0011'],
  ['as number', 330_102_190_001_010_000],
  ['of 10,000 digits', '3'.repeat(10_000)],
];

const CLAIM_ROWS: readonly RequestRow[] = [
  ...NAMES.map(([name, holderName]) => claims(`a name ${name}`, 'health-code', { holderName }, 'holderName')),
  ...NUMBERS.map(([name, holderId]) =>
    claims(`a citizen number ${name}`, 'health-code', { holderId }, 'holderId'),
  ),
  claims('a document type that nobody has', 'health-code', { holderIdType: '112' }, 'holderIdType'),
  claims('a colour as claim', 'health-code', { level: 'green' }, 'level'),
  claims('a field named as a method', 'health-code', { toString: 'x' }, 'toString'),
  claims('another region inside', 'health-code', { region: '110101' }, 'region'),
  claims('a time in milliseconds', 'health-code', { checkedAt: 1_790_000_000_000 }, 'checkedAt'),
  claims(
    'a credit code with a wrong check character',
    'business-licence',
    { holderId: '91330102XXXX00019A' },
    'holderId',
  ),
  claims(
    'a credit code with the letter I',
    'business-licence',
    { holderId: '91330102XXXI00019N' },
    'holderId',
  ),
  claims(
    'an e-licence identifier with a wrong check character',
    'business-licence',
    { licenceId: '1.2.156.3005.2.11330102XXXX00027R001.11330102XXXX00027R.20260001.001.A' },
    'licenceId',
  ),
  claims('29 February 2027', 'business-licence', { issuedOn: '2027-02-29' }, 'issuedOn'),
  claims('a date with a time', 'business-licence', { issuedOn: '2026-03-04T00:00:00Z' }, 'issuedOn'),
  claims('points below 0', 'driving-licence', { points: -1 }, 'points'),
  claims('half a point', 'driving-licence', { points: 2.5 }, 'points'),
  claims('points as text', 'driving-licence', { points: '3' }, 'points'),
  claims('a sex that the list does not have', 'driving-licence', { sex: 'F' }, 'sex'),
  claims('a name of separators alone', 'health-code', { holderName: '···' }, 'holderName'),
  claims('an issue in the future', 'id-card', { issuedOn: '2050-01-01' }, 'issuedOn'),
  claims('a term that ends before it begins', 'driving-licence', { validFrom: '2099-12-31' }, 'validTo'),
  claims('an examination in the future', 'food-handler', { examinedOn: '2050-01-01' }, 'examinedOn'),
  claims('an examination of years ago', 'food-handler', { examinedOn: '2009-01-01' }, 'examinedOn'),
  claims('another sex than the citizen number', 'id-card', { sex: 'male' }, 'sex'),
  claims('another birth than the citizen number', 'id-card', { birth: '1990-12-31' }, 'birth'),
];

const invalid = (field: string): RequestRow['expected'] => ({ status: 400, code: 'invalid_request', field });
const good = issueRequest();

const MEMBERS: readonly (readonly [name: string, change: Change, field: string])[] = [
  ['no kind', { kind: undefined }, 'kind'],
  ['a kind that nobody knows', { kind: 'health-pass' }, 'kind'],
  ['the kind __proto__', { kind: '__proto__' }, 'kind'],
  ['the kind constructor', { kind: 'constructor' }, 'kind'],
  ['the kind as number', { kind: 1 }, 'kind'],
  ['a kind of 10 KB', { kind: 'a'.repeat(10_000) }, 'kind'],
  ['the region of another county', { region: '110101' }, 'region'],
  ['the region as number', { region: 330_102 }, 'region'],
  ['a region of 5 digits', { region: '33010' }, 'region'],
  ['a region in full-width digits', { region: '３３０１０２' }, 'region'],
  ['claims as a list', { claims: [] }, 'claims'],
  ['claims null', { claims: null }, 'claims'],
  ['claims as text', { claims: '{}' }, 'claims'],
  ['65 claims', { claims: Object.fromEntries(Array.from({ length: 65 }, (_, i) => [`c${i}`, 1])) }, 'claims'],
  ['no operator', { operator: undefined }, 'operator'],
  ['an empty operator', { operator: '' }, 'operator'],
  ['a control character in the operator', { operator: 'a\u001b[31mb' }, 'operator'],
  ['a bidi override in the operator', { operator: '\u202Eksed' }, 'operator'],
  ['a line end in the evidence', { evidence: 'case\n1' }, 'evidence'],
  ['evidence of 10 KB', { evidence: 'a'.repeat(10_000) }, 'evidence'],
  ['no time', { validSeconds: 0 }, 'validSeconds'],
  ['a negative time', { validSeconds: -1 }, 'validSeconds'],
  ['half a second', { validSeconds: 1.5 }, 'validSeconds'],
  ['a time as text', { validSeconds: '3600' }, 'validSeconds'],
  ['1e21 seconds', { validSeconds: 1e21 }, 'validSeconds'],
  ['2^53 seconds', { validSeconds: 2 ** 53 }, 'validSeconds'],
  [
    'a licence to after the year 9999',
    { kind: 'id-card', claims: issueRequest('id-card').claims, validSeconds: 253_402_300_799 },
    'validSeconds',
  ],
  ['a form twice', { forms: ['screen', 'screen'] }, 'forms'],
  ['no form', { forms: [] }, 'forms'],
  ['a form that nobody knows', { forms: ['nfc'] }, 'forms.0'],
  ['a demo flag', { demo: true }, 'demo'],
  ['an index of one’s own', { index: 7 }, 'index'],
];

export const ISSUE_ROWS: readonly RequestRow[] = [
  ...CLAIM_ROWS,
  ...MEMBERS.map(([name, change, field]) => issue(`issue: ${name}`, { ...good, ...change }, invalid(field))),
  issue('issue: an Idempotency-Key of 10 KB', good, invalid('headers.idempotency-key'), {
    'idempotency-key': 'a'.repeat(7_000),
  }),
  issue('issue: an Idempotency-Key with a tab', good, invalid('headers.idempotency-key'), {
    'idempotency-key': 'a\tb',
  }),
  issue('issue: no scope for it', good, { status: 403, code: 'forbidden' }, bearer('verify')),
];
