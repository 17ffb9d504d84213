// The sentences of a reason with their marks filled in, each language with its own words.

import { localDateTime } from '../codec/calendar.js';
import { fillText, REASONS, type ReasonCode, type Text } from '../errors/reasons.js';

/** What the marks of the reasons stand for; a mark without a value is shown as an ellipsis. */
export type TextParams = Readonly<
  Partial<Record<'t' | 'exp' | 'nbf' | 'now' | 'rule' | 'region' | 'age' | 'n', Text>>
>;

function both(text: string): Text {
  return { 'zh-CN': text, en: text };
}

/** A time as text, China Standard Time. */
export function timeText(epochSeconds: number): Text {
  return both(localDateTime(epochSeconds));
}

const UNITS = [
  { seconds: 86_400, 'zh-CN': '天', en: 'd' },
  { seconds: 3_600, 'zh-CN': '小时', en: 'h' },
  { seconds: 60, 'zh-CN': '分钟', en: 'min' },
  { seconds: 1, 'zh-CN': '秒', en: 's' },
] as const;

/** A length of time in its largest unit of which there are at least two, rounded down: 90 s, 2 min, 47 h, 2 d. */
export function durationText(seconds: number): Text {
  const unit = UNITS.find((each) => seconds >= 2 * each.seconds) ?? UNITS[3];
  const count = Math.floor(seconds / unit.seconds);
  return { 'zh-CN': `${count} ${unit['zh-CN']}`, en: `${count} ${unit.en}` };
}

export function countText(count: number): Text {
  return both(String(count));
}

function inLanguage(params: TextParams, language: keyof Text): Record<string, string> {
  const words: Record<string, string> = {};
  for (const [name, text] of Object.entries(params)) words[name] = text[language];
  return words;
}

export function reasonText(reason: ReasonCode, params: TextParams): Text {
  const { text } = REASONS[reason];
  if (!text.en.includes('{') && !text['zh-CN'].includes('{')) return text;
  return {
    'zh-CN': fillText(text, inLanguage(params, 'zh-CN'))['zh-CN'],
    en: fillText(text, inLanguage(params, 'en')).en,
  };
}
