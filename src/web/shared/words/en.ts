// The words that all pages share, in English.

import type { Words } from './zh-cn.js';

export const en: Words = {
  'page.title': 'Yima 一码',
  'language.label': 'Language',

  'age.now': 'Just updated',
  'age.seconds': '{n} s ago',
  'age.minutes': '{n} min ago',
  'age.hours': '{n} h ago',
  'age.days': '{n} d ago',
  'left.minutes': '{n} min',
  'left.hours': '{h} h {m} min',
  'left.days': '{d} d {h} h',
};
