// What a policy file may say: every condition decides, and every fault is refused with the member that is wrong.

import t from 'tap';
import { KINDS } from '../../../src/core/credential/kind-table.js';
import { applyPolicy } from '../../../src/core/credential/policy.js';
import { parsePolicyFile } from '../../../src/core/credential/policy-file.js';
import { policyFile, policyOf, RULE_TEXT, ruleOf } from '../../support/policies.js';
import { sampleClaims } from '../../support/sample-claims.js';

const TODAY = '2026-11-25';

function decide(
  policy: ReturnType<typeof policyOf>,
  word: string,
  change: Record<string, string> = {},
): string {
  const claims = { ...sampleClaims(policy.kind), ...change };
  const { decision, rule } = applyPolicy(policy, { statusWord: word, claims, today: TODAY });
  return `${decision} ${rule?.id ?? null}`;
}

t.test('a file becomes a policy with normalised regions', async (t) => {
  const policy = policyOf('health-code', [], { verifyingRegion: '6590', issuingRegion: '659001' });
  t.match(policy, {
    id: 'health-code-zhejiang',
    version: 1,
    verifyingRegion: '6690',
    issuingRegion: '669001',
  });
  t.same(policy.rules, KINDS.byName('health-code')?.policy?.rules);
});

t.test('the kinds’ own policies are such that a region could write them', async (t) => {
  for (const { name, policy } of KINDS.all) t.same(policyOf(name).rules, policy?.rules, name);
});

t.test('every condition decides', async (t) => {
  const status = policyOf('health-code', [ruleOf({ status: ['green', 'yellow'] })]);
  t.equal(decide(status, 'green'), 'hold extra');
  t.equal(decide(status, 'yellow'), 'hold extra');
  t.equal(decide(status, 'red'), 'refuse red');

  const always = policyOf('health-code', [ruleOf({ always: true }, 'refuse')]);
  for (const word of ['green', 'yellow', 'red', 'pending']) t.equal(decide(always, word), 'refuse extra');

  const passed = policyOf('vehicle-licence', [ruleOf({ datePassed: 'inspectedUntil' }, 'refuse')]);
  t.equal(decide(passed, 'valid', { inspectedUntil: '2026-11-24' }), 'refuse extra');
  t.equal(decide(passed, 'valid', { inspectedUntil: TODAY }), 'admit valid', 'its own day has not passed');

  const ahead = policyOf('food-handler', [ruleOf({ dateAhead: ['issuedOn', 'examinedOn'] })]);
  t.equal(decide(ahead, 'valid', { examinedOn: '2026-11-26' }), 'hold extra');
  t.equal(decide(ahead, 'valid', { examinedOn: TODAY }), 'admit valid');

  const older = policyOf('food-handler', [ruleOf({ dateOlder: { field: 'issuedOn', years: 2 } })]);
  const examined = { examinedOn: TODAY };
  t.equal(decide(older, 'valid', { ...examined, issuedOn: '2024-11-24' }), 'hold extra');
  t.equal(decide(older, 'valid', { ...examined, issuedOn: '2024-11-25' }), 'admit valid');

  const claim = policyOf('social-security-card', [
    ruleOf({ claim: 'cardState', oneOf: ['sealed', 'lost'] }, 'refuse'),
  ]);
  t.equal(decide(claim, 'valid', { cardState: 'sealed' }), 'refuse extra');
  t.equal(decide(claim, 'valid'), 'admit valid');
});

t.test('what no rule of a region covers is held', async (t) => {
  const policy = policyOf('health-code', [], { rules: [ruleOf({ status: ['red'] }, 'refuse')] });
  t.equal(decide(policy, 'green'), 'hold null');
});

type Change = Readonly<Record<string, unknown>>;

const rule = (change: Change) => ({ rules: [{ ...ruleOf({ status: ['green'] }), ...change }] });
const when = (condition: unknown) => rule({ when: condition });
const green = { status: ['green'] };

