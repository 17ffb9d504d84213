import t from 'tap';
import { decodeStrict, encodeCbor } from '../../../src/core/codec/cbor.js';
import {
  carriedClaims,
  checkClaims,
  decodeClaims,
  encodeClaims,
  showClaims,
} from '../../../src/core/credential/claims.js';
import type { Field, Kind, Policy } from '../../../src/core/credential/kind.js';
import { createKindTable, KINDS } from '../../../src/core/credential/kind-table.js';
import { FOOD_HANDLER } from '../../../src/core/credential/kinds/food-handler.js';
import { HEALTH_CODE } from '../../../src/core/credential/kinds/health-code.js';
import { YimaError } from '../../../src/core/errors/yima-error.js';
import { sampleClaims } from '../../support/sample-claims.js';

/** What a symbol of version 40-M holds after prefix, base45, envelope, signature and CWT claims. */
const ROOM_FOR_CLAIMS = 2_100;

/** Every `zh-CN` beside its `en`, anywhere inside a kind. */
function* textsOf(value: unknown): Generator<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return;
  if ('zh-CN' in value || 'en' in value) yield value as Record<string, unknown>;
  for (const inner of Object.values(value)) yield* textsOf(inner);
}

function olderThan(years: number): Policy {
  const text = { 'zh-CN': '规则', en: 'Rule' };
  const when = { dateOlder: { field: 'examinedOn', years } };
  return { id: 'p', version: 1, rules: [{ id: 'r', decision: 'refuse', text, when }] };
}

/** The longest a field may be on the wire, in bytes. */
function longest(field: Field): number {
  const sizes: Partial<Record<Field['type'], number>> = { 'licence-id': 90, 'holder-id': 32 };
  const perCharacter = field.type === 'text' ? 4 : 1;
  return 5 + (sizes[field.type] ?? (field.maxLength ?? 18) * perCharacter);
}

for (const kind of KINDS.all) {
  t.test(`${kind.name} is complete data`, async (t) => {
    t.equal(KINDS.byName(kind.name), kind);
    t.equal(KINDS.byNumber(kind.number), kind);
    t.match(kind.title['zh-CN'], /^\p{Script=Han}+$/u);
    for (const text of textsOf(kind)) {
      t.match(text['zh-CN'], /\p{Script=Han}/u, `${text['en']} has Chinese`);
      t.match(text['en'], /^[A-Z][ -~]+$/, `${text['zh-CN']} has English`);
    }
    t.ok(kind.policy?.rules.some((rule) => rule.decision === 'admit'));
  });

  t.test(`${kind.name} keeps shared keys for shared fields`, async (t) => {
    const common = [
      'number',
      'holderName',
      'holderIdType',
      'holderId',
      'issuerName',
      'issuedOn',
      'validFrom',
      'validTo',
    ];
    const names = [...common, 'region', 'licenceId'];
    for (const { key, name } of kind.fields) t.equal(key < 20 ? names[key - 1] : name, name);
    for (const { key, name } of kind.fields) if (names.includes(name)) t.ok(key < 20);
  });

  t.test(`${kind.name} takes a complete sample to a code and back exactly`, async (t) => {
    const sample = sampleClaims(kind.name);
    const checked = checkClaims(kind, sample, 'request');
    const asked = kind.fields.filter((field) => field.carry !== 'translated');
    t.same(Object.keys(checked).sort(), asked.map((field) => field.name).sort());
    t.strictSame(checked, sample);
    const carried = carriedClaims(kind, checked);
    const names = asked.filter((field) => field.carry !== 'never').map((field) => field.name);
    t.same(Object.keys(carried).sort(), names.sort());
    const bytes = encodeCbor(encodeClaims(kind, carried));
    const decoded = decodeClaims(kind, decodeStrict(bytes) as ReadonlyMap<unknown, unknown>);
    t.strictSame(decoded, carried);
    t.equal(JSON.stringify(decoded), JSON.stringify(carried));
    t.strictSame(checkClaims(kind, JSON.parse(JSON.stringify(carried)), 'carried'), carried);
    t.equal(showClaims(kind, decoded).length, names.length);
  });

  t.test(`${kind.name} reveals no person’s number, neither carried nor shown`, async (t) => {
    const checked = checkClaims(kind, sampleClaims(kind.name), 'request');
    const texts = JSON.stringify([carriedClaims(kind, checked), showClaims(kind, checked)]);
    t.notMatch(texts, /330102190001010011|33010219000101002X/);
    t.notMatch(texts, /1900-?01-?01/, 'nor the date of birth, which would complete the masked one');
  });

  t.test(`${kind.name} fits a QR symbol at its longest`, async (t) => {
    const total = kind.fields.reduce((sum, field) => sum + longest(field), 0);
    t.ok(total <= ROOM_FOR_CLAIMS, `${total} bytes`);
  });
}

t.test('unknown kinds are not found', async (t) => {
  for (const name of ['', 'nothing', '__proto__', 'constructor']) t.equal(KINDS.byName(name), undefined);
  for (const number of [0, -1, 1.5, Number.NaN, 2 ** 53]) t.equal(KINDS.byNumber(number), undefined);
});

