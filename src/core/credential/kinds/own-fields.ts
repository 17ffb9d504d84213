// Shapes that several kinds use for their own fields; each kind gives the key.

import type { Choice, Field } from '../kind.js';

/** Of a code that the national hub made of another authority's: who had signed that one. */
export const SOURCE_ISSUER = 'sourceIssuer';

export function sourceIssuerField(key: number): Field {
  return {
    key,
    name: SOURCE_ISSUER,
    label: { 'zh-CN': '原签发机构', en: 'Translated from the code of' },
    type: 'code',
    maxLength: 32,
    carry: 'translated',
  };
}

const SEXES: readonly Choice[] = [
  { number: 0, value: 'unknown', text: { 'zh-CN': '未知', en: 'Unknown' } },
  { number: 1, value: 'male', text: { 'zh-CN': '男', en: 'Male' } },
  { number: 2, value: 'female', text: { 'zh-CN': '女', en: 'Female' } },
  { number: 9, value: 'unspecified', text: { 'zh-CN': '未说明', en: 'Not stated' } },
];

/** Numbers of GB/T 2261.1. */
export function sexField(key: number): Field {
  return {
    key,
    name: 'sex',
    label: { 'zh-CN': '性别', en: 'Sex' },
    type: 'choice',
    required: true,
    choices: SEXES,
    partOf: { number: 'holderId', part: 'sex' },
  };
}

/**
 * Checked against the citizen number and never carried: beside a number that shows all but its date of birth, it would
 * give the whole number to whoever photographs the code. The year alone would leave some 30 candidates.
 */
export function birthField(key: number): Field {
  return {
    key,
    name: 'birth',
    label: { 'zh-CN': '出生日期', en: 'Date of birth' },
    type: 'date',
    carry: 'never',
    partOf: { number: 'holderId', part: 'birth' },
  };
}

export function nationalityField(key: number): Field {
  return {
    key,
    name: 'nationality',
    label: { 'zh-CN': '国籍', en: 'Nationality' },
    type: 'text',
    maxLength: 30,
  };
}

export function nationField(key: number): Field {
  return { key, name: 'nation', label: { 'zh-CN': '民族', en: 'Ethnic group' }, type: 'text', maxLength: 20 };
}

export function addressField(key: number): Field {
  return { key, name: 'address', label: { 'zh-CN': '住址', en: 'Address' }, type: 'text', maxLength: 80 };
}
