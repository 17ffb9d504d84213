// The first page's words beside those that all pages share.

import { createSayOf, type Language, type SayOf } from '../shared/language.js';
import type { SpokenLanguage } from '../shared/use-language.js';
import { en } from '../shared/words/en.js';
import { type WordKey, zhCn } from '../shared/words/zh-cn.js';
import { homeEn } from './words/en.js';
import { type HomeWordKey, homeZhCn } from './words/zh-cn.js';

const TABLES = { 'zh-CN': { ...zhCn, ...homeZhCn }, en: { ...en, ...homeEn } };

export type HomeSay = SayOf<WordKey | HomeWordKey>;
export type HomeSpoken = SpokenLanguage<HomeSay>;

export function createHomeSay(language: Language): HomeSay {
  return createSayOf(TABLES[language]);
}
