import fc from 'fast-check';
import t from 'tap';
import {
  carriedClaims,
  checkClaims,
  decodeClaims,
  encodeClaims,
  showClaims,
} from '../../../src/core/credential/claims.js';
import type { Stage } from '../../../src/core/credential/field-types.js';
import type { Kind } from '../../../src/core/credential/kind.js';
import { KINDS } from '../../../src/core/credential/kind-table.js';
import { YimaError } from '../../../src/core/errors/yima-error.js';
import { sampleClaims } from '../../support/sample-claims.js';

function getKind(name: string): Kind {
  const kind = KINDS.byName(name);
  if (kind === undefined) throw new Error(`no kind ${name}`);
  return kind;
}

const HEALTH = getKind('health-code');
const MASKED = '330102********002X';

/** `field: rule` of the refusal, or `accepted`. */
function verdict(action: () => unknown): string {
  try {
    action();
    return 'accepted';
  } catch (error) {
    if (!(error instanceof YimaError) || error.code !== 'invalid_claims') throw error;
    return `${error.field}: ${error.rule}`;
  }
}

const judge = (kind: string, change: Record<string, unknown>, stage: Stage = 'request') =>
  verdict(() => checkClaims(getKind(kind), { ...sampleClaims(kind), ...change }, stage));

t.test('a health code carries the holder’s number masked and no colour', async (t) => {
  const carried = carriedClaims(HEALTH, checkClaims(HEALTH, sampleClaims('health-code'), 'request'));
  t.equal(carried['holderId'], MASKED);
  t.equal(carried['holderName'], '张小三');
  t.same([...encodeClaims(HEALTH, carried).keys()], [2, 3, 4, 9, 21, 22]);
  t.notOk(HEALTH.fields.some((field) => field.key === 20));
});

t.test('requests that break the table are refused with field and rule', async (t) => {
  const rows: readonly (readonly [string, Record<string, unknown>, string])[] = [
    ['health-code', { level: 'green' }, 'level: unknown_field'],
    ['health-code', { holderName: '' }, 'holderName: empty'],
    ['health-code', { holderName: '张'.repeat(10_000) }, 'holderName: too_long'],
    ['health-code', { holderName: 'e\u0301'.repeat(10_000) }, 'holderName: too_long'],
    ['health-code', { holderName: '张\u202e三' }, 'holderName: characters'],
    ['health-code', { holderName: '张\ud800' }, 'holderName: characters'],
    ['health-code', { holderName: '张\u0430' }, 'holderName: mixed_scripts'],
    ['health-code', { holderName: '张*三' }, 'holderName: masked'],
    ['health-code', { holderName: 1 }, 'holderName: wrong_type'],
    ['health-code', { holderName: null }, 'holderName: wrong_type'],
    ['health-code', { holderName: undefined }, 'holderName: wrong_type'],
    ['health-code', { holderName: ['张三'] }, 'holderName: wrong_type'],
    ['health-code', { holderIdType: '001' }, 'holderIdType: unknown_choice'],
    ['health-code', { holderIdType: 111 }, 'holderIdType: wrong_type'],
    ['health-code', { holderIdType: 'constructor' }, 'holderIdType: unknown_choice'],
    ['health-code', { holderId: '330102190001010012' }, 'holderId: check_character'],
    ['health-code', { holderId: '3301021900010100' }, 'holderId: format'],
    ['health-code', { holderId: MASKED }, 'holderId: masked'],
    ['health-code', { holderId: 330102 }, 'holderId: wrong_type'],
    ['health-code', { holderIdType: '414', holderId: 'E1 234' }, 'holderId: format'],
    ['health-code', { holderIdType: '414', holderId: 'E1*****78' }, 'holderId: masked'],
    ['health-code', { holderIdType: '414', holderId: 'E'.repeat(33) }, 'holderId: too_long'],
    ['health-code', { holderIdType: '414', holderId: 'E12345678' }, 'accepted'],
    ['health-code', { region: '990101' }, 'region: unknown_region'],
    ['health-code', { region: 330102 }, 'region: wrong_type'],
    ['health-code', { region: '659001' }, 'accepted'],
    ['health-code', { ruleId: '规则' }, 'ruleId: format'],
    ['health-code', { ruleId: 'x'.repeat(25) }, 'ruleId: too_long'],
    ['health-code', { checkedAt: 1_790_000_000_000 }, 'checkedAt: out_of_range'],
    ['health-code', { checkedAt: -1 }, 'checkedAt: out_of_range'],
    ['health-code', { checkedAt: 1.5 }, 'checkedAt: out_of_range'],
    ['health-code', { checkedAt: Number.NaN }, 'checkedAt: out_of_range'],
    ['health-code', { checkedAt: 2 ** 53 }, 'checkedAt: out_of_range'],
    ['health-code', { checkedAt: '1790000000' }, 'checkedAt: wrong_type'],
    ['business-licence', { holderId: '91330102XXXX00019M' }, 'holderId: check_character'],
    ['business-licence', { licenceId: '1.2.156.3005.2.x' }, 'licenceId: check_character'],
    ['driving-licence', { birth: '1900-02-29' }, 'birth: format'],
    ['driving-licence', { birth: '1900-1-1' }, 'birth: format'],
    ['driving-licence', { validTo: '9999-12-31' }, 'validTo: out_of_range'],
    ['driving-licence', { validTo: '长期' }, 'validTo: format'],
    ['driving-licence', { points: -1 }, 'points: out_of_range'],
    ['marriage-certificate', { spouseIdNo: '330102190001010012' }, 'spouseIdNo: check_character'],
    ['marriage-certificate', { spouseIdType: '414', spouseIdNo: 'E12345678' }, 'accepted'],
    ['marriage-certificate', { spouseName: '·' }, 'spouseName: format'],
    ['health-code', { holderName: '···' }, 'holderName: format'],
    ['health-code', { holderName: '-' }, 'holderName: format'],
    ['business-licence', { holderName: '···' }, 'holderName: format'],
    ['disability-card', { guardian: '·' }, 'guardian: format'],
    ['business-licence', { capital: '/' }, 'accepted'],
  ];
  for (const [kind, change, expected] of rows)
    t.equal(judge(kind, change), expected, JSON.stringify(change).slice(0, 60));
});

