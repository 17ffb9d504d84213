// 居民身份证. Its number is the citizen number; a code carries it masked, for the match with the card itself.

import type { Kind } from '../kind.js';
import { ISSUED, LICENCE_ID, PERSON, REGION, TERM } from './common-fields.js';
import { LICENCE_STATUS, OPEN_ENDED, termPolicy } from './licence-rules.js';
import { addressField, birthField, nationField, sexField } from './own-fields.js';

export const ID_CARD: Kind = {
  name: 'id-card',
  number: 5,
  title: { 'zh-CN': '居民身份证', en: 'Resident identity card' },
  subject: 'person',
  fields: [
    ...PERSON,
    ...ISSUED,
    ...TERM,
    REGION,
    LICENCE_ID,
    sexField(20),
    { ...nationField(21), required: true },
    birthField(22),
    addressField(23),
  ],
  validity: OPEN_ENDED,
  status: LICENCE_STATUS,
  policy: termPolicy('id-card'),
};
