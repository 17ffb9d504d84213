// Which language a page speaks, and its words. Pure: what the browser remembers and prefers comes in as arguments.

import type { Text } from '../../core/errors/reasons.js';
import type { WordKey } from './words/zh-cn.js';

export type Language = keyof Text;

export const LANGUAGES = [
  { id: 'zh-CN', name: '中文' },
  { id: 'en', name: 'English' },
] as const satisfies readonly { readonly id: Language; readonly name: string }[];

/** The remembered language if it is one of ours, else Chinese for any preferred `zh-…`, else English. */
export function chooseLanguage(remembered: string | null, preferred: string): Language {
  const known = LANGUAGES.find((language) => language.id === remembered);
  if (known !== undefined) return known.id;
  return /^zh\b/i.test(preferred) ? 'zh-CN' : 'en';
}

/** Looks a word up and puts `params` into its `{name}` marks. */
export type SayOf<Key extends string> = (
  key: Key,
  params?: Readonly<Record<string, string | number>>,
) => string;
/** What code that pages share may say. */
export type Say = SayOf<WordKey>;

export function createSayOf<Key extends string>(words: Readonly<Record<Key, string>>): SayOf<Key> {
  return (key, params = {}) =>
    words[key].replace(/\{([a-z]+)\}/gi, (_mark, name: string) => String(params[name] ?? '…'));
}
