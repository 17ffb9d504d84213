// 残疾人证. Its number is the citizen number and two digits, so a code carries it masked.

import type { Kind } from '../kind.js';
import { ISSUED, LICENCE_ID, LIMITED_TERM, NUMBER, PERSON, REGION } from './common-fields.js';
import { LICENCE_STATUS, termPolicy, yearsOfValidity } from './licence-rules.js';

export const DISABILITY_CARD: Kind = {
  name: 'disability-card',
  number: 9,
  title: { 'zh-CN': '残疾人证', en: 'Disability card' },
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
      name: 'category',
      label: { 'zh-CN': '残疾类别', en: 'Category' },
      type: 'choice',
      required: true,
      choices: [
        { number: 1, value: 'visual', text: { 'zh-CN': '视力', en: 'Visual' } },
        { number: 2, value: 'hearing', text: { 'zh-CN': '听力', en: 'Hearing' } },
        { number: 3, value: 'speech', text: { 'zh-CN': '言语', en: 'Speech' } },
        { number: 4, value: 'physical', text: { 'zh-CN': '肢体', en: 'Physical' } },
        { number: 5, value: 'intellectual', text: { 'zh-CN': '智力', en: 'Intellectual' } },
        { number: 6, value: 'mental', text: { 'zh-CN': '精神', en: 'Mental' } },
        { number: 7, value: 'multiple', text: { 'zh-CN': '多重', en: 'Multiple' } },
      ],
    },
    {
      key: 21,
      name: 'grade',
      label: { 'zh-CN': '残疾等级', en: 'Grade' },
      type: 'choice',
      required: true,
      choices: [
        { number: 1, value: '1', text: { 'zh-CN': '一级', en: 'Grade 1' } },
        { number: 2, value: '2', text: { 'zh-CN': '二级', en: 'Grade 2' } },
        { number: 3, value: '3', text: { 'zh-CN': '三级', en: 'Grade 3' } },
        { number: 4, value: '4', text: { 'zh-CN': '四级', en: 'Grade 4' } },
      ],
    },
    {
      key: 22,
      name: 'guardian',
      label: { 'zh-CN': '监护人', en: 'Guardian' },
      type: 'text',
      maxLength: 50,
      mask: 'name',
      carry: 'masked',
    },
  ],
  validity: yearsOfValidity(10),
  status: LICENCE_STATUS,
  policy: termPolicy('disability-card'),
};
