// One credential set back to what the log tells. What somebody wrote into the file as revoked comes back only where no verifier
// has seen it: there 1 is for good (Token Status List, section 7.1), and a list that took it back would be answered in two ways.

import { encodingValue, updateOf } from './state-change.js';
import type { EncodingRow, StateUpdate, StoredCredential } from './store.js';
import { isStateAsTold, isToldDead, type ToldCredential, toldEnd } from './told-credentials.js';

export interface RestoredState {
  readonly stored: StoredCredential;
  readonly update: StateUpdate;
  /** Encodings that stay revoked although the log never said so: what they are for is issued anew. */
  readonly kept: readonly EncodingRow[];
}

/** Whether verifiers have seen this encoding's value 1. */
export type IsSeen = (encoding: Pick<EncodingRow, 'list' | 'index'>) => boolean;

/** @returns null when the state is as told */
export function restoredState(
  told: ToldCredential,
  stored: StoredCredential,
  isSeen: IsSeen,
): RestoredState | null {
  if (isStateAsTold(told, stored)) return null;
  const { revoked, suspended, level } = told;
  const credential = { ...stored.credential, revoked, suspended, level };
  const isKept = (encoding: EncodingRow): boolean =>
    !revoked && !isToldDead(told, encoding) && isSeen(encoding);
  const encodings = stored.encodings.map((encoding) => {
    const isDead = isToldDead(told, encoding) || isKept(encoding);
    const next = { ...encoding, revoked: isDead, endsAt: toldEnd(told, encoding) };
    return { ...next, value: encodingValue(credential, next) };
  });
  const update = {
    credentialId: credential.id,
    revoked,
    suspended,
    level,
    encodings: encodings.map(updateOf),
  };
  return { stored: { credential, encodings }, update, kept: stored.encodings.filter(isKept) };
}