const ROWS: readonly (readonly [title: string, change: Change, field: string, rule: string])[] = [
  ['a member too many', { note: 'x' }, '(all)', 'members'],
  ...['id', 'version', 'verifyingRegion', 'issuingRegion', 'from', 'rules', 'kind'].map(
    (name) => [`no ${name}`, { [name]: undefined }, '(all)', 'members'] as const,
  ),
  ['an empty id', { id: '' }, 'id', 'id'],
  ['an id with capitals', { id: 'Zhejiang' }, 'id', 'id'],
  ['an id with a space', { id: 'a b' }, 'id', 'id'],
  ['an id that ends in a dot', { id: 'a.' }, 'id', 'id'],
  ['an id of 65 characters', { id: 'a'.repeat(65) }, 'id', 'id'],
  ['an id that is a number', { id: 7 }, 'id', 'id'],
  ['version 0', { version: 0 }, 'version', 'version'],
  ['a negative version', { version: -1 }, 'version', 'version'],
  ['half a version', { version: 1.5 }, 'version', 'version'],
  ['a version as text', { version: '1' }, 'version', 'version'],
  ['a version past 31 bits', { version: 2 ** 31 }, 'version', 'version'],
  ['a verifying region of three digits', { verifyingRegion: '330' }, 'verifyingRegion', 'region'],
  ['a verifying region that is none', { verifyingRegion: '99' }, 'verifyingRegion', 'region'],
  ['a verifying region as number', { verifyingRegion: 33 }, 'verifyingRegion', 'region'],
  ['a verifying region that is null', { verifyingRegion: null }, 'verifyingRegion', 'region'],
  ['an issuing region of eight digits', { issuingRegion: '44010300' }, 'issuingRegion', 'region'],
  ['an issuing region in words', { issuingRegion: 'all' }, 'issuingRegion', 'region'],
  ['a kind that there is not', { kind: 'health-pass' }, 'kind', 'kind'],
  ['a kind of the prototype', { kind: 'constructor' }, 'kind', 'kind'],
  ['a kind by its number', { kind: 1 }, 'kind', 'kind'],
  ['a day that does not exist', { from: '2026-02-29' }, 'from', 'date'],
  ['a day in another form', { from: '2026-2-1' }, 'from', 'date'],
  ['a day with a time', { from: '2026-02-01T00:00:00Z' }, 'from', 'date'],
  ['a day as number', { from: 20260201 }, 'from', 'date'],
  ['rules that are no list', { rules: {} }, 'rules', 'rules'],
  ['no rule', { rules: [] }, 'rules', 'rules'],
  [
    '65 rules',
    { rules: Array.from({ length: 65 }, (_, i) => ruleOf({ always: true }, 'hold', `r${i}`)) },
    'rules',
    'rules',
  ],
  ['a rule that is no object', { rules: ['green'] }, 'rules[0]', 'members'],
  ['a rule with a member too many', rule({ note: 1 }), 'rules[0]', 'members'],
  ['a rule without text', { rules: [{ id: 'a', decision: 'hold', when: green }] }, 'rules[0]', 'members'],
  ['a rule with a bad id', rule({ id: 'A' }), 'rules[0].id', 'id'],
  [
    'two rules of one id',
    { rules: [ruleOf({ status: ['green'] }), ruleOf({ status: ['red'] }, 'refuse')] },
    'rules[1].id',
    'twice',
  ],
  ['indeterminate as a decision', rule({ decision: 'indeterminate' }), 'rules[0].decision', 'decision'],
  ['a decision in capitals', rule({ decision: 'ADMIT' }), 'rules[0].decision', 'decision'],
  ['a text in one language', rule({ text: { en: 'Rule' } }), 'rules[0].text', 'members'],
  ['a text in three', rule({ text: { ...RULE_TEXT, fr: 'Règle' } }), 'rules[0].text', 'members'],
  ['a plain text', rule({ text: 'Rule' }), 'rules[0].text', 'members'],
  ['an empty text', rule({ text: { ...RULE_TEXT, en: '' } }), 'rules[0].text.en', 'text'],
  [
    'a text of 101 characters',
    rule({ text: { ...RULE_TEXT, en: 'x'.repeat(101) } }),
    'rules[0].text.en',
    'text',
  ],
  ['a line end in a text', rule({ text: { ...RULE_TEXT, en: 'a\nb' } }), 'rules[0].text.en', 'text'],
  [
    'a bidi override in a text',
    rule({ text: { ...RULE_TEXT, 'zh-CN': '\u202e规' } }),
    'rules[0].text.zh-CN',
    'text',
  ],
  ['a text as number', rule({ text: { ...RULE_TEXT, 'zh-CN': 7 } }), 'rules[0].text.zh-CN', 'text'],
  ['no condition', when({}), 'rules[0].when', 'condition'],
  ['a condition that is null', when(null), 'rules[0].when', 'condition'],
  ['a condition that is text', when('always'), 'rules[0].when', 'condition'],
  ['a condition that there is not', when({ level: ['red'] }), 'rules[0].when', 'condition'],
  ['two conditions', when({ ...green, always: true }), 'rules[0].when', 'condition'],
  ['never', when({ always: false }), 'rules[0].when', 'condition'],
  ['a status that is no list', when({ status: 'green' }), 'rules[0].when', 'condition'],
  ['no status', when({ status: [] }), 'rules[0].when', 'condition'],
  ['a status twice', when({ status: ['green', 'green'] }), 'rules[0].when', 'condition'],
  ['a status by value', when({ status: [13] }), 'rules[0].when', 'condition'],
  [
    '65 statuses',
    when({ status: Array.from({ length: 65 }, (_, i) => `s${i}`) }),
    'rules[0].when',
    'condition',
  ],
  ['a status of no meaning', when({ status: ['blue'] }), 'rules[0].when', 'unfit'],
  ['revoked, which no policy is asked about', when({ status: ['revoked'] }), 'rules[0].when', 'unfit'],
  ['a date that the kind lacks', when({ datePassed: 'validTo' }), 'rules[0].when', 'unfit'],
  ['a field that is no date', when({ datePassed: 'holderName' }), 'rules[0].when', 'unfit'],
  ['dates ahead that are no list', when({ dateAhead: 'issuedOn' }), 'rules[0].when', 'condition'],
  ['a date ahead that the kind lacks', when({ dateAhead: ['issuedOn'] }), 'rules[0].when', 'unfit'],
  ['an age without years', when({ dateOlder: { field: 'issuedOn' } }), 'rules[0].when', 'condition'],
  ['an age with more', when({ dateOlder: { field: 'a', years: 1, days: 1 } }), 'rules[0].when', 'condition'],
  ['an age that is null', when({ dateOlder: null }), 'rules[0].when', 'condition'],
  [
    'an age of a date that the kind lacks',
    when({ dateOlder: { field: 'issuedOn', years: 1 } }),
    'rules[0].when',
    'unfit',
  ],
  ['a claim without values', when({ claim: 'holderIdType' }), 'rules[0].when', 'condition'],
  ['a claim with no value', when({ claim: 'holderIdType', oneOf: [] }), 'rules[0].when', 'condition'],
  ['a claim that is no choice', when({ claim: 'holderName', oneOf: ['x'] }), 'rules[0].when', 'unfit'],
  ['a choice that there is not', when({ claim: 'holderIdType', oneOf: ['7'] }), 'rules[0].when', 'unfit'],
  ['a claim of the prototype', when({ claim: '__proto__', oneOf: ['x'] }), 'rules[0].when', 'unfit'],
  ['red admitted', { rules: [ruleOf({ status: ['red'] }, 'admit')] }, 'rules', 'status'],
  ['all admitted', { rules: [ruleOf({ always: true }, 'admit')] }, 'rules', 'status'],
  [
    'red admitted for its document',
    {
      rules: [
        ruleOf({ claim: 'holderIdType', oneOf: ['414'] }, 'admit', 'passports'),
        ruleOf({ status: ['red'] }, 'refuse', 'red'),
      ],
    },
    'rules',
    'status',
  ],
];

