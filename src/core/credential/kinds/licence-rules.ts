// Status, validity and default policy that licences share.

import type { Kind, Policy, PolicyRule } from '../kind.js';

const DAY = 86_400;

/** Licences publish 2 bits: valid, revoked, suspended. A verifier may be a day behind. */
export const LICENCE_STATUS: Kind['status'] = {
  bits: 2,
  meanings: [{ value: 0, word: 'valid', text: { 'zh-CN': '有效', en: 'Valid' } }],
  restricted: false,
  maxAgeSeconds: DAY,
};

/** May be without end (长期). */
export const OPEN_ENDED: Kind['validity'] = { defaultSeconds: null, maxSeconds: null };

/** A term of whole years; a leap day a year is allowed for. */
export function yearsOfValidity(years: number): Kind['validity'] {
  return { defaultSeconds: years * 365 * DAY, maxSeconds: years * 366 * DAY };
}

const DATED_AHEAD = {
  id: 'dated-ahead',
  decision: 'refuse',
  text: { 'zh-CN': '证照所载日期晚于今天', en: 'The licence tells of a day that has not come' },
} as const;

const NOT_BEGUN: PolicyRule = {
  id: 'term-not-begun',
  decision: 'refuse',
  text: { 'zh-CN': '证照所载有效期尚未开始', en: 'The term printed on the licence has not begun' },
  when: { dateAhead: ['validFrom'] },
};

const ENDED: PolicyRule = {
  id: 'term-ended',
  decision: 'refuse',
  text: { 'zh-CN': '证照所载有效期已过', en: 'The term printed on the licence has ended' },
  when: { datePassed: 'validTo' },
};

const VALID: PolicyRule = {
  id: 'valid',
  decision: 'admit',
  text: { 'zh-CN': '证照有效', en: 'The licence is valid' },
  when: { status: ['valid'] },
};

/** Holds when the named date lies before today. */
export function holdAfter(id: string, datePassed: string, text: PolicyRule['text']): PolicyRule {
  return { id, decision: 'hold', text, when: { datePassed } };
}

/** What a kind adds to the rules that licences share. */
export interface OwnRules {
  /** Date fields besides `issuedOn` that tell of something done. */
  readonly happened?: readonly string[];
  readonly own?: readonly PolicyRule[];
}

/** A kind without a printed term: refused when dated ahead, then its own rules, then valid admits. */
export function openPolicy(kind: string, { happened = [], own = [] }: OwnRules = {}): Policy {
  const datedAhead = { ...DATED_AHEAD, when: { dateAhead: ['issuedOn', ...happened] } };
  return { id: `${kind}-default`, version: 1, rules: [datedAhead, ...own, VALID] };
}

/**
 * A kind with `validFrom` and `validTo`: refused before the one and after the other, even where the issuer signed no
 * times.
 */
export function termPolicy(kind: string, { own = [], ...rest }: OwnRules = {}): Policy {
  return openPolicy(kind, { ...rest, own: [NOT_BEGUN, ENDED, ...own] });
}
