// The status rung: where the list is, what it says, how old that is. One read, no I/O (Token Status List, section 8.3).

import type { Kind, StatusMeaning } from '../credential/kind.js';
import { statusWord } from '../credential/status-meaning.js';
import type { ListReference } from '../envelope/parsed-code.js';
import type { ReasonCode } from '../errors/reasons.js';
import { listNumberOf } from '../status/list-uri.js';
import { ageSeconds as ageBetween, type Moment } from '../status/moment.js';
import { STATUS_REVOKED, STATUS_SUSPENDED } from '../status/published-value.js';
import type { StatusView } from '../status/view.js';

export interface StatusFinding {
  readonly reason: ReasonCode | null;
  readonly meaning: StatusMeaning | null;
  /** Age of the knowledge in seconds; null when there was none. */
  readonly ageSeconds: number | null;
}

export const UNKNOWN: StatusFinding = { reason: 'status_unknown', meaning: null, ageSeconds: null };

/** The list's number under the key's base; null when the reference leads anywhere else, which nobody follows. */
function listNumber(reference: ListReference, base: string): number | null {
  return 'list' in reference ? reference.list : listNumberOf(reference.uri, base);
}

function judge(kind: Kind | undefined, value: number, ageSeconds: number): ReasonCode | null {
  // Revoked is for good: old knowledge of it is as certain as new.
  if (value === STATUS_REVOKED) return 'revoked';
  if (kind !== undefined && ageSeconds > kind.status.maxAgeSeconds) return 'status_stale';
  if (value === STATUS_SUSPENDED) return 'suspended';
  return statusWord(kind, value) === undefined ? 'status_unknown' : null;
}

/**
 * @param base the verified key's statusBase; null: its issuer has no lists, so the status is unknown
 * @param kind undefined: unknown here, then the registered values alone have a meaning and no age is too high
 */
export function checkStatus(
  reference: ListReference,
  base: string | null,
  kind: Kind | undefined,
  view: StatusView,
  now: Moment,
): StatusFinding {
  const list = base === null ? null : listNumber(reference, base);
  if (base === null || list === null) return UNKNOWN;
  const reading = view.find(base, list, reference.index);
  if (reading === undefined) return UNKNOWN;
  const ageSeconds = ageBetween(reading.asOf, now);
  const meaning = statusWord(kind, reading.value) ?? null;
  return { reason: judge(kind, reading.value, ageSeconds), meaning, ageSeconds };
}
