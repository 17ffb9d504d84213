// 社会保障卡. holderId is the social security number; the card's own state decides beside the status list.

import type { Kind } from '../kind.js';
import { ISSUED, LICENCE_ID, PERSON, REGION, TERM } from './common-fields.js';
import { LICENCE_STATUS, OPEN_ENDED, termPolicy } from './licence-rules.js';

export const SOCIAL_SECURITY_CARD: Kind = {
  name: 'social-security-card',
  number: 6,
  title: { 'zh-CN': '社会保障卡', en: 'Social security card' },
  subject: 'person',
  fields: [
    ...PERSON,
    ...ISSUED,
    ...TERM,
    REGION,
    LICENCE_ID,
    {
      key: 20,
      name: 'cardNo',
      label: { 'zh-CN': '卡号', en: 'Card number' },
      type: 'code',
      required: true,
      maxLength: 24,
      mask: 'id',
      carry: 'masked',
    },
    {
      key: 21,
      name: 'cardState',
      label: { 'zh-CN': '卡状态', en: 'Card state' },
      type: 'choice',
      required: true,
      choices: [
        { number: 1, value: 'normal', text: { 'zh-CN': '正常', en: 'Normal' } },
        { number: 2, value: 'sealed', text: { 'zh-CN': '封存', en: 'Sealed' } },
        { number: 3, value: 'lost', text: { 'zh-CN': '挂失', en: 'Reported lost' } },
        { number: 4, value: 'cancelled', text: { 'zh-CN': '注销', en: 'Cancelled' } },
      ],
    },
  ],
  validity: OPEN_ENDED,
  status: LICENCE_STATUS,
  policy: termPolicy('social-security-card', {
    own: [
      {
        id: 'card-cancelled',
        decision: 'refuse',
        text: { 'zh-CN': '社保卡已注销', en: 'The card is cancelled' },
        when: { claim: 'cardState', oneOf: ['cancelled'] },
      },
      {
        id: 'card-lost',
        decision: 'refuse',
        text: { 'zh-CN': '社保卡已挂失', en: 'The card was reported lost' },
        when: { claim: 'cardState', oneOf: ['lost'] },
      },
      {
        id: 'card-sealed',
        decision: 'hold',
        text: {
          'zh-CN': '社保卡已封存，请向人社部门核实',
          en: 'The card is sealed: ask the social security office',
        },
        when: { claim: 'cardState', oneOf: ['sealed'] },
      },
    ],
  }),
};
