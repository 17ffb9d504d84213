// A kind is data, so mistakes in it are found when the table is built, never at a gate.

import { YimaError } from '../errors/yima-error.js';
import type { Field, Kind, PolicyCondition } from './kind.js';

const KIND_NAME = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;
const FIELD_NAME = /^[a-z][A-Za-z0-9]*$/;
const LONGEST = { text: 200, code: 64 } as const;
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
  if (field.mask === undefined) return field.carry === undefined;
  return MASKS_OF_TYPE[field.type] === field.mask;
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
    (field.type !== 'holder-id' || idType?.type === 'choice')
  );
}

/** Key scopes are compared with the region claim, also by verifiers that do not know the kind. */
function hasRegion(kind: Kind): boolean {
  return kind.fields.some(
    (field) =>
      field.key === 9 && field.name === 'region' && field.type === 'region' && field.required === true,
  );
}

function isSoundCondition(when: PolicyCondition, kind: Kind): boolean {
  if ('always' in when) return true;
  if ('status' in when) {
    return when.status.every((word) => kind.status.meanings.some((meaning) => meaning.word === word));
  }
  const name = 'claim' in when ? when.claim : when.datePassed;
  const field = kind.fields.find((each) => each.name === name);
  if ('datePassed' in when) return field?.type === 'date';
  return when.oneOf.every((value) => field?.choices?.some((choice) => choice.value === value));
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
  };
  const broken = Object.entries(parts).find(([, sound]) => !sound);
  if (broken === undefined) return;
  throw new YimaError('config_invalid', 'Correct the kind: its table contradicts itself.', {
    field: kind.name,
    rule: broken[0],
  });
}
