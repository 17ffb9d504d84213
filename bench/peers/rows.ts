// Peers' rounds beside those of ours: one row each.

import { median, spreadOf } from '../support/pairs.js';
import { ratiosOf } from '../support/rounds.js';

export interface PeerRow {
  readonly name: string;
  /** Median CPU microseconds a verification. */
  readonly us: number;
  /** Its microseconds to ours, with the spread; null for ours. */
  readonly ratio: { readonly value: number; readonly spread: string } | null;
}

type Rounds = Readonly<Record<string, readonly number[]>>;

/**
 * @param found for each verifier its microseconds, one a round
 * @param ours the one that others are compared with
 * @param isOurs prefix of all that are ours, which are compared with nothing
 */
export function comparedWith(ours: string, found: Rounds, isOurs: string): readonly PeerRow[] {
  return Object.entries(found).map(([name, us]) => {
    const ratios = ratiosOf(us, found[ours] ?? []);
    const ratio = name.startsWith(isOurs) ? null : { value: median(ratios), spread: spreadOf(ratios) };
    return { name, us: median(us), ratio };
  });
}
