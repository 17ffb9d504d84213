// The status rung of a SMART Health Card: whether its key's revocation list names it. The list was loaded with the key.

import type { KeyRecord } from '../trust/key-record.js';
import { type StatusFinding, UNKNOWN } from './check-status.js';

const REVOKED: StatusFinding = { ...UNKNOWN, reason: 'revoked' };
const GOOD: StatusFinding = { ...UNKNOWN, reason: null };

/**
 * Listed with a time: revoked when it was issued before it. Not listed: good only by the version of the list that the key's issuer has
 * announced; a list of another version, like none, cannot tell. That holds for cards without identifier too: what is announced
 * and not held may revoke them by another method.
 * @param rid null: the card has none
 * @param issuedAt epoch seconds; null counts as before any time
 * @returns null where the issuer has no such lists
 * @see SMART Health Cards Framework, section Revocation
 */
export function checkCard(
  rid: string | null,
  issuedAt: number | null,
  { cards }: KeyRecord,
): StatusFinding | null {
  if (cards === undefined) return null;
  const { announced, list } = cards;
  const before = rid === null ? undefined : list?.revoked.get(rid);
  if (before === null || (before !== undefined && (issuedAt ?? 0) < before)) return REVOKED;
  return list !== null && (announced === null || announced === list.version) ? GOOD : UNKNOWN;
}
