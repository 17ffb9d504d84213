// The rungs of one code as they are climbed, and what decides when several fail: the first refusal ends the climb, the first
// "cannot tell" waits for it, and the first "look closer" for both. So nothing uncertain hides a certain refusal.

import { REASONS, type ReasonCode } from '../errors/reasons.js';
import { type Check, RUNGS, type Rung } from './answer.js';

export interface Ladder {
  /** What every rung found, two bits a rung: positions in `RESULTS`. */
  found: number;
  refusal: ReasonCode | null;
  /** The first rung that could not tell. */
  doubt: ReasonCode | null;
  /** The first rung that asks for a look by a person. */
  hold: ReasonCode | null;
}

const RESULTS = [
  'not_reached',
  'pass',
  'fail',
  'not_applicable',
] as const satisfies readonly Check['result'][];
const [PASS, FAIL, NOT_APPLICABLE] = [1, 2, 3];
const BITS = 2;
const MASK = 3;
/** Where the bits of each rung are. */
const SHIFTS = Object.fromEntries(RUNGS.map((rung, i) => [rung, BITS * i])) as Readonly<Record<Rung, number>>;

export function createLadder(): Ladder {
  return { found: 0, refusal: null, doubt: null, hold: null };
}

function set(ladder: Ladder, rung: Rung, result: number): void {
  const shift = SHIFTS[rung];
  ladder.found = (ladder.found & ~(MASK << shift)) | (result << shift);
}

/** Records what a rung found; null: it passed. */
export function climb(ladder: Ladder, rung: Rung, reason: ReasonCode | null): void {
  set(ladder, rung, reason === null ? PASS : FAIL);
  if (reason === null) return;
  const { decision } = REASONS[reason];
  if (decision === 'indeterminate') ladder.doubt ??= reason;
  else if (decision === 'hold') ladder.hold ??= reason;
  else ladder.refusal ??= reason;
}

/** What the climb comes to. */
export function reasonOf({ refusal, doubt, hold }: Ladder): ReasonCode {
  return refusal ?? doubt ?? hold ?? 'ok';
}

/** Records that a rung does not apply. */
export function skip(ladder: Ladder, rung: Rung): void {
  set(ladder, rung, NOT_APPLICABLE);
}

/** The lists of checks that answers share: as many as there are ways up the ladder, some dozens. */
const lists = new Map<number, readonly Check[]>();

/** The checks in order; equal ladders give the same list. */
export function checksOf({ found }: Ladder): readonly Check[] {
  let checks = lists.get(found);
  if (checks === undefined) {
    checks = RUNGS.map((rung) => ({
      rung,
      result: RESULTS[(found >> SHIFTS[rung]) & MASK] ?? 'not_reached',
    }));
    lists.set(found, checks);
  }
  return checks;
}
