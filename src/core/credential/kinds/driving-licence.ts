// 驾驶证. Its number is the holder's number, so it has no number of its own besides the file number.

import type { Kind } from '../kind.js';
import { ISSUED, LICENCE_ID, PERSON, REGION, TERM } from './common-fields.js';
import { LICENCE_STATUS, OPEN_ENDED, termPolicy } from './licence-rules.js';
import { addressField, birthField, nationalityField, sexField } from './own-fields.js';

export const DRIVING_LICENCE: Kind = {
  name: 'driving-licence',
  number: 3,
  title: { 'zh-CN': '机动车驾驶证', en: 'Driving licence' },
  subject: 'person',
  fields: [
    ...PERSON,
    ...ISSUED,
    ...TERM,
    REGION,
    LICENCE_ID,
    sexField(20),
    nationalityField(21),
    addressField(22),
    birthField(23),
    {
      key: 24,
      name: 'firstIssuedOn',
      label: { 'zh-CN': '初次领证日期', en: 'First issued on' },
      type: 'date',
      required: true,
      happened: true,
    },
    {
      key: 25,
      name: 'classes',
      label: { 'zh-CN': '准驾车型', en: 'Vehicle classes' },
      type: 'code',
      required: true,
      maxLength: 20,
    },
    {
      key: 26,
      name: 'fileNo',
      label: { 'zh-CN': '档案编号', en: 'File number' },
      type: 'code',
      maxLength: 16,
    },
    { key: 27, name: 'points', label: { 'zh-CN': '累积记分', en: 'Points' }, type: 'integer' },
  ],
  validity: OPEN_ENDED,
  status: LICENCE_STATUS,
  policy: termPolicy('driving-licence', { happened: ['firstIssuedOn'] }),
};
