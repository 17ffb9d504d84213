// A kind is data, so mistakes in it are found when the table is built, never at a gate.

import { YimaError } from '../errors/yima-error.js';
import type { Field, Kind, PolicyCondition } from './kind.js';

const KIND_NAME = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;
const FIELD_NAME = /^[a-z][A-Za-z0-9]*$/;
const LONGEST = { text: 200, code: 64 } as const;
const BIRTH_NAME = /(?:birth|born)(?!place)/i;
const MASKS_OF_TYPE: Readonly<Partial<Record<Field['type'], Field['mask']>>> = {
  text: 'name',
  code: 'id',
  'citizen-number': 'id',
  'holder-id': 'id',
};

function allUnique(values: readonly unknown[]): boolean {
  return new Set(values).size === values.length;
}

/** Names of Object.prototype would answer look-ups that no kind made. */
function isFieldName(name: string): boolean {
  return FIELD_NAME.test(name) && !(name in {});
}

function isSoundLength(field: Field): boolean {
  if (field.type !== 'text' && field.type !== 'code') return true;
  const length = field.maxLength ?? 0;
  return Number.isInteger(length) && length >= 1 && length <= LONGEST[field.type];
}

function isSoundChoice(field: Field): boolean {
  const choices = field.choices ?? [];
  if (field.type !== 'choice') return choices.length === 0;
  const numbers = choices.map((choice) => choice.number);
  return (
    choices.length > 0 &&
    numbers.every((number) => Number.isInteger(number) && number >= 0) &&
    allUnique(numbers) &&
    allUnique(choices.map((choice) => choice.value))
  );
}

function isSoundMask(field: Field): boolean {
  if (field.mask === undefined) return field.carry !== 'masked';
  return MASKS_OF_TYPE[field.type] === field.mask;
}

/** A date that follows another, and what a citizen number says too, each beside a field of the right type. */
function isSoundRelation({ type, happened, notBefore, partOf }: Field, all: readonly Field[]): boolean {
  const typeOf = (name: string) => all.find((each) => each.name === name)?.type;
  if ((happened !== undefined || notBefore !== undefined) && type !== 'date') return false;
  if (notBefore !== undefined && typeOf(notBefore) !== 'date') return false;
  if (partOf === undefined) return true;
  const numberType = typeOf(partOf.number);
  return (
    type === (partOf.part === 'birth' ? 'date' : 'choice') &&
    (numberType === 'holder-id' || numberType === 'citizen-number')
  );
}

/** A date of birth beside a citizen number without one gives the whole number away: it is never carried. */
function keepsBirth({ fields }: Kind): boolean {
  const hidesNumber = fields.some(({ type }) => type === 'holder-id' || type === 'citizen-number');
  const tellsBirth = ({ name, partOf }: Field) => partOf?.part === 'birth' || BIRTH_NAME.test(name);
  return !hidesNumber || fields.every((field) => !tellsBirth(field) || field.carry === 'never');
}

function isSoundField(field: Field, all: readonly Field[]): boolean {
  const idType = all.find((each) => each.name === (field.idType ?? 'holderIdType'));
  return (
    isFieldName(field.name) &&
    Number.isInteger(field.key) &&
    field.key >= 1 &&
    isSoundLength(field) &&
    isSoundChoice(field) &&
    isSoundMask(field) &&
    isSoundRelation(field, all) &&
    (field.type !== 'holder-id' || idType?.type === 'choice') &&
    (field.carry !== 'translated' || field.required !== true)
  );
}

/** Key scopes are compared with the region claim, also by verifiers that do not know the kind. */
function hasRegion(kind: Kind): boolean {
  return kind.fields.some(
    (field) =>
      field.key === 9 && field.name === 'region' && field.type === 'region' && field.required === true,
  );
}

