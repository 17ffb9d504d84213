// How screens name what foreign formats carry. Not kinds of ours: no schema, no policy, so every valid one is held.

import type { Text } from '../errors/reasons.js';
import type { ShownClaim } from './answer.js';

const TITLES: ReadonlyMap<string, Text> = new Map([
  ['eu-dcc-vaccination', { 'zh-CN': '欧盟新冠证明（接种）', en: 'EU COVID certificate (vaccination)' }],
  ['eu-dcc-test', { 'zh-CN': '欧盟新冠证明（检测）', en: 'EU COVID certificate (test)' }],
  ['eu-dcc-recovery', { 'zh-CN': '欧盟新冠证明（康复）', en: 'EU COVID certificate (recovery)' }],
  ['shc-immunization', { 'zh-CN': 'SMART 健康卡（接种）', en: 'SMART Health Card (immunisation)' }],
  ['shc-laboratory', { 'zh-CN': 'SMART 健康卡（检测）', en: 'SMART Health Card (laboratory)' }],
  ['shc-health-card', { 'zh-CN': 'SMART 健康卡', en: 'SMART Health Card' }],
  ['nzcp-public-covid-pass', { 'zh-CN': '新西兰新冠通行证', en: 'NZ COVID Pass' }],
]);

const LABELS: readonly (readonly [string, Text])[] = [
  ['familyName', { 'zh-CN': '姓', en: 'Surname' }],
  ['givenName', { 'zh-CN': '名', en: 'Forename' }],
  ['birthDate', { 'zh-CN': '出生日期', en: 'Date of birth' }],
  ['date', { 'zh-CN': '接种、检测或确诊日期', en: 'Date of dose, sample or positive test' }],
];

export function foreignTitle(kind: string): Text | null {
  return TITLES.get(kind) ?? null;
}

/** In full, as the format prints them: the bearer shows them to be compared with a passport. */
export function showForeign(values: Readonly<Record<string, unknown>>): readonly ShownClaim[] {
  return LABELS.flatMap(([name, label]) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    return typeof value === 'string' ? [{ name, label, value }] : [];
  });
}
