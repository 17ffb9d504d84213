// 食品经营许可证. A public register: nothing is masked.

import type { Kind } from '../kind.js';
import { ISSUED, LICENCE_ID, LIMITED_TERM, NUMBER, ORGANISATION, REGION } from './common-fields.js';
import { LICENCE_STATUS, termPolicy, yearsOfValidity } from './licence-rules.js';
import { addressField } from './own-fields.js';

export const FOOD_BUSINESS: Kind = {
  name: 'food-business',
  number: 11,
  title: { 'zh-CN': '食品经营许可证', en: 'Food business licence' },
  subject: 'organisation',
  fields: [
    NUMBER,
    ...ORGANISATION,
    ...ISSUED,
    ...LIMITED_TERM,
    REGION,
    LICENCE_ID,
    { ...addressField(20), label: { 'zh-CN': '经营场所', en: 'Place of business' }, required: true },
    {
      key: 21,
      name: 'format',
      label: { 'zh-CN': '主体业态', en: 'Business format' },
      type: 'text',
      required: true,
      maxLength: 40,
    },
    {
      key: 22,
      name: 'items',
      label: { 'zh-CN': '经营项目', en: 'Items' },
      type: 'text',
      required: true,
      maxLength: 100,
    },
    {
      key: 23,
      name: 'head',
      label: { 'zh-CN': '负责人', en: 'Person in charge' },
      type: 'text',
      maxLength: 50,
    },
  ],
  validity: yearsOfValidity(5),
  status: LICENCE_STATUS,
  policy: termPolicy('food-business'),
};
