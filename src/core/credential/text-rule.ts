// What text may be put on a credential: visible, in one normal form, and not made to look like another name.

import type { ClaimRule } from './claim-rules.js';

/** Han, ASCII and the middle dot, each one unit of UTF-16 and its own normal form: nearly every text of ours. */
const PLAIN = /^[\x20-\x7e\u00b7\u3400-\u4dbf\u4e00-\u9fff]+$/;

/** Whether it is one of those that nothing has to be asked about but length and spaces. */
export function isPlainText(text: string): boolean {
  return PLAIN.test(text);
}

/**
 * Controls, lone surrogates, private use, non-characters; everything invisible (zero width, bidi, variation selectors);
 * spaces besides U+0020; radicals (U+2E80 to U+2FDF), which look like Han characters and survive NFC; a mark in front.
 */
const FORBIDDEN =
  /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}\p{Default_Ignorable_Code_Point}\u2e80-\u2fdf]|[^\P{Zs} ]|^\p{M}/u;

const BAD_SPACES = /^ | $| {2}/;

/** Scripts whose letters pass for Latin ones. A text may be written in one of them, never in a mixture. */
const LOOKALIKE_SCRIPTS = [
  /\p{Script=Cyrillic}/u,
  /\p{Script=Greek}/u,
  /\p{Script=Armenian}/u,
  /\p{Script=Cherokee}/u,
  /\p{Script=Coptic}/u,
  /\p{Script=Lisu}/u,
  /[\p{Script=Latin}\p{Script=Han}]/u,
] as const;

function codePoints(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

/** True when the text is longer than any writing of `maxLength` code points could be, before work is spent on it. */
export function isOverlong(text: string, maxLength: number): boolean {
  return text.length > maxLength * 4;
}

/**
 * The first rule that the text breaks, or null.
 * @param maxLength in code points
 */
export function findTextFault(text: string, maxLength: number): ClaimRule | null {
  if (text.length === 0) return 'empty';
  if (isOverlong(text, maxLength)) return 'too_long';
  if (BAD_SPACES.test(text)) return 'spaces';
  if (isPlainText(text)) return text.length > maxLength ? 'too_long' : null;
  if (codePoints(text) > maxLength) return 'too_long';
  if (FORBIDDEN.test(text)) return 'characters';
  if (text.normalize('NFC') !== text) return 'not_nfc';
  return LOOKALIKE_SCRIPTS.filter((script) => script.test(text)).length > 1 ? 'mixed_scripts' : null;
}
