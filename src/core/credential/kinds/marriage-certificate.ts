// 结婚证. Each spouse holds a copy; the other one appears masked, since only the holder consented.

import type { Field, Kind } from '../kind.js';
import { ISSUED, LICENCE_ID, NUMBER, PERSON, PERSON_ID_TYPES, REGION } from './common-fields.js';
import { LICENCE_STATUS, OPEN_ENDED, openPolicy } from './licence-rules.js';
import { birthField, nationalityField, sexField } from './own-fields.js';

const SPOUSE: readonly Field[] = [
  {
    key: 28,
    name: 'spouseName',
    label: { 'zh-CN': '配偶姓名', en: "Spouse's name" },
    type: 'text',
    required: true,
    maxLength: 50,
    idType: 'spouseIdType',
    mask: 'name',
    carry: 'masked',
  },
  {
    ...sexField(29),
    name: 'spouseSex',
    label: { 'zh-CN': '配偶性别', en: "Spouse's sex" },
    partOf: { number: 'spouseIdNo', part: 'sex' },
  },
  {
    ...nationalityField(30),
    name: 'spouseNationality',
    label: { 'zh-CN': '配偶国籍', en: "Spouse's nationality" },
  },
  {
    ...birthField(31),
    name: 'spouseBirth',
    label: { 'zh-CN': '配偶出生日期', en: "Spouse's date of birth" },
    partOf: { number: 'spouseIdNo', part: 'birth' },
  },
  {
    key: 33,
    name: 'spouseIdType',
    label: { 'zh-CN': '配偶证件类型', en: "Spouse's identity document" },
    type: 'choice',
    required: true,
    choices: PERSON_ID_TYPES,
  },
  {
    key: 32,
    name: 'spouseIdNo',
    label: { 'zh-CN': '配偶证件号码', en: "Spouse's identity number" },
    type: 'holder-id',
    required: true,
    idType: 'spouseIdType',
    mask: 'id',
    carry: 'masked',
  },
];

export const MARRIAGE_CERTIFICATE: Kind = {
  name: 'marriage-certificate',
  number: 7,
  title: { 'zh-CN': '结婚证', en: 'Marriage certificate' },
  subject: 'person',
  fields: [
    { ...NUMBER, label: { 'zh-CN': '结婚证字号', en: 'Certificate number' } },
    ...PERSON,
    ...ISSUED,
    REGION,
    LICENCE_ID,
    {
      key: 20,
      name: 'registeredOn',
      label: { 'zh-CN': '登记日期', en: 'Registered on' },
      type: 'date',
      required: true,
      happened: true,
    },
    {
      key: 21,
      name: 'registrar',
      label: { 'zh-CN': '婚姻登记员', en: 'Registrar' },
      type: 'text',
      maxLength: 50,
    },
    { key: 22, name: 'remark', label: { 'zh-CN': '备注', en: 'Remark' }, type: 'text', maxLength: 50 },
    // Keys 23 and 27 would be the holder's own name and number, which stand under 2 and 4.
    sexField(24),
    nationalityField(25),
    birthField(26),
    ...SPOUSE,
  ],
  validity: OPEN_ENDED,
  status: LICENCE_STATUS,
  policy: openPolicy('marriage-certificate', { happened: ['registeredOn'] }),
};
