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

/** A kind without a printed term: its own rules, then valid admits. */
export function openPolicy(kind: string, own: readonly PolicyRule[] = []): Policy {
  return { id: `${kind}-default`, version: 1, rules: [...own, VALID] };
}

/** A kind with `validTo`: once that day has passed it is refused, even where the issuer signed no expiry. */
export function termPolicy(kind: string, own: readonly PolicyRule[] = []): Policy {
  return openPolicy(kind, [ENDED, ...own]);
}
