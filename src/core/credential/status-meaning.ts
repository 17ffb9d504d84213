// What a status value means. 1 and 2 mean the same for every kind; the rest is the kind's own (Token Status List, 7).

import type { Kind, StatusMeaning } from './kind.js';

const COMMON: readonly StatusMeaning[] = [
  { value: 1, word: 'revoked', text: { 'zh-CN': '已作废', en: 'Revoked' } },
  { value: 2, word: 'suspended', text: { 'zh-CN': '已暂停', en: 'Suspended' } },
];

/** The registered value 0 of a kind that nobody here knows. */
const VALID: StatusMeaning = { value: 0, word: 'valid', text: { 'zh-CN': '有效', en: 'Valid' } };

/**
 * The meaning of a value, or undefined when it has none for this kind (`status_unknown`). Of an unknown kind (undefined) the
 * registered values alone have a meaning.
 */
export function statusWord(kind: Kind | undefined, value: number): StatusMeaning | undefined {
  return (
    COMMON.find((meaning) => meaning.value === value) ??
    (kind === undefined ? [VALID] : kind.status.meanings).find((meaning) => meaning.value === value)
  );
}
