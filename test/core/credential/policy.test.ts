import t from 'tap';
import type { Kind, Policy } from '../../../src/core/credential/kind.js';
import { KINDS } from '../../../src/core/credential/kind-table.js';
import { applyPolicy } from '../../../src/core/credential/policy.js';
import { statusWord } from '../../../src/core/credential/status-meaning.js';
import { sampleClaims } from '../../support/sample-claims.js';

const TODAY = '2026-11-23';

function getKind(name: string): Kind {
  const kind = KINDS.byName(name);
  if (kind === undefined) throw new Error(`no kind ${name}`);
  return kind;
}

function policyOf(name: string): Policy {
  const { policy } = getKind(name);
  if (policy === null) throw new Error(`no policy for ${name}`);
  return policy;
}

function decide(name: string, word: string, change: Record<string, string> = {}): string {
  const claims = { ...sampleClaims(name), ...change };
  const result = applyPolicy(policyOf(name), { statusWord: word, claims, today: TODAY });
  return `${result.decision} ${result.rule?.id ?? null}`;
}

t.test('a health code decides by its colour', async (t) => {
  t.equal(decide('health-code', 'green'), 'admit green');
  t.equal(decide('health-code', 'yellow'), 'hold yellow');
  t.equal(decide('health-code', 'pending'), 'hold pending');
  t.equal(decide('health-code', 'red'), 'refuse red');
});

t.test('status values have the meanings of the design, others none', async (t) => {
  const health = getKind('health-code');
  const words = Array.from({ length: 16 }, (_, value) => statusWord(health, value)?.word);
  const expected = new Array<string | undefined>(16).fill(undefined);
  t.same(
    words,
    expected
      .with(0, 'green')
      .with(1, 'revoked')
      .with(2, 'suspended')
      .with(12, 'yellow')
      .with(13, 'red')
      .with(14, 'pending'),
  );
  t.equal(statusWord(getKind('id-card'), 0)?.word, 'valid');
  t.equal(statusWord(getKind('id-card'), 3), undefined);
});

t.test('a valid licence is admitted', async (t) => {
  for (const kind of KINDS.all) {
    if (kind.name !== 'health-code') t.equal(decide(kind.name, 'valid'), 'admit valid', kind.name);
  }
});

t.test('a passed date holds or refuses from the day after', async (t) => {
  t.equal(decide('vehicle-licence', 'valid', { inspectedUntil: TODAY }), 'admit valid');
  t.equal(decide('vehicle-licence', 'valid', { inspectedUntil: '2026-11-22' }), 'hold inspection-overdue');
  t.equal(decide('special-operation', 'valid', { reviewBy: '2026-11-22' }), 'hold review-overdue');
  t.equal(decide('business-licence', 'valid', { termTo: '2026-11-22' }), 'hold term-of-business-ended');
  t.equal(decide('driving-licence', 'valid', { validTo: TODAY }), 'admit valid');
  t.equal(decide('driving-licence', 'valid', { validTo: '2026-11-22' }), 'refuse term-ended');
});

t.test('a date ahead of today refuses until that day has come', async (t) => {
  for (const kind of KINDS.all) {
    const names = kind.fields.map(({ name }) => name);
    if (names.includes('issuedOn')) {
      t.equal(decide(kind.name, 'valid', { issuedOn: TODAY }), 'admit valid', kind.name);
      t.equal(decide(kind.name, 'valid', { issuedOn: '2026-11-24' }), 'refuse dated-ahead', kind.name);
    }
    if (names.includes('validFrom')) {
      t.equal(decide(kind.name, 'valid', { validFrom: TODAY }), 'admit valid', kind.name);
      t.equal(decide(kind.name, 'valid', { validFrom: '2026-11-24' }), 'refuse term-not-begun', kind.name);
    }
  }
  t.equal(decide('marriage-certificate', 'valid', { registeredOn: '2050-01-01' }), 'refuse dated-ahead');
  t.equal(decide('food-handler', 'valid', { examinedOn: '2050-01-01' }), 'refuse dated-ahead');
});

t.test('a food handler’s examination is good to its anniversary', async (t) => {
  t.equal(decide('food-handler', 'valid', { examinedOn: '2025-11-23' }), 'admit valid');
  t.equal(decide('food-handler', 'valid', { examinedOn: '2025-11-22' }), 'refuse examination-lapsed');
  t.equal(decide('food-handler', 'valid', { examinedOn: '2009-01-01' }), 'refuse examination-lapsed');
});

t.test('a social security card decides by its state', async (t) => {
  t.equal(decide('social-security-card', 'valid', { cardState: 'sealed' }), 'hold card-sealed');
  t.equal(decide('social-security-card', 'valid', { cardState: 'lost' }), 'refuse card-lost');
  t.equal(decide('social-security-card', 'valid', { cardState: 'cancelled' }), 'refuse card-cancelled');
});

t.test('what no rule covers is held', async (t) => {
  t.equal(decide('health-code', 'blue'), 'hold null');
});

t.test('a rule may hold always, and reads own claims only', async (t) => {
  const text = { 'zh-CN': '规则', en: 'Rule' };
  const rules = [
    { id: 'proto', decision: 'admit', text, when: { claim: 'constructor', oneOf: ['x'] } },
    { id: 'all', decision: 'refuse', text, when: { always: true } },
  ] as const;
  const policy: Policy = { id: 'p', version: 1, rules };
  const result = applyPolicy(policy, { statusWord: 'valid', claims: {}, today: TODAY });
  t.same(result, { policy, rule: rules[1], decision: 'refuse', text });
});
