// Fields that every kind shares, keys 1 to 19; a kind's own begin at 20. A key that was ever used is never reused.

import type { Choice, Field } from '../kind.js';

const CITIZEN: Choice = {
  number: 111,
  value: '111',
  text: { 'zh-CN': '居民身份证', en: 'Resident identity card' },
};
const CREDIT: Choice = {
  number: 1,
  value: '001',
  text: { 'zh-CN': '统一社会信用代码', en: 'Unified social credit code' },
};

/** Codes of the shared services' holder types: the person's documents. */
export const PERSON_ID_TYPES: readonly Choice[] = [
  CITIZEN,
  { number: 414, value: '414', text: { 'zh-CN': '护照', en: 'Passport' } },
  { number: 511, value: '511', text: { 'zh-CN': '台湾居民来往大陆通行证', en: 'Travel permit, Taiwan' } },
  {
    number: 516,
    value: '516',
    text: { 'zh-CN': '港澳居民来往内地通行证', en: 'Travel permit, HK and Macao' },
  },
  { number: 553, value: '553', text: { 'zh-CN': '外国人永久居留身份证', en: "Foreigner's residence card" } },
];

/** Number of the licence, as printed on it. */
export const NUMBER: Field = {
  key: 1,
  name: 'number',
  label: { 'zh-CN': '证照编号', en: 'Licence number' },
  type: 'code',
  required: true,
  maxLength: 32,
};

const HOLDER_NAME = { key: 2, name: 'holderName', type: 'text', required: true } as const;
const HOLDER_ID_TYPE = {
  key: 3,
  name: 'holderIdType',
  label: { 'zh-CN': '证件类型', en: 'Identity document' },
  type: 'choice',
  required: true,
} as const;
/** A photographed code reveals no person's full number: the code carries the masked form. */
const HOLDER_ID = {
  key: 4,
  name: 'holderId',
  type: 'holder-id',
  required: true,
  mask: 'id',
  carry: 'masked',
} as const;

export const PERSON: readonly Field[] = [
  { ...HOLDER_NAME, label: { 'zh-CN': '姓名', en: 'Name' }, maxLength: 50, mask: 'name' },
  { ...HOLDER_ID_TYPE, choices: PERSON_ID_TYPES },
  { ...HOLDER_ID, label: { 'zh-CN': '证件号码', en: 'Identity number' } },
];

/** An organisation's name and credit code are in the public register: shown in full. */
export const ORGANISATION: readonly Field[] = [
  { ...HOLDER_NAME, label: { 'zh-CN': '名称', en: 'Name' }, maxLength: 80 },
  { ...HOLDER_ID_TYPE, choices: [CREDIT] },
  { ...HOLDER_ID, label: { 'zh-CN': '统一社会信用代码', en: 'Unified social credit code' } },
];

/** A person or an organisation: `holderIdType` tells which, and so whether name and number are masked. */
export const EITHER: readonly Field[] = [
  { ...HOLDER_NAME, label: { 'zh-CN': '所有人', en: 'Owner' }, maxLength: 80, mask: 'name' },
  { ...HOLDER_ID_TYPE, choices: [CREDIT, ...PERSON_ID_TYPES] },
  { ...HOLDER_ID, label: { 'zh-CN': '所有人证件号码', en: "Owner's number" } },
];

/** Who issued it, and when. */
export const ISSUED: readonly Field[] = [
  {
    key: 5,
    name: 'issuerName',
    label: { 'zh-CN': '发证机关', en: 'Issuing authority' },
    type: 'text',
    required: true,
    maxLength: 50,
  },
  {
    key: 6,
    name: 'issuedOn',
    label: { 'zh-CN': '发证日期', en: 'Issued on' },
    type: 'date',
    required: true,
    happened: true,
  },
];

const VALID_FROM: Field = {
  key: 7,
  name: 'validFrom',
  label: { 'zh-CN': '有效期起始', en: 'Valid from' },
  type: 'date',
};
const VALID_TO: Field = {
  key: 8,
  name: 'validTo',
  label: { 'zh-CN': '有效期至', en: 'Valid to' },
  type: 'date',
  notBefore: 'validFrom',
};

/** The printed term; `validTo` absent means without end (长期). */
export const TERM: readonly Field[] = [VALID_FROM, VALID_TO];

/** The term of a licence that is never without end. */
export const LIMITED_TERM: readonly Field[] = [VALID_FROM, { ...VALID_TO, required: true }];

export const REGION: Field = {
  key: 9,
  name: 'region',
  label: { 'zh-CN': '签发地区', en: 'Issuing region' },
  type: 'region',
  required: true,
};

/** Identifier of the electronic licence this code stands for, where it has one. */
export const LICENCE_ID: Field = {
  key: 10,
  name: 'licenceId',
  label: { 'zh-CN': '电子证照标识', en: 'E-licence identifier' },
  type: 'licence-id',
};
