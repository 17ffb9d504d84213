// The scanner's words beside those that all pages share.

import { createSayOf, type Language, type SayOf } from '../shared/language.js';
import type { SpokenLanguage } from '../shared/use-language.js';
import { en } from '../shared/words/en.js';
import { type WordKey, zhCn } from '../shared/words/zh-cn.js';
import { scanEn } from './words/en.js';
import { type ScanWordKey, scanZhCn } from './words/zh-cn.js';

const TABLES = {
  'zh-CN': { ...zhCn, ...scanZhCn, 'page.title': '核验 · 一码 Yima' },
  en: { ...en, ...scanEn, 'page.title': 'Scanner · Yima 一码' },
};

export type ScanSay = SayOf<WordKey | ScanWordKey>;
export type ScanSpoken = SpokenLanguage<ScanSay>;

export function createScanSay(language: Language): ScanSay {
  return createSayOf<WordKey | ScanWordKey>(TABLES[language]);
}
