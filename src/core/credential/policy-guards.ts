// What no region's policy may do, however it reads: admit what the kind itself refuses.

import { guardsDates } from './check-kind.js';
import type { Kind, Policy, PolicyRule } from './kind.js';

/** The decision that a status word alone leads to; null when no rule is about it alone. */
function byStatusAlone(rules: readonly PolicyRule[], word: string): PolicyRule['decision'] | null {
  return rules.find(({ when }) => isAbout(when, word))?.decision ?? null;
}

function isAbout(when: PolicyRule['when'], word: string): boolean {
  return 'always' in when || ('status' in when && when.status.includes(word));
}

/** Whether some credential of this status could be admitted: by the rule about it, or by one before it about something else. */
function mayAdmit(rules: readonly PolicyRule[], word: string): boolean {
  for (const { decision, when } of rules) {
    const isAboutStatus = 'always' in when || 'status' in when;
    if (decision === 'admit' && (!isAboutStatus || isAbout(when, word))) return true;
    if (isAbout(when, word)) return false;
  }
  return false;
}

/**
 * What stands against a policy of this kind, or null: `dates` when it does not refuse what is over or has not come yet, as every
 * policy of the kind has to; `status` when it could admit a status that the kind's own policy refuses.
 */
export function findPolicyFault(kind: Kind, policy: Policy): 'dates' | 'status' | null {
  if (!guardsDates({ ...kind, policy })) return 'dates';
  const own = kind.policy?.rules ?? [];
  const refused = kind.status.meanings.filter(({ word }) => byStatusAlone(own, word) === 'refuse');
  return refused.some(({ word }) => mayAdmit(policy.rules, word)) ? 'status' : null;
}
