// 特种作业操作证: six years, reviewed at three. Its number is T and the citizen number, so a code carries it masked.

import type { Kind } from '../kind.js';
import { ISSUED, LICENCE_ID, LIMITED_TERM, NUMBER, PERSON, REGION } from './common-fields.js';
import { holdAfter, LICENCE_STATUS, termPolicy, yearsOfValidity } from './licence-rules.js';

export const SPECIAL_OPERATION: Kind = {
  name: 'special-operation',
  number: 12,
  title: { 'zh-CN': '特种作业操作证', en: 'Special operation certificate' },
  subject: 'person',
  fields: [
    { ...NUMBER, mask: 'id', carry: 'masked' },
    ...PERSON,
    ...ISSUED,
    ...LIMITED_TERM,
    REGION,
    LICENCE_ID,
    {
      key: 20,
      name: 'operation',
      label: { 'zh-CN': '作业类别', en: 'Operation' },
      type: 'text',
      required: true,
      maxLength: 30,
    },
    {
      key: 21,
      name: 'item',
      label: { 'zh-CN': '操作项目', en: 'Item' },
      type: 'text',
      required: true,
      maxLength: 30,
    },
    {
      key: 22,
      name: 'reviewBy',
      label: { 'zh-CN': '应复审日期', en: 'Review due by' },
      type: 'date',
      required: true,
      notBefore: 'issuedOn',
    },
  ],
  validity: yearsOfValidity(6),
  status: LICENCE_STATUS,
  policy: termPolicy('special-operation', {
    own: [
      holdAfter('review-overdue', 'reviewBy', {
        'zh-CN': '复审已逾期，请查验复审记录',
        en: 'Review overdue: ask for the record of review',
      }),
    ],
  }),
};
