// One region's policy out of a file that an operator placed. It decides who passes a gate, so it is taken whole or not at all, and
// the error says which member is wrong.

import { startOfLocalDay } from '../codec/calendar.js';
import { isJsonObject, type JsonObject } from '../codec/json.js';
import { isRegionPrefix, normalizeRegion } from '../codec/region.js';
import type { Text } from '../errors/reasons.js';
import { YimaError } from '../errors/yima-error.js';
import { isSoundCondition } from './check-kind.js';
import type { Kind, KindTable, PolicyCondition, PolicyRule, RegionalPolicy } from './kind.js';
import { findPolicyFault } from './policy-guards.js';
import { findTextFault } from './text-rule.js';

const ID = /^[a-z0-9](?:[a-z0-9.-]{0,62}[a-z0-9])?$/;
const MAX_VERSION = 2 ** 31 - 1;
const MAX_RULES = 64;
const MAX_WORDS = 64;
const MAX_TEXT = 100;
const MEMBERS = ['id', 'version', 'verifyingRegion', 'issuingRegion', 'kind', 'from', 'rules'];
const RULE_MEMBERS = ['id', 'decision', 'text', 'when'];
const TEXT_MEMBERS = ['zh-CN', 'en'];
const DECISIONS: readonly unknown[] = ['admit', 'hold', 'refuse'] satisfies PolicyRule['decision'][];

const SENTENCES = {
  members: 'It must have exactly the members that a policy has here.',
  id: 'Write 1 to 64 of a-z 0-9 . - here.',
  version: 'Write a whole number from 1 here.',
  region: 'Write 0, 2, 4 or 6 digits of GB/T 2260 that begin with a province here.',
  kind: 'There is no such kind; yima kinds lists them.',
  date: 'Write a real date as YYYY-MM-DD here.',
  rules: `Write 1 to ${MAX_RULES} rules here.`,
  decision: 'Write admit, hold or refuse here.',
  text: `Write 1 to ${MAX_TEXT} plain characters here.`,
  condition: 'Write one of the conditions that there are, in its own form.',
  unfit: 'It names a status, a date or a choice that the kind does not have.',
  twice: 'Two rules have this id.',
  dates:
    'It must refuse what is over or has not come yet: take the date rules of the kind’s own policy over.',
  status:
    'It could admit a status that the kind’s own policy refuses; put a rule that refuses or holds it first.',
} as const;

type Rule = keyof typeof SENTENCES;

function refuse(field: string, rule: Rule): YimaError {
  return new YimaError('config_invalid', `${field}: ${SENTENCES[rule]}`, { field, rule });
}

/** An object with exactly these members. */
function readObject(value: unknown, members: readonly string[], field: string): JsonObject {
  const names = isJsonObject(value) ? Object.keys(value) : [];
  const isExact = names.length === members.length && members.every((name) => names.includes(name));
  if (!isJsonObject(value) || !isExact) throw refuse(field, 'members');
  return value;
}

function readId(value: unknown, field: string): string {
  if (typeof value !== 'string' || !ID.test(value)) throw refuse(field, 'id');
  return value;
}

function readVersion(value: unknown): number {
  const isVersion = Number.isInteger(value) && (value as number) >= 1 && (value as number) <= MAX_VERSION;
  if (!isVersion) throw refuse('version', 'version');
  return value as number;
}

function readRegion(value: unknown, field: string): string {
  if (typeof value !== 'string' || !isRegionPrefix(value)) throw refuse(field, 'region');
  return normalizeRegion(value);
}

function readDate(value: unknown): string {
  if (typeof value !== 'string' || startOfLocalDay(value) === null) throw refuse('from', 'date');
  return value;
}

function readSentence(value: unknown, field: string): string {
  if (typeof value !== 'string' || findTextFault(value, MAX_TEXT) !== null) throw refuse(field, 'text');
  return value;
}

function readText(value: unknown, field: string): Text {
  const text = readObject(value, TEXT_MEMBERS, field);
  return {
    'zh-CN': readSentence(text['zh-CN'], `${field}.zh-CN`),
    en: readSentence(text['en'], `${field}.en`),
  };
}

