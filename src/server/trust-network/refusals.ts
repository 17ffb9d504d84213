// Which refusals the log tells one by one. Whoever sends rubbish all day fills no disk: after so many in an hour they are counted, and
// the count is one entry when the hour is over.

import type { Clock } from '../../core/issue/ports.js';

export interface Refusals {
  /** Another refusal of this sender. @returns whether it is to be told by itself */
  readonly note: (sender: string, rule: string) => boolean;
  /** Counts of hours that are over, each told once; with `all`, also of the one that is not. */
  readonly over: (all?: boolean) => readonly { readonly sender: string; readonly count: number }[];
  /** Since the start, by rule. */
  readonly byRule: () => ReadonlyMap<string, number>;
}

const HOUR_SECONDS = 3_600;
const TOLD_AN_HOUR = 200;
/** Senders that are kept apart; all others are one. */
const MOST_SENDERS = 500;
const OTHERS = 'others';

export function createRefusals(clock: Clock): Refusals {
  let hour = Math.floor(clock() / HOUR_SECONDS);
  let counts = new Map<string, number>();
  let finished: { sender: string; count: number }[] = [];
  const byRule = new Map<string, number>();

  const turn = (anyway = false): void => {
    const now = Math.floor(clock() / HOUR_SECONDS);
    if (now === hour && !anyway) return;
    hour = now;
    for (const [sender, count] of counts) {
      if (count > TOLD_AN_HOUR) finished.push({ sender, count: count - TOLD_AN_HOUR });
    }
    counts = new Map();
  };

  return {
    note: (sender, rule) => {
      turn();
      byRule.set(rule, (byRule.get(rule) ?? 0) + 1);
      const name = counts.has(sender) || counts.size < MOST_SENDERS ? sender : OTHERS;
      const count = (counts.get(name) ?? 0) + 1;
      counts.set(name, count);
      return count <= TOLD_AN_HOUR;
    },
    over: (all = false) => {
      turn(all);
      const told = finished;
      finished = [];
      return told;
    },
    byRule: () => byRule,
  };
}
