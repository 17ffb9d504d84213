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

/** The lists of checks that answers share: as many as there are ways up the ladder, some dozens. */
const lists = new Map<string, readonly Check[]>();

/** The checks in order; equal ladders give the same list. */
export function checksOf({ results }: Ladder): readonly Check[] {
  let key = '';
  for (const rung of RUNGS) key += results[rung];
  let checks = lists.get(key);
  if (checks === undefined) {
    checks = RUNGS.map((rung) => ({ rung, result: results[rung] }));
    lists.set(key, checks);
  }
  return checks;
}