t.test('every fault is refused, with the member and the rule', async (t) => {
  for (const [title, change, field, name] of ROWS) {
    const file = Object.fromEntries(
      Object.entries({ ...policyFile(), ...change }).filter(([, value]) => value !== undefined),
    );
    const message = new RegExp(`^${escaped(field)}: [A-Z]`);
    t.throws(
      () => parsePolicyFile(file, KINDS),
      { code: 'config_invalid', field, rule: name, message },
      title,
    );
  }
  for (const file of [null, [], 'x', 7, undefined])
    t.throws(() => parsePolicyFile(file, KINDS), { code: 'config_invalid', field: '(all)' });
});

function escaped(text: string): string {
  return text.replace(/[()[\].]/g, '\\$&');
}

t.test('a policy that lets dates pass which its kind refuses is refused', async (t) => {
  const own = KINDS.byName('food-handler')?.policy?.rules ?? [];
  for (const id of ['dated-ahead', 'term-not-begun', 'term-ended', 'examination-lapsed']) {
    const file = policyFile('food-handler', [], { rules: own.filter((each) => each.id !== id) });
    t.throws(
      () => parsePolicyFile(file, KINDS),
      { code: 'config_invalid', field: 'rules', rule: 'dates' },
      id,
    );
  }
});

t.test('a red that is held instead of refused may stand', async (t) => {
  t.doesNotThrow(() => policyOf('health-code', [ruleOf({ status: ['red'] })]));
  t.doesNotThrow(() =>
    policyOf('health-code', [
      ruleOf({ status: ['red'] }, 'refuse', 'first'),
      ruleOf({ claim: 'holderIdType', oneOf: ['414'] }, 'admit', 'then'),
    ]),
  );
});
