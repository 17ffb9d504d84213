// What a printed code says, in both languages. It says of itself that it opens nothing without a scan.

import type { Text } from '../../core/errors/reasons.js';

export const SHEET_WORDS = {
  paperCode: { 'zh-CN': '纸质码', en: 'Paper code' },
  until: { 'zh-CN': '有效期至', en: 'Valid until' },
  noEnd: { 'zh-CN': '长期有效', en: 'Without end' },
  issuer: { 'zh-CN': '签发', en: 'Issued by' },
  shortId: { 'zh-CN': '短号', en: 'Short id' },
  staff: { 'zh-CN': '工作人员请扫此码，并核对身份证件', en: 'Staff scan this; compare the ID card' },
  noPass: { 'zh-CN': '本码须扫描核验，单凭此纸不能通行', en: 'Not a pass by itself' },
  lost: { 'zh-CN': '遗失请凭短号向签发机构挂失', en: 'Lost? Report the short id to the issuer' },
  unreadable: {
    'zh-CN': '扫不出来？在核验页面输入短号。',
    en: 'Cannot be scanned? Type the short id at the checkpoint.',
  },
  onlyThis: {
    'zh-CN': '挂失后只作废这一张，手机上的码和其他证照不受影响。',
    en: 'Only this paper dies; the code on a phone and other papers live on.',
  },
  flat: {
    'zh-CN': '请勿折叠或遮挡二维码。更换新纸后，请销毁旧纸。',
    en: 'Do not fold or cover the symbol. Destroy this paper when you have a new one.',
  },
} as const satisfies Record<string, Text>;