t.test('carried claims must be masked and in normal form already', async (t) => {
  const carried = { holderId: MASKED };
  t.equal(judge('health-code', carried, 'carried'), 'accepted');
  t.equal(judge('health-code', {}, 'carried'), 'holderId: not_masked');
  t.equal(judge('health-code', { holderId: '330102***********X' }, 'carried'), 'holderId: format');
  t.equal(judge('health-code', { holderId: '990102********002X' }, 'carried'), 'holderId: format');
  t.equal(judge('health-code', { holderIdType: '414', holderId: 'E1*****78' }, 'carried'), 'accepted');
  t.equal(
    judge('health-code', { holderIdType: '414', holderId: 'E123*5678' }, 'carried'),
    'holderId: format',
  );
  t.equal(judge('health-code', { ...carried, holderName: 'Jose\u0301' }, 'carried'), 'holderName: not_nfc');
  t.equal(judge('health-code', { ...carried, holderName: 'Jose\u0301' }, 'request'), 'holderId: masked');
});

t.test('a request’s text is normalised to NFC', async (t) => {
  const claims = checkClaims(HEALTH, { ...sampleClaims('health-code'), holderName: 'Jose\u0301' }, 'request');
  t.equal(claims['holderName'], 'José');
});

t.test('missing required fields are refused, missing optional ones are not', async (t) => {
  for (const kind of KINDS.all) {
    for (const { name, required } of kind.fields) {
      const { [name]: _left, ...rest } = sampleClaims(kind.name);
      const result = verdict(() => checkClaims(kind, rest, 'request'));
      t.equal(result, required === true ? `${name}: required` : 'accepted', `${kind.name}.${name}`);
    }
  }
});

t.test('names of Object.prototype are unknown fields like any other', async (t) => {
  for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
    const claims = JSON.parse(JSON.stringify(sampleClaims('health-code')).replace('{', `{"${name}":"x",`));
    t.equal(
      verdict(() => checkClaims(HEALTH, claims, 'request')),
      `${name}: unknown_field`,
    );
  }
});

t.test('inherited values are not claims', async (t) => {
  const { holderName, ...rest } = sampleClaims('health-code');
  const claims = Object.assign(Object.create({ holderName }), rest);
  t.equal(
    verdict(() => checkClaims(HEALTH, claims, 'request')),
    'holderName: required',
  );
});

t.test('an unknown field’s name is not echoed when it is long or strange', async (t) => {
  t.equal(judge('health-code', { ['x'.repeat(65)]: 1 }), 'undefined: unknown_field');
  t.equal(judge('health-code', { 张三: 1 }), 'undefined: unknown_field');
});

