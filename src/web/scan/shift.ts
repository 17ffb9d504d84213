// The shift's counts, and the overrides that the node has not confirmed yet. Pure. No person is in it.

import type { Decision } from '../../core/errors/reasons.js';
import type { SiteOverride } from '../../core/issue/sites.js';

export interface Shift {
  /** Epoch seconds. */
  readonly since: number;
  readonly counts: Readonly<Record<Decision, number>>;
  readonly overridden: number;
  /** The number of the newest override, of whichever shift. */
  readonly lastOverride: number;
  readonly unsent: readonly SiteOverride[];
  /** A time that has passed, epoch seconds: a clock that is before it was set back. */
  readonly passed?: number;
}

/** @param before whose overrides go on: they are numbered through, and sent whenever the node is there */
export function beginShift(since: number, before?: Pick<Shift, 'lastOverride' | 'unsent'>): Shift {
  const { lastOverride = 0, unsent = [] } = before ?? {};
  const counts = { admit: 0, hold: 0, refuse: 0, indeterminate: 0 };
  return { since, counts, overridden: 0, lastOverride, unsent };
}

export function countDecision(shift: Shift, decision: Decision): Shift {
  return { ...shift, counts: { ...shift.counts, [decision]: shift.counts[decision] + 1 } };
}

export function addOverride(shift: Shift, override: Omit<SiteOverride, 'n'>): Shift {
  const n = shift.lastOverride + 1;
  const unsent = [...shift.unsent, { n, ...override }];
  return { ...shift, overridden: shift.overridden + 1, lastOverride: n, unsent };
}

/** @param kept the highest number that the node keeps */
export function confirmOverrides(shift: Shift, kept: number): Shift {
  return { ...shift, unsent: shift.unsent.filter(({ n }) => n > kept) };
}
