// The last day of a licence: the one printed on it, and the one that its kind's own rules give it.

import { daysFromDate } from '../codec/calendar.js';
import type { Claims, Kind, PolicyCondition } from './kind.js';

export interface LastDay {
  /** The claim that it follows from. */
  readonly field: string;
  /** 'YYYY-MM-DD': the licence is good to the end of this day. */
  readonly date: string;
}

/** The anniversary of a date 'YYYY-MM-DD', at most 100 years on; 29 February gives 28 February where there is none. */
export function yearsAfter(date: string, years: number): string {
  const anniversary = `${Number(date.slice(0, 4)) + years}${date.slice(4)}`;
  if (!date.endsWith('-02-29') || daysFromDate(anniversary) !== null) return anniversary;
  return `${anniversary.slice(0, 4)}-02-28`;
}

/** `validTo` binds whatever the policy says. */
const PRINTED_END: PolicyCondition = { datePassed: 'validTo' };

function lastDayBy(when: PolicyCondition, claims: Claims): LastDay | null {
  const rule =
    'datePassed' in when
      ? { field: when.datePassed, years: 0 }
      : 'dateOlder' in when
        ? when.dateOlder
        : undefined;
  if (rule === undefined || !Object.hasOwn(claims, rule.field)) return null;
  return { field: rule.field, date: yearsAfter(String(claims[rule.field]), rule.years) };
}

/**
 * The last day before `validTo` has passed or a rule of the kind's own policy refuses the licence for its age; null
 * where it has no end. A code signed for longer would promise what its own kind denies.
 */
export function findLastDay(kind: Kind, claims: Claims): LastDay | null {
  let first = lastDayBy(PRINTED_END, claims);
  for (const { decision, when } of kind.policy?.rules ?? []) {
    const each = decision === 'refuse' ? lastDayBy(when, claims) : null;
    if (each !== null && (first === null || each.date < first.date)) first = each;
  }
  return first;
}
