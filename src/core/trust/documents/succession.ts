// What a newer version of a document may not do to the version before: go back, jump, forget.

import type { KeyState } from '../key-record.js';
import type { DocumentFrame } from './fields.js';
import type { ListDocument } from './list.js';
import type { RootDocument } from './root.js';
import { refuseDocument } from './rules.js';
import type { SignedDocument } from './signed-document.js';

/** A version that no authority could reach by counting locks out every later one. */
const MAX_JUMP = 1_000_000;
const SKEW_SECONDS = 60;
const RANK: Readonly<Record<KeyState, number>> = {
  announced: 0,
  active: 1,
  retired: 2,
  removed: 3,
  revoked: 4,
};

type Framed = DocumentFrame & { readonly document: SignedDocument };

/**
 * Whether the document may be taken at this time, whoever signed it.
 * @throws YimaError `list_refused`, rules `expired`, `from_future`
 */
export function checkTimes({ issuedAt, expiresAt }: DocumentFrame, now: number): void {
  if (expiresAt < now) throw refuseDocument('expired');
  if (issuedAt > now + SKEW_SECONDS) throw refuseDocument('from_future');
}

/**
 * Whether `next` is a newer version than `known`.
 * @returns false when it is the very same
 * @throws YimaError `list_refused`, rules `rollback`, `fork`, `fast_forward`, `prev`, `time_back`
 */
export function isNewer(known: Framed, next: Framed): boolean {
  if (next.version < known.version) throw refuseDocument('rollback');
  if (next.version === known.version) {
    if (next.document.hash !== known.document.hash) throw refuseDocument('fork');
    return false;
  }
  if (next.version - known.version > MAX_JUMP) throw refuseDocument('fast_forward');
  const isNext = next.version === known.version + 1;
  if (isNext && next.previous !== known.document.hash) throw refuseDocument('prev');
  if (next.issuedAt < known.issuedAt) throw refuseDocument('time_back');
  return true;
}

/**
 * Roots follow one another without a gap, since each is signed by the one before.
 * @throws YimaError `list_refused` as `isNewer`, and `prev` when one between is missing
 */
export function isNextRoot(known: RootDocument, next: RootDocument): boolean {
  if (!isNewer(known, next)) return false;
  if (next.version !== known.version + 1) throw refuseDocument('prev');
  return true;
}

/**
 * What a newer list of one authority must keep of the one before: revocations for ever, and every key in sight until it is removed.
 * @throws YimaError `list_refused`, rules `tombstone_removed`, `key_revoked`, `state_back`, `key_dropped`
 */
export function checkListSuccession(known: ListDocument, next: ListDocument): void {
  const revoked = new Set(next.revoked.map(({ thumbprint }) => thumbprint));
  const after = statesOf(next);
  for (const { thumbprint } of known.revoked) {
    if (!revoked.has(thumbprint)) throw refuseDocument('tombstone_removed', { field: thumbprint });
  }
  for (const [place, state] of statesOf(known)) {
    const now = after.get(place);
    const thumbprint = place.slice(0, place.indexOf(' '));
    if (state === 'revoked' && now !== 'revoked') {
      throw refuseDocument(now === undefined ? 'tombstone_removed' : 'key_revoked', { field: thumbprint });
    }
    if (now !== undefined && RANK[now] < RANK[state])
      throw refuseDocument('state_back', { field: thumbprint });
    const isInUse = state === 'active' || state === 'retired';
    if (now === undefined && isInUse && !revoked.has(thumbprint)) {
      throw refuseDocument('key_dropped', { field: thumbprint });
    }
  }
}

/** The state of each key of each holder and use; of several entries the one that goes furthest back. */
function statesOf({ entries }: ListDocument): ReadonlyMap<string, KeyState> {
  const states = new Map<string, KeyState>();
  for (const { sub, format, use, keys, state } of entries) {
    for (const { thumbprint } of keys) {
      const place = `${thumbprint} ${format} ${use} ${sub ?? '*'}`;
      const known = states.get(place);
      if (known === undefined || RANK[state] < RANK[known]) states.set(place, state);
    }
  }
  return states;
}
