// What the doctor says: one finding a line, with what to do about it.

import type { Text } from '../../core/errors/reasons.js';

export interface Finding {
  readonly level: 'ok' | 'warn' | 'fail';
  /** Stable word for what was looked at. */
  readonly check: string;
  readonly text: Text;
  readonly todo?: Text;
}

export function ok(check: string, zh: string, en: string): Finding {
  return { level: 'ok', check, text: { 'zh-CN': zh, en } };
}

export function warn(check: string, text: Text, todo: Text): Finding {
  return { level: 'warn', check, text, todo };
}

export function fail(check: string, text: Text, todo: Text): Finding {
  return { level: 'fail', check, text, todo };
}

/** A sentence that exists in one language alone. */
export function untranslated(sentence: string): Text {
  return { 'zh-CN': sentence, en: sentence };
}
