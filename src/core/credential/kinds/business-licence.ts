// 营业执照. A public register: nothing is masked. The scope is too long for a code, so its hash stands for it.

import type { Kind } from '../kind.js';
import { ISSUED, LICENCE_ID, NUMBER, ORGANISATION, REGION, TERM } from './common-fields.js';
import { holdAfter, LICENCE_STATUS, OPEN_ENDED, termPolicy } from './licence-rules.js';

export const BUSINESS_LICENCE: Kind = {
  name: 'business-licence',
  number: 2,
  title: { 'zh-CN': '营业执照', en: 'Business licence' },
  subject: 'organisation',
  fields: [
    { ...NUMBER, required: false },
    ...ORGANISATION,
    ...ISSUED,
    ...TERM,
    REGION,
    LICENCE_ID,
    {
      key: 20,
      name: 'type',
      label: { 'zh-CN': '类型', en: 'Type' },
      type: 'text',
      required: true,
      maxLength: 50,
    },
    {
      // Partner, investor or operator, by type.
      key: 21,
      name: 'legalRep',
      label: { 'zh-CN': '法定代表人（负责人、经营者）', en: 'Legal representative' },
      type: 'text',
      required: true,
      maxLength: 50,
    },
    {
      // A sole trader has none.
      key: 22,
      name: 'capital',
      label: { 'zh-CN': '注册资本', en: 'Registered capital' },
      type: 'text',
      maxLength: 30,
    },
    {
      key: 23,
      name: 'establishedOn',
      label: { 'zh-CN': '成立日期', en: 'Established on' },
      type: 'date',
      required: true,
      happened: true,
    },
    {
      key: 24,
      name: 'address',
      label: { 'zh-CN': '住所', en: 'Address' },
      type: 'text',
      required: true,
      maxLength: 80,
    },
    {
      // base64url of SHA-256 over the scope's UTF-8 text.
      key: 25,
      name: 'scopeHash',
      label: { 'zh-CN': '经营范围摘要', en: 'Hash of the business scope' },
      type: 'code',
      maxLength: 43,
    },
    {
      key: 26,
      name: 'termTo',
      label: { 'zh-CN': '营业期限至', en: 'Term of business to' },
      type: 'date',
      notBefore: 'establishedOn',
    },
    { key: 27, name: 'copyNo', label: { 'zh-CN': '副本号', en: 'Copy number' }, type: 'code', maxLength: 16 },
  ],
  validity: OPEN_ENDED,
  status: LICENCE_STATUS,
  policy: termPolicy('business-licence', {
    happened: ['establishedOn'],
    own: [
      holdAfter('term-of-business-ended', 'termTo', {
        'zh-CN': '营业期限已过，请核对登记信息',
        en: 'Term of business has ended: check the register',
      }),
    ],
  }),
};
