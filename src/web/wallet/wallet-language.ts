// The wallet's words beside those that all pages share.

import { createSayOf, type Language, type SayOf } from '../shared/language.js';
import type { SpokenLanguage } from '../shared/use-language.js';
import { en } from '../shared/words/en.js';
import { type WordKey, zhCn } from '../shared/words/zh-cn.js';
import { walletEn } from './words/en.js';
import { type WalletWordKey, walletZhCn } from './words/zh-cn.js';

const TABLES = { 'zh-CN': { ...zhCn, ...walletZhCn }, en: { ...en, ...walletEn } };

export type WalletSay = SayOf<WordKey | WalletWordKey>;
export type WalletSpoken = SpokenLanguage<WalletSay>;

export function createWalletSay(language: Language): WalletSay {
  return createSayOf(TABLES[language]);
}