t.test('a table refuses kinds that contradict themselves, naming the part', async (t) => {
  const field = (change: Partial<Field>): Kind => {
    const base: Field = { key: 30, name: 'extra', label: { 'zh-CN': '附加', en: 'Extra' }, type: 'integer' };
    return { ...HEALTH_CODE, fields: [...HEALTH_CODE.fields, { ...base, ...change }] };
  };
  const rule = (when: NonNullable<Kind['policy']>['rules'][number]['when']): Kind => {
    const text = { 'zh-CN': '规则', en: 'Rule' };
    return {
      ...HEALTH_CODE,
      policy: { id: 'p', version: 1, rules: [{ id: 'r', decision: 'admit', text, when }] },
    };
  };
  const food = (names: readonly string[], change: Partial<Kind> = {}): Kind => ({
    ...FOOD_HANDLER,
    policy: {
      id: 'p',
      version: 1,
      rules: FOOD_HANDLER.policy?.rules.filter(({ id }) => !names.includes(id)) ?? [],
    },
    ...change,
  });
  const status = (change: Partial<Kind['status']>): Kind => ({
    ...HEALTH_CODE,
    policy: null,
    status: { ...HEALTH_CODE.status, ...change },
  });
  const meaning = (value: number, word: string) => ({ value, word, text: { 'zh-CN': '状态', en: 'State' } });
  const rows: readonly (readonly [Kind, string])[] = [
    [{ ...HEALTH_CODE, name: 'Health Code' }, 'name'],
    [{ ...HEALTH_CODE, number: 0 }, 'name'],
    [field({ name: '__proto__' }), 'fields'],
    [field({ name: 'constructor' }), 'fields'],
    [field({ name: 'valueOf' }), 'fields'],
    [field({ key: 0 }), 'fields'],
    [field({ type: 'text' }), 'fields'],
    [field({ type: 'text', maxLength: 201 }), 'fields'],
    [field({ type: 'code', maxLength: 65 }), 'fields'],
    [field({ type: 'choice' }), 'fields'],
    [field({ type: 'choice', choices: [] }), 'fields'],
    [field({ mask: 'id' }), 'fields'],
    [field({ carry: 'masked' }), 'fields'],
    [field({ carry: 'translated', required: true }), 'fields'],
    [field({ type: 'text', maxLength: 9, carry: 'masked' }), 'fields'],
    [field({ type: 'holder-id', idType: 'region' }), 'fields'],
    [field({ name: 'region' }), 'field_names'],
    [field({ key: 9 }), 'field_keys'],
    [{ ...HEALTH_CODE, fields: HEALTH_CODE.fields.filter(({ name }) => name !== 'region') }, 'region'],
    [status({ bits: 2 }), 'status'],
    [status({ meanings: [meaning(0, 'green'), meaning(1, 'gone')] }), 'status'],
    [status({ meanings: [meaning(0, 'revoked')] }), 'status'],
    [status({ meanings: [meaning(3, 'x')] }), 'status'],
    [{ ...HEALTH_CODE, validity: { defaultSeconds: 2, maxSeconds: 1 } }, 'validity'],
    [{ ...HEALTH_CODE, validity: { defaultSeconds: null, maxSeconds: 1 } }, 'validity'],
    [rule({ status: ['blue'] }), 'policy'],
    [rule({ datePassed: 'holderName' }), 'policy'],
    [rule({ claim: 'holderIdType', oneOf: ['7'] }), 'policy'],
    [rule({ dateAhead: ['holderName'] }), 'policy'],
    [rule({ dateOlder: { field: 'holderName', years: 1 } }), 'policy'],
    [food([], { policy: olderThan(0) }), 'policy'],
    [field({ happened: true }), 'fields'],
    [field({ type: 'date', notBefore: 'holderName' }), 'fields'],
    [field({ type: 'date', carry: 'never', partOf: { number: 'region', part: 'birth' } }), 'fields'],
    [field({ type: 'date', partOf: { number: 'holderId', part: 'sex' } }), 'fields'],
    [field({ type: 'date', partOf: { number: 'holderId', part: 'birth' } }), 'birth'],
    [field({ type: 'date', name: 'birth' }), 'birth'],
    [field({ type: 'instant', name: 'bornAt' }), 'birth'],
    [field({ type: 'text', maxLength: 10, name: 'dateOfBirth' }), 'birth'],
    [field({ type: 'date', happened: true }), 'dates'],
    [field({ type: 'date', name: 'validFrom' }), 'dates'],
    [food(['dated-ahead']), 'dates'],
    [food(['term-not-begun']), 'dates'],
    [food(['term-ended']), 'dates'],
    [food(['examination-lapsed']), 'dates'],
  ];
  for (const [kind, part] of rows) {
    t.throws(() => createKindTable([kind]), { code: 'config_invalid', rule: part });
  }
});

t.test('a date of birth that is never carried may stand in a table', async (t) => {
  const label = { 'zh-CN': '出生', en: 'Birth' };
  const fields: readonly Field[] = [
    { key: 30, name: 'birth', label, type: 'date', carry: 'never' },
    { key: 31, name: 'birthplace', label, type: 'text', maxLength: 10 },
  ];
  t.doesNotThrow(() => createKindTable([{ ...HEALTH_CODE, fields: [...HEALTH_CODE.fields, ...fields] }]));
});

t.test('a table refuses two kinds of one name or number', async (t) => {
  t.throws(() => createKindTable([HEALTH_CODE, { ...HEALTH_CODE, number: 99 }]), YimaError);
  t.throws(() => createKindTable([HEALTH_CODE, { ...HEALTH_CODE, name: 'other' }]), YimaError);
});
