// Which of two states of a credential is the worse one for its holder: what a gate makes of it by the kind's own policy.

import type { Kind } from '../credential/kind.js';
import { applyPolicy } from '../credential/policy.js';
import { statusWord } from '../credential/status-meaning.js';
import { publishedValue, type StatusFacts } from '../status/published-value.js';

const SEVERITY = { admit: 0, hold: 1, refuse: 2 } as const;
/** Revoked and suspended credentials are refused before any policy is asked. */
const WITHDRAWN = 3;

/** @param kind undefined where this program knows it no more: then what is not withdrawn is held */
export function isWorse(after: StatusFacts, before: StatusFacts, kind: Kind | undefined): boolean {
  return severity(after, kind) > severity(before, kind);
}

function severity(state: StatusFacts, kind: Kind | undefined): number {
  if (state.revoked || state.suspended) return WITHDRAWN;
  const word = statusWord(kind, publishedValue(state))?.word ?? '';
  const decided = applyPolicy(kind?.policy ?? null, { statusWord: word, claims: {}, today: '' });
  return SEVERITY[decided?.decision ?? 'hold'];
}