/** Whether a condition speaks of what the kind has: its status words, dates and choices. */
export function isSoundCondition(when: PolicyCondition, kind: Kind): boolean {
  if ('always' in when) return true;
  if ('status' in when) {
    return when.status.every((word) => kind.status.meanings.some((meaning) => meaning.word === word));
  }
  const carried = (name: string) => kind.fields.find((each) => each.name === name && each.carry !== 'never');
  const isDate = (name: string) => carried(name)?.type === 'date';
  if ('dateAhead' in when) return when.dateAhead.every(isDate);
  if ('datePassed' in when) return isDate(when.datePassed);
  if ('dateOlder' in when) return isDate(when.dateOlder.field) && isTermOfYears(when.dateOlder.years);
  const choices = carried(when.claim)?.choices;
  return when.oneOf.every((value) => choices?.some((choice) => choice.value === value));
}

function isTermOfYears(years: number): boolean {
  return Number.isInteger(years) && years >= 1 && years <= 100;
}

/** A policy refuses what has not come yet and what is over, and a kind of limited life says when that is. */
export function guardsDates({ fields, policy, validity }: Kind): boolean {
  if (policy === null) return true;
  const refusals = policy.rules.filter((rule) => rule.decision === 'refuse').map((rule) => rule.when);
  const refusesAhead = (name: string) =>
    refusals.some((when) => 'dateAhead' in when && when.dateAhead.includes(name));
  const begun = fields.filter(
    ({ name, happened, carry }) => carry !== 'never' && (happened === true || name === 'validFrom'),
  );
  if (!begun.every(({ name }) => refusesAhead(name))) return false;
  const end = fields.find(({ name }) => name === 'validTo');
  if (end === undefined) return true;
  const isLimited = end.required === true || refusals.some((when) => 'dateOlder' in when);
  return (
    refusals.some((when) => 'datePassed' in when && when.datePassed === end.name) &&
    (validity.maxSeconds === null || isLimited)
  );
}

function isSoundStatus(kind: Kind): boolean {
  const values = kind.status.meanings.map((meaning) => meaning.value);
  const words = kind.status.meanings.map((meaning) => meaning.word);
  return (
    values.every((value) => Number.isInteger(value) && value >= 0 && value < 2 ** kind.status.bits) &&
    allUnique([1, 2, ...values]) &&
    allUnique(['revoked', 'suspended', ...words]) &&
    values.includes(0) &&
    kind.status.maxAgeSeconds > 0
  );
}

function isSoundValidity({ validity }: Kind): boolean {
  const { defaultSeconds, maxSeconds } = validity;
  if (maxSeconds === null) return defaultSeconds === null || defaultSeconds > 0;
  return defaultSeconds !== null && defaultSeconds > 0 && defaultSeconds <= maxSeconds;
}

function isSoundPolicy(kind: Kind): boolean {
  const rules = kind.policy?.rules ?? [];
  return allUnique(rules.map((rule) => rule.id)) && rules.every((rule) => isSoundCondition(rule.when, kind));
}

/**
 * Refuses a kind that contradicts itself.
 * @throws YimaError `config_invalid` with the kind's name as field and the broken part as rule
 */
export function checkKind(kind: Kind): void {
  const parts = {
    name: KIND_NAME.test(kind.name) && Number.isInteger(kind.number) && kind.number >= 1,
    fields: kind.fields.every((field) => isSoundField(field, kind.fields)),
    field_names: allUnique(kind.fields.map((field) => field.name)),
    region: hasRegion(kind),
    field_keys: allUnique(kind.fields.map((field) => field.key)),
    status: isSoundStatus(kind),
    validity: isSoundValidity(kind),
    policy: isSoundPolicy(kind),
    dates: guardsDates(kind),
    birth: keepsBirth(kind),
  };
  const broken = Object.entries(parts).find(([, sound]) => !sound);
  if (broken === undefined) return;
  throw new YimaError('config_invalid', 'Correct the kind: its table contradicts itself.', {
    field: kind.name,
    rule: broken[0],
  });
}
