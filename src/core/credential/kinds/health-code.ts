// 健康码. Its colour is a status value and never a claim, so that a photographed green cannot outlive the decision.

import type { Kind } from '../kind.js';
import { PERSON, REGION } from './common-fields.js';
import { sourceIssuerField } from './own-fields.js';

const HOUR = 3_600;

export const HEALTH_CODE: Kind = {
  name: 'health-code',
  number: 1,
  title: { 'zh-CN': '健康码', en: 'Health code' },
  subject: 'person',
  fields: [
    ...PERSON,
    REGION,
    // Key 20 was meant for the level and stays unused: the level lives in the status list alone.
    {
      key: 21,
      name: 'ruleId',
      label: { 'zh-CN': '判定规则', en: 'Rule applied' },
      type: 'code',
      maxLength: 24,
    },
    { key: 22, name: 'checkedAt', label: { 'zh-CN': '判定时间', en: 'Judged at' }, type: 'instant' },
    sourceIssuerField(23),
  ],
  validity: { defaultSeconds: 24 * HOUR, maxSeconds: 7 * 24 * HOUR },
  status: {
    bits: 4,
    meanings: [
      { value: 0, word: 'green', text: { 'zh-CN': '绿码', en: 'Green' } },
      { value: 0x0c, word: 'yellow', text: { 'zh-CN': '黄码', en: 'Yellow' } },
      { value: 0x0d, word: 'red', text: { 'zh-CN': '红码', en: 'Red' } },
      { value: 0x0e, word: 'pending', text: { 'zh-CN': '审核中', en: 'Under review' } },
    ],
    restricted: true,
    maxAgeSeconds: 300,
  },
  policy: {
    id: 'health-code-default',
    version: 1,
    rules: [
      { id: 'red', decision: 'refuse', text: { 'zh-CN': '红码', en: 'Red code' }, when: { status: ['red'] } },
      {
        id: 'yellow',
        decision: 'hold',
        text: { 'zh-CN': '黄码，请测温并询问', en: 'Yellow code: take the temperature and ask' },
        when: { status: ['yellow'] },
      },
      {
        id: 'pending',
        decision: 'hold',
        text: { 'zh-CN': '审核中，请查验其他证明', en: 'Under review: ask for other proof' },
        when: { status: ['pending'] },
      },
      {
        id: 'green',
        decision: 'admit',
        text: { 'zh-CN': '绿码', en: 'Green code' },
        when: { status: ['green'] },
      },
    ],
  },
};