function isWords(value: unknown): value is readonly string[] {
  const isList = Array.isArray(value) && value.length >= 1 && value.length <= MAX_WORDS;
  return isList && value.every((word) => typeof word === 'string') && new Set(value).size === value.length;
}

/** The forms of a condition, told by their members. What they name is held against the kind afterwards. */
const CONDITIONS: readonly ((when: JsonObject) => PolicyCondition | null)[] = [
  ({ status, ...rest }) => (isWords(status) && isEmpty(rest) ? { status } : null),
  ({ dateAhead, ...rest }) => (isWords(dateAhead) && isEmpty(rest) ? { dateAhead } : null),
  ({ datePassed, ...rest }) => (typeof datePassed === 'string' && isEmpty(rest) ? { datePassed } : null),
  ({ always, ...rest }) => (always === true && isEmpty(rest) ? { always } : null),
  ({ claim, oneOf, ...rest }) =>
    typeof claim === 'string' && isWords(oneOf) && isEmpty(rest) ? { claim, oneOf } : null,
  ({ dateOlder, ...rest }) => {
    if (!isJsonObject(dateOlder) || !isEmpty(rest)) return null;
    const { field, years, ...more } = dateOlder;
    const isOlder = typeof field === 'string' && typeof years === 'number' && isEmpty(more);
    return isOlder ? { dateOlder: { field, years } } : null;
  },
];

function isEmpty(rest: object): boolean {
  return Object.keys(rest).length === 0;
}

function readCondition(value: unknown, kind: Kind, field: string): PolicyCondition {
  const object = isJsonObject(value) ? value : {};
  for (const read of CONDITIONS) {
    const when = read(object);
    if (when === null) continue;
    if (!isSoundCondition(when, kind)) throw refuse(field, 'unfit');
    return when;
  }
  throw refuse(field, 'condition');
}

function readRule(value: unknown, kind: Kind, field: string): PolicyRule {
  const { id, decision, text, when } = readObject(value, RULE_MEMBERS, field);
  if (!DECISIONS.includes(decision)) throw refuse(`${field}.decision`, 'decision');
  return {
    id: readId(id, `${field}.id`),
    decision: decision as PolicyRule['decision'],
    text: readText(text, `${field}.text`),
    when: readCondition(when, kind, `${field}.when`),
  };
}

function readRules(value: unknown, kind: Kind): readonly PolicyRule[] {
  if (!Array.isArray(value) || value.length < 1 || value.length > MAX_RULES) throw refuse('rules', 'rules');
  const rules = value.map((rule, i) => readRule(rule, kind, `rules[${i}]`));
  const second = rules.findIndex(({ id }, i) => rules.findIndex((each) => each.id === id) < i);
  if (second >= 0) throw refuse(`rules[${second}].id`, 'twice');
  return rules;
}

/**
 * Reads `{id, version, verifyingRegion, issuingRegion, kind, from, rules}`, all of them required and nothing else. Regions are prefixes;
 * '' is everywhere. Rules have the form of a kind's own policy.
 * @param json of a strict parser
 * @throws YimaError `config_invalid` with the member as field, and what to write there
 */
export function parsePolicyFile(json: unknown, kinds: KindTable): RegionalPolicy {
  const object = readObject(json, MEMBERS, '(all)');
  const kind = typeof object['kind'] === 'string' ? kinds.byName(object['kind']) : undefined;
  if (kind === undefined) throw refuse('kind', 'kind');
  const policy: RegionalPolicy = {
    id: readId(object['id'], 'id'),
    version: readVersion(object['version']),
    verifyingRegion: readRegion(object['verifyingRegion'], 'verifyingRegion'),
    issuingRegion: readRegion(object['issuingRegion'], 'issuingRegion'),
    kind: kind.name,
    from: readDate(object['from']),
    rules: readRules(object['rules'], kind),
  };
  const fault = findPolicyFault(kind, policy);
  if (fault !== null) throw refuse('rules', fault);
  return policy;
}
