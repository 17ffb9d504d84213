import t from 'tap';
import { checkClaims } from '../../../src/core/credential/claims.js';
import type { Kind } from '../../../src/core/credential/kind.js';
import { KINDS } from '../../../src/core/credential/kind-table.js';
import { findLastDay, yearsAfter } from '../../../src/core/credential/last-day.js';
import { checkRequestFacts } from '../../../src/core/credential/request-facts.js';
import { YimaError } from '../../../src/core/errors/yima-error.js';
import { sampleClaims } from '../../support/sample-claims.js';

const TODAY = '2026-11-23';
const TOMORROW = '2026-11-24';
const PASSPORT = { holderIdType: '414', holderId: 'E12345678' };

function getKind(name: string): Kind {
  const kind = KINDS.byName(name);
  if (kind === undefined) throw new Error(`no kind ${name}`);
  return kind;
}

/** `field: rule` of the refusal, or `accepted`. */
function judge(name: string, change: Record<string, string>): string {
  const kind = getKind(name);
  const claims = checkClaims(kind, { ...sampleClaims(name), ...change }, 'request');
  try {
    checkRequestFacts(kind, claims, TODAY);
    return 'accepted';
  } catch (error) {
    if (!(error instanceof YimaError) || error.code !== 'invalid_claims') throw error;
    return `${error.field}: ${error.rule}`;
  }
}

t.test('a complete sample of every kind agrees with itself', async (t) => {
  for (const kind of KINDS.all) t.equal(judge(kind.name, {}), 'accepted', kind.name);
});

t.test('what has happened never lies ahead of today', async (t) => {
  for (const kind of KINDS.all) {
    for (const { name } of kind.fields.filter((field) => field.happened === true)) {
      t.equal(judge(kind.name, { [name]: TODAY }), 'accepted', `${kind.name}.${name}`);
      t.equal(judge(kind.name, { [name]: TOMORROW }), `${name}: ahead_of_today`, `${kind.name}.${name}`);
    }
  }
  t.equal(judge('food-handler', { examinedOn: '2050-01-01' }), 'examinedOn: ahead_of_today');
  t.equal(judge('driving-licence', { validFrom: TOMORROW }), 'accepted', 'a term may begin later');
});

t.test('no term ends before it begins', async (t) => {
  const term = { validFrom: '2046-01-01', validTo: '2045-12-31' };
  for (const kind of KINDS.all.filter(({ fields }) => fields.some(({ name }) => name === 'validTo'))) {
    t.equal(judge(kind.name, term), 'validTo: before_start', kind.name);
    t.equal(judge(kind.name, { ...term, validTo: '2046-01-01' }), 'accepted', kind.name);
  }
  t.equal(judge('business-licence', { termTo: '2020-02-28' }), 'termTo: before_start');
  t.equal(judge('special-operation', { reviewBy: '2026-03-03' }), 'reviewBy: before_start');
});

t.test('sex and birth agree with the citizen number, of holder and spouse', async (t) => {
  for (const name of ['id-card', 'driving-licence', 'residence-permit', 'marriage-certificate']) {
    t.equal(judge(name, { sex: 'male' }), 'sex: contradiction', name);
    t.equal(judge(name, { sex: 'unspecified' }), 'accepted', name);
    t.equal(judge(name, { sex: 'male', holderId: '330102190001010011' }), 'accepted', name);
  }
  t.equal(judge('id-card', { birth: '1990-12-31' }), 'birth: contradiction');
  t.equal(judge('marriage-certificate', { spouseSex: 'female' }), 'spouseSex: contradiction');
  t.equal(judge('marriage-certificate', { spouseBirth: '1900-01-02' }), 'spouseBirth: contradiction');
});

t.test('another document’s number says neither sex nor birth', async (t) => {
  t.equal(judge('driving-licence', { ...PASSPORT, sex: 'male', birth: '1990-12-31' }), 'accepted');
  const lookalike = { holderIdType: '414', holderId: '33010219000101002X' };
  t.equal(judge('driving-licence', { ...lookalike, sex: 'male' }), 'accepted');
});

t.test('the last day is the earliest that the licence or its kind names', async (t) => {
  const last = (name: string, claims: Record<string, string>) => findLastDay(getKind(name), claims);
  t.same(last('driving-licence', {}), null);
  t.same(last('driving-licence', { validTo: '2030-01-01' }), { field: 'validTo', date: '2030-01-01' });
  t.same(last('vehicle-licence', { inspectedUntil: '2027-01-31' }), null, 'what only holds ends nothing');
  const examined = { examinedOn: '2026-03-03' };
  t.same(last('food-handler', examined), { field: 'examinedOn', date: '2027-03-03' });
  t.equal(last('food-handler', { ...examined, validTo: '2099-03-03' })?.date, '2027-03-03');
  t.equal(last('food-handler', { ...examined, validTo: '2026-12-31' })?.field, 'validTo');
  t.same(findLastDay({ ...getKind('id-card'), policy: null }, { validTo: '2030-01-01' })?.date, '2030-01-01');
});

t.test('an anniversary is a real date', async (t) => {
  t.equal(yearsAfter('2026-03-03', 1), '2027-03-03');
  t.equal(yearsAfter('2028-02-29', 1), '2029-02-28');
  t.equal(yearsAfter('2028-02-29', 4), '2032-02-29');
  t.equal(yearsAfter('2999-12-31', 100), '3099-12-31');
});
