// A kind's policy on a credential that passed every other rung: the first rule that matches decides.

import type { Text } from '../errors/reasons.js';
import type { Claims, Policy, PolicyCondition, PolicyRule } from './kind.js';

export interface PolicyFacts {
  readonly statusWord: string;
  readonly claims: Claims;
  /** 'YYYY-MM-DD', China Standard Time. */
  readonly today: string;
}

export interface PolicyDecision {
  readonly decision: PolicyRule['decision'];
  /** null when no rule matched: what nobody decided is held. */
  readonly ruleId: string | null;
  readonly text: Text;
}

const NO_RULE: PolicyDecision = {
  decision: 'hold',
  ruleId: null,
  text: { 'zh-CN': '没有适用的规则', en: 'No rule covers this case' },
};

function matches(when: PolicyCondition, facts: PolicyFacts): boolean {
  if ('status' in when) return when.status.includes(facts.statusWord);
  if ('always' in when) return true;
  const name = 'claim' in when ? when.claim : when.datePassed;
  const value = Object.hasOwn(facts.claims, name) ? facts.claims[name] : undefined;
  if (typeof value !== 'string') return false;
  // Dates are written year first, so their order as text is their order in time. A date's own day has not passed.
  return 'claim' in when ? when.oneOf.includes(value) : value < facts.today;
}

/** What the policy says, or null when there is none: then nobody decided for this kind (`no_policy`). */
export function applyPolicy(policy: Policy | null, facts: PolicyFacts): PolicyDecision | null {
  if (policy === null) return null;
  const rule = policy.rules.find((each) => matches(each.when, facts));
  return rule === undefined ? NO_RULE : { decision: rule.decision, ruleId: rule.id, text: rule.text };
}
