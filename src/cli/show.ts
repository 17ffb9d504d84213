// How commands print: for machines one JSON value a line, for people aligned lines in their language.

import { localDateTime } from '../core/codec/calendar.js';
import type { Text } from '../core/errors/reasons.js';
import type { Call } from './command.js';
import { columns, printable, printableJson } from './language.js';
import type { Terminal } from './terminal.js';

/** Prints the value as JSON, or the text that `describe` makes of it. */
export function print(
  call: Pick<Call, 'json'>,
  terminal: Terminal,
  value: unknown,
  describe: () => string,
): void {
  terminal.out(call.json ? `${printableJson(value)}\n` : describe());
}

/** A label and what stands behind it; null leaves the line out. */
export type Fact = readonly [label: Text, value: string | number | null];

/** Values are made safe for the terminal here. */
export function facts(rows: readonly Fact[], { language }: Pick<Terminal, 'language'>): string {
  return columns(
    rows.flatMap(([label, value]) => (value === null ? [] : [[label[language], printable(String(value))]])),
  );
}

const NO_END: Text = { 'zh-CN': '长期', en: 'no end' };

/** An instant in China Standard Time; null is a validity without end. */
export function instant(epochSeconds: number | null, { language }: Pick<Terminal, 'language'>): string {
  return epochSeconds === null ? NO_END[language] : localDateTime(epochSeconds);
}
