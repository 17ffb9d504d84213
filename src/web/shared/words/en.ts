// The words that all pages share, in English.

import type { Words } from './zh-cn.js';

export const en: Words = {
  'page.title': 'Yima 一码',
  'language.label': 'Language',

  'check.envelope': 'Format',
  'check.key': 'Issuer’s key',
  'check.signature': 'Signature',
  'check.time': 'Time',
  'check.claims': 'Contents',
  'check.status': 'Status',
  'check.holder': 'Holder’s device',
  'check.policy': 'Local policy',
  'result.pass': 'Pass',
  'result.refuse': 'Fail',
  'result.hold': 'To be checked',
  'result.indeterminate': 'Cannot tell',
  'result.not_reached': 'Not reached',
  'result.not_applicable': 'Does not apply',

  'age.now': 'Just updated',
  'age.seconds': '{n} s ago',
  'age.minutes': '{n} min ago',
  'age.hours': '{n} h ago',
  'age.days': '{n} d ago',
  'left.minutes': '{n} min',
  'left.hours': '{h} h {m} min',
  'left.days': '{d} d {h} h',
};