t.test('only an object is claims', async (t) => {
  for (const value of [null, [], 'x', 1]) {
    t.equal(
      verdict(() => checkClaims(HEALTH, value as never, 'request')),
      'undefined: not_object',
    );
  }
});

t.test('decoding refuses unknown keys and wrong CBOR types', async (t) => {
  const values = encodeClaims(HEALTH, { ...sampleClaims('health-code'), holderId: MASKED });
  const decode = (key: unknown, value: unknown) =>
    verdict(() => decodeClaims(HEALTH, new Map<unknown, unknown>(values).set(key, value)));
  t.equal(decode(20, 0), '20: unknown_field');
  t.equal(decode('holderName', 'x'), 'undefined: unknown_field');
  t.equal(decode(9, '330102'), 'region: wrong_type');
  t.equal(decode(9, 990101), 'region: unknown_region');
  t.equal(decode(9, 330102.5), 'region: unknown_region');
  t.equal(decode(9, 330102n), 'region: wrong_type');
  t.equal(decode(3, '111'), 'holderIdType: wrong_type');
  t.equal(decode(3, 999), 'holderIdType: wrong_type');
  t.equal(decode(2, new Uint8Array(3)), 'holderName: wrong_type');
  t.equal(decode(2, new Map()), 'holderName: wrong_type');
  t.equal(decode(22, 1e21), 'checkedAt: out_of_range');
  t.equal(decode(22, true), 'checkedAt: wrong_type');
  t.equal(decode(4, '33010219000101002X'), 'holderId: not_masked');
});

t.test('decoding refuses dates outside the calendar', async (t) => {
  const kind = getKind('id-card');
  const values = encodeClaims(
    kind,
    carriedClaims(kind, checkClaims(kind, sampleClaims('id-card'), 'request')),
  );
  for (const days of [1e9, -1e9, 1.5, '2026-01-01', Number.NaN, null]) {
    const changed = new Map<unknown, unknown>(values).set(6, days);
    t.equal(
      verdict(() => decodeClaims(kind, changed)),
      'issuedOn: wrong_type',
    );
  }
});

t.test('screens show names and numbers masked and words in both languages', async (t) => {
  const shown = showClaims(HEALTH, checkClaims(HEALTH, sampleClaims('health-code'), 'request'));
  const values = Object.fromEntries(shown.map(({ name, value }) => [name, value]));
  t.same(values, {
    holderName: '张*三',
    holderIdType: '居民身份证',
    holderId: MASKED,
    region: '浙江省 330102',
    ruleId: 'hz-2026-03',
    checkedAt: '2026-09-21 22:13',
  });
  t.equal(shown.find((claim) => claim.name === 'region')?.text?.en, 'Zhejiang 330102');
  t.equal(shown.find((claim) => claim.name === 'ruleId')?.text, undefined);
});

t.test('organisations are shown and carried in full, also where a person would be masked', async (t) => {
  const company = { holderName: '杭州示例科技有限公司', holderIdType: '001', holderId: '91330102XXXX00019N' };
  const kind = getKind('vehicle-licence');
  const carried = carriedClaims(
    kind,
    checkClaims(kind, { ...sampleClaims(kind.name), ...company }, 'request'),
  );
  t.match(carried, company);
  t.strictSame(checkClaims(kind, carried, 'carried'), carried);
  const values = showClaims(kind, carried).map((claim) => claim.value);
  t.ok(values.includes(company.holderName) && values.includes(company.holderId));
  t.equal(
    judge('vehicle-licence', { ...company, holderId: '91330102XXXX00019M' }, 'carried'),
    'holderId: check_character',
  );
});

t.test('a spouse who did not consent is carried masked', async (t) => {
  const kind = getKind('marriage-certificate');
  const carried = carriedClaims(kind, checkClaims(kind, sampleClaims(kind.name), 'request'));
  t.equal(carried['spouseName'], '李*');
  t.equal(carried['spouseIdNo'], '330102********0011');
});

t.test('every name that a request may hold survives the way into a code and back', async (t) => {
  const kind = getKind('marriage-certificate');
  const sample = sampleClaims(kind.name);
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }), (spouseName) => {
        let checked: ReturnType<typeof checkClaims>;
        try {
          checked = checkClaims(kind, { ...sample, spouseName }, 'request');
        } catch {
          return true;
        }
        const carried = carriedClaims(kind, checked);
        return JSON.stringify(decodeClaims(kind, encodeClaims(kind, carried))) === JSON.stringify(carried);
      }),
      { numRuns: 500 },
    ),
  );
});
