// 行驶证. It has no end of its own; an overdue inspection is a matter of policy, not of expiry.

import type { Kind } from '../kind.js';
import { EITHER, ISSUED, LICENCE_ID, NUMBER, REGION } from './common-fields.js';
import { holdAfter, LICENCE_STATUS, OPEN_ENDED, openPolicy } from './licence-rules.js';
import { addressField } from './own-fields.js';

export const VEHICLE_LICENCE: Kind = {
  name: 'vehicle-licence',
  number: 4,
  title: { 'zh-CN': '机动车行驶证', en: 'Vehicle licence' },
  subject: 'either',
  fields: [
    { ...NUMBER, required: false },
    ...EITHER,
    ...ISSUED,
    REGION,
    LICENCE_ID,
    {
      key: 20,
      name: 'plateNo',
      label: { 'zh-CN': '号牌号码', en: 'Plate number' },
      type: 'text',
      required: true,
      maxLength: 10,
    },
    {
      key: 21,
      name: 'plateKind',
      label: { 'zh-CN': '号牌种类', en: 'Plate kind' },
      type: 'text',
      maxLength: 20,
    },
    {
      key: 22,
      name: 'vehicleType',
      label: { 'zh-CN': '车辆类型', en: 'Vehicle type' },
      type: 'text',
      required: true,
      maxLength: 20,
    },
    addressField(23),
    {
      key: 24,
      name: 'use',
      label: { 'zh-CN': '使用性质', en: 'Use' },
      type: 'text',
      required: true,
      maxLength: 20,
    },
    {
      key: 25,
      name: 'model',
      label: { 'zh-CN': '品牌型号', en: 'Make and model' },
      type: 'text',
      maxLength: 40,
    },
    {
      key: 26,
      name: 'vin',
      label: { 'zh-CN': '车辆识别代号', en: 'Vehicle identification number' },
      type: 'code',
      required: true,
      maxLength: 17,
    },
    {
      key: 27,
      name: 'engineNo',
      label: { 'zh-CN': '发动机号码', en: 'Engine number' },
      type: 'code',
      maxLength: 24,
    },
    {
      key: 28,
      name: 'registeredOn',
      label: { 'zh-CN': '注册日期', en: 'Registered on' },
      type: 'date',
      required: true,
      happened: true,
    },
    {
      key: 29,
      name: 'inspectedUntil',
      label: { 'zh-CN': '检验有效期至', en: 'Inspected until' },
      type: 'date',
      required: true,
    },
    {
      key: 30,
      name: 'fileNo',
      label: { 'zh-CN': '档案编号', en: 'File number' },
      type: 'code',
      maxLength: 16,
    },
    { key: 31, name: 'seats', label: { 'zh-CN': '核定载人数', en: 'Seats' }, type: 'integer' },
    {
      key: 32,
      name: 'grossMass',
      label: { 'zh-CN': '总质量（千克）', en: 'Gross mass (kg)' },
      type: 'integer',
    },
    {
      key: 33,
      name: 'curbMass',
      label: { 'zh-CN': '整备质量（千克）', en: 'Curb mass (kg)' },
      type: 'integer',
    },
    {
      key: 34,
      name: 'ratedLoad',
      label: { 'zh-CN': '核定载质量（千克）', en: 'Rated load (kg)' },
      type: 'integer',
    },
    {
      // Length, width and height in millimetres, e.g. 4500x1800x1500.
      key: 35,
      name: 'size',
      label: { 'zh-CN': '外廓尺寸（毫米）', en: 'Size (mm)' },
      type: 'code',
      maxLength: 20,
    },
  ],
  validity: OPEN_ENDED,
  status: LICENCE_STATUS,
  policy: openPolicy('vehicle-licence', {
    happened: ['registeredOn'],
    own: [
      holdAfter('inspection-overdue', 'inspectedUntil', {
        'zh-CN': '车辆检验已过期，请查验检验合格标志',
        en: 'Inspection overdue: ask for proof of inspection',
      }),
    ],
  }),
};
