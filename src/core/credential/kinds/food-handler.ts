// 从业健康证明, good for a year from the examination.

import type { Kind } from '../kind.js';
import { ISSUED, LICENCE_ID, NUMBER, PERSON, REGION, TERM } from './common-fields.js';
import { LICENCE_STATUS, termPolicy, yearsOfValidity } from './licence-rules.js';

export const FOOD_HANDLER: Kind = {
  name: 'food-handler',
  number: 10,
  title: { 'zh-CN': '从业健康证明', en: "Food handler's health certificate" },
  subject: 'person',
  fields: [
    NUMBER,
    ...PERSON,
    ...ISSUED,
    ...TERM,
    REGION,
    LICENCE_ID,
    {
      key: 20,
      name: 'jobType',
      label: { 'zh-CN': '从业类别', en: 'Job type' },
      type: 'text',
      required: true,
      maxLength: 20,
    },
    {
      key: 21,
      name: 'examinedOn',
      label: { 'zh-CN': '体检日期', en: 'Examined on' },
      type: 'date',
      required: true,
      happened: true,
    },
  ],
  validity: yearsOfValidity(1),
  status: LICENCE_STATUS,
  policy: termPolicy('food-handler', {
    happened: ['examinedOn'],
    own: [
      {
        id: 'examination-lapsed',
        decision: 'refuse',
        text: { 'zh-CN': '体检已满一年，请重新体检', en: 'The examination is over a year old' },
        when: { dateOlder: { field: 'examinedOn', years: 1 } },
      },
    ],
  }),
};
