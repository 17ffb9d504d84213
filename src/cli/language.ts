// Which language people are spoken to in, and text from outside made safe for a terminal.

import type { Text } from '../core/errors/reasons.js';

export type Language = keyof Text;

/** As POSIX has it: LC_ALL before LC_MESSAGES before LANG. Anything that is not Chinese is English. */
export function languageOf(env: Readonly<Record<string, string | undefined>>): Language {
  const locale = env['LC_ALL'] || env['LC_MESSAGES'] || env['LANG'] || '';
  return /^zh/i.test(locale) ? 'zh-CN' : 'en';
}

/** Controls, bidi overrides, zero widths and lone surrogates, which could rewrite the screen, as a visible mark. */
export function printable(text: string): string {
  return text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '\ufffd');
}

/** JSON on one line whose strings cannot steer a terminal either: still the same value. */
export function printableJson(value: unknown): string {
  const codePoint = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return JSON.stringify(value).replace(
    /[\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g,
    codePoint,
  );
}

/** Columns a terminal gives to a text: two to an ideograph or full-width form. */
function width(text: string): number {
  let columns = 0;
  for (const character of text) {
    columns +=
      /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/.test(
        character,
      )
        ? 2
        : 1;
  }
  return columns;
}

/** Rows as aligned columns, the last one left as long as it is; each line ends with a newline. */
export function columns(rows: readonly (readonly string[])[], gap = 2): string {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, i) => {
      widths[i] = Math.max(widths[i] ?? 0, width(cell));
    });
  }
  const pad = (cell: string, i: number, row: readonly string[]): string =>
    i === row.length - 1 ? cell : cell + ' '.repeat((widths[i] ?? 0) - width(cell) + gap);
  return rows.map((row) => `${row.map(pad).join('').trimEnd()}\n`).join('');
}
