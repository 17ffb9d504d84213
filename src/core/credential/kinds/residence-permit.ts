// 居住证, endorsed each year.

import type { Kind } from '../kind.js';
import { ISSUED, LICENCE_ID, LIMITED_TERM, NUMBER, PERSON, REGION } from './common-fields.js';
import { LICENCE_STATUS, termPolicy, yearsOfValidity } from './licence-rules.js';
import { addressField, nationField, sexField } from './own-fields.js';

export const RESIDENCE_PERMIT: Kind = {
  name: 'residence-permit',
  number: 8,
  title: { 'zh-CN': '居住证', en: 'Residence permit' },
  subject: 'person',
  fields: [
    { ...NUMBER, required: false },
    ...PERSON,
    ...ISSUED,
    ...LIMITED_TERM,
    REGION,
    LICENCE_ID,
    sexField(20),
    nationField(21),
    {
      ...addressField(22),
      name: 'homeAddress',
      label: { 'zh-CN': '户籍住址', en: 'Registered home address' },
    },
    { ...addressField(23), label: { 'zh-CN': '居住地址', en: 'Address of residence' }, required: true },
  ],
  validity: yearsOfValidity(1),
  status: LICENCE_STATUS,
  policy: termPolicy('residence-permit'),
};
