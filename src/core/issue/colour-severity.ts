// Which of two states of a credential is the worse one for its holder: what a gate makes of it by the kind's own policy.

import type { Kind } from '../credential/kind.js';
import { applyPolicy } from '../credential/policy.js';
import { statusWord } from '../credential/status-meaning.js';
import { publishedValue, type StatusFacts } from '../status/published-value.js';

const SEVERITY = { admit: 0, hold: 1, refuse: 2 } as const;
/** Revoked and suspended credentials are refused before any policy is asked. */
const WITHDRAWN = 3;

/** @param kind undefined where this program knows it no more: then, as without a policy, what is not withdrawn is held */
export function isWorse(after: StatusFacts, before: StatusFacts, kind: Kind | undefined): boolean {
  return severity(after, kind) > severity(before, kind);
}

function severity(state: StatusFacts, kind: Kind | undefined): number {
  if (state.revoked || state.suspended) return WITHDRAWN;
  const policy = kind?.policy ?? null;
  if (policy === null) return SEVERITY.hold;
  const word = statusWord(kind, publishedValue(state))?.word ?? '';
  return SEVERITY[applyPolicy(policy, { statusWord: word, claims: {}, today: '' }).decision];
}
