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
  const before = placesOf(known);
  const after = placesOf(next);
  const revoked = new Set(next.revoked.map(({ thumbprint }) => thumbprint));
  const dead = new Set(known.revoked.map(({ thumbprint }) => thumbprint));
  for (const field of dead) if (!revoked.has(field)) throw refuseDocument('tombstone_removed', { field });
  for (const [name, was] of before) {
    if (was.isRevoked) dead.add(was.thumbprint);
    checkPlace(was, after.get(name), revoked);
  }
  for (const [name, { thumbprint: field, state }] of after) {
    if (state !== 'revoked' && dead.has(field) && !before.has(name)) {
      throw refuseDocument('key_revoked', { field });
    }
  }
}

/** One key of one holder and use. */
interface Place {
  readonly thumbprint: string;
  /** Of several entries the state that goes furthest back. */
  readonly state: KeyState;
  /** Whether any of its entries is revoked. */
  readonly isRevoked: boolean;
}

function checkPlace(was: Place, now: Place | undefined, revoked: ReadonlySet<string>): void {
  const { thumbprint: field, state, isRevoked } = was;
  if (now === undefined) {
    if (isRevoked) throw refuseDocument('tombstone_removed', { field });
    const isInUse = state === 'active' || state === 'retired';
    if (isInUse && !revoked.has(field)) throw refuseDocument('key_dropped', { field });
    return;
  }
  const isBack = RANK[now.state] < RANK[state];
  if (isRevoked && (!now.isRevoked || (state === 'revoked' && isBack))) {
    throw refuseDocument('key_revoked', { field });
  }
  if (isBack) throw refuseDocument('state_back', { field });
}

function placesOf({ entries }: ListDocument): ReadonlyMap<string, Place> {
  const places = new Map<string, Place>();
  for (const { sub, format, use, keys, state } of entries) {
    for (const { thumbprint } of keys) {
      const name = `${thumbprint} ${format} ${use} ${sub ?? '*'}`;
      const known = places.get(name);
      const isEarlier = known === undefined || RANK[state] < RANK[known.state];
      const isRevoked = state === 'revoked' || known?.isRevoked === true;
      places.set(name, { thumbprint, state: isEarlier ? state : known.state, isRevoked });
    }
  }
  return places;
}
