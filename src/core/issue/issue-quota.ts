// How much an office may issue of a kind in a day: what a stolen desk can do before somebody looks. Counted in memory and stored with each
// issue, so that a restart forgets nothing. A kind without a quota is not counted and costs nothing.

import { endOfLocalDay, localDate } from '../codec/calendar.js';
import { YimaError } from '../errors/yima-error.js';
import type { IssueCountRow } from './held-rows.js';

export interface IssueQuota {
  /**
   * Counts one issue. One that fails afterwards stays counted until the next start.
   * @param now epoch seconds
   * @returns what the issue stores; null where nothing is counted
   * @throws YimaError `rate_limited`, rule `issue_quota`, with the seconds until the day ends
   */
  readonly take: (principal: string, kind: string, now: number) => IssueCountRow | null;
}

/** @param perDay by name of the kind, for each office */
export function createIssueQuota(
  perDay: ReadonlyMap<string, number>,
  stored: readonly IssueCountRow[],
): IssueQuota {
  const counts = new Map(stored.map((row) => [keyOf(row.principal, row.kind), row]));
  return {
    take: (principal, kind, now) => {
      const most = perDay.get(kind);
      if (most === undefined) return null;
      const key = keyOf(principal, kind);
      const known = counts.get(key);
      const today = localDate(now);
      // A clock that was set back begins no new day.
      const isSameDay = known !== undefined && known.day >= today;
      const row = isSameDay
        ? { ...known, count: known.count + 1 }
        : { principal, kind, day: today, count: 1 };
      if (row.count > most) throw spent(most, row.day, now);
      counts.set(key, row);
      return row;
    },
  };
}

function keyOf(principal: string, kind: string): string {
  return `${principal} ${kind}`;
}

function spent(most: number, day: string, now: number): YimaError {
  const message = `This office has issued the ${most} of this kind that it may in a day. Ask an administrator, or go on tomorrow.`;
  const retryAfterSeconds = Math.max(1, (endOfLocalDay(day) ?? now) + 1 - now);
  return new YimaError('rate_limited', message, { rule: 'issue_quota', retryAfterSeconds });
}
