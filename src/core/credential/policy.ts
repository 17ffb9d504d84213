// A policy on a credential that passed every other rung: the first rule that matches decides.

import type { Text } from '../errors/reasons.js';
import type { Claims, Policy, PolicyCondition, PolicyRule } from './kind.js';
import { yearsAfter } from './last-day.js';

export interface PolicyFacts {
  readonly statusWord: string;
  readonly claims: Claims;
  /** 'YYYY-MM-DD', China Standard Time. */
  readonly today: string;
}

export interface PolicyDecision {
  readonly policy: Policy;
  /** null when none matched: what nobody decided is held. */
  readonly rule: PolicyRule | null;
  readonly decision: PolicyRule['decision'];
  readonly text: Text;
}

const NO_RULE: Text = { 'zh-CN': '没有适用的规则', en: 'No rule covers this case' };

/** Own members only; a claim that is absent or no text matches nothing. */
function textOf(claims: Claims, name: string): string | undefined {
  const value = Object.hasOwn(claims, name) ? claims[name] : undefined;
  return typeof value === 'string' ? value : undefined;
}

/** Dates are written year first, so their order as text is their order in time. A date's own day has not passed. */
function matches(when: PolicyCondition, { statusWord, claims, today }: PolicyFacts): boolean {
  if ('status' in when) return when.status.includes(statusWord);
  if ('always' in when) return true;
  if ('dateAhead' in when) return when.dateAhead.some((name) => (textOf(claims, name) ?? today) > today);
  if ('datePassed' in when) return (textOf(claims, when.datePassed) ?? today) < today;
  if ('dateOlder' in when) {
    const date = textOf(claims, when.dateOlder.field);
    return date !== undefined && yearsAfter(date, when.dateOlder.years) < today;
  }
  const value = textOf(claims, when.claim);
  return value !== undefined && when.oneOf.includes(value);
}

export function applyPolicy(policy: Policy, facts: PolicyFacts): PolicyDecision {
  for (const rule of policy.rules) {
    if (matches(rule.when, facts)) return { policy, rule, decision: rule.decision, text: rule.text };
  }
  return { policy, rule: null, decision: 'hold', text: NO_RULE };
}
