// The rungs of one code as they are climbed, and what decides when several fail: the first refusal ends the climb, the first
// "cannot tell" waits for it. So nothing uncertain hides a certain refusal.

import { REASONS, type ReasonCode } from '../errors/reasons.js';
import { type Check, RUNGS, type Rung } from './answer.js';

export interface Ladder {
  readonly results: Record<Rung, Check['result']>;
  refusal: ReasonCode | null;
  /** The first rung that could not tell. */
  doubt: ReasonCode | null;
}

export function createLadder(): Ladder {
  const results: Ladder['results'] = {
    envelope: 'not_reached',
    key: 'not_reached',
    signature: 'not_reached',
    time: 'not_reached',
    claims: 'not_reached',
    status: 'not_reached',
    holder: 'not_reached',
    policy: 'not_reached',
  };
  return { results, refusal: null, doubt: null };
}

/** Records what a rung found; null: it passed. */
export function climb(ladder: Ladder, rung: Rung, reason: ReasonCode | null): void {
  ladder.results[rung] = reason === null ? 'pass' : 'fail';
  if (reason === null) return;
  if (REASONS[reason].decision === 'indeterminate') ladder.doubt ??= reason;
  else ladder.refusal ??= reason;
}

/** Records that a rung does not apply. */
export function skip(ladder: Ladder, rung: Rung): void {
  ladder.results[rung] = 'not_applicable';
}

const OUTCOMES = ['pass', 'fail', 'not_reached', 'not_applicable'] as const satisfies Check['result'][];
/** Every check there can be, made once: answers share them. */
const CHECKS = RUNGS.map(
  (rung) => new Map(OUTCOMES.map((result): [string, Check] => [result, { rung, result }])),
);

export function checksOf({ results }: Ladder): readonly Check[] {
  return RUNGS.map((rung, i) => CHECKS[i]?.get(results[rung]) ?? { rung, result: results[rung] });
}
