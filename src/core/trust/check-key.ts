// Whether one trusted key may stand behind one credential, before its signature costs anything. Pure rules, no look-up.

import type { ReasonCode } from '../errors/reasons.js';
import type { KeyRecord, KeyUse } from './key-record.js';
import { scopeCovers } from './scope.js';

export type KeyRefusal = Extract<ReasonCode, 'key_revoked' | 'issuer_out_of_scope' | 'key_retired'>;

/** What a credential says of itself, so far unproven. */
export interface Asked {
  readonly use: KeyUse;
  /** The kind's name; null when unknown here. */
  readonly kind: string | null;
  /** GB/T 2260, normalised; null when the credential names none. */
  readonly region: string | null;
  /** Epoch seconds; null where the format allows a credential without it. */
  readonly issuedAt: number | null;
}

/** The rules that need nothing of the credential's content: tombstone first, then the use, then the state. */
export function checkKeyState(record: KeyRecord, use: KeyUse): KeyRefusal | null {
  if (record.state === 'revoked') return 'key_revoked';
  if (record.use !== use) return 'issuer_out_of_scope';
  return record.state === 'active' || record.state === 'retired' ? null : 'key_retired';
}

/**
 * The reason why this key must not be tried, or null. A retired key still verifies what it signed inside its window, whose
 * both ends are inclusive; an announced one signs nothing yet, a removed one verifies nothing more.
 */
export function checkKey(record: KeyRecord, asked: Asked): KeyRefusal | null {
  if (record.state === 'revoked') return 'key_revoked';
  if (!scopeCovers(record.scope, asked.kind, asked.region)) return 'issuer_out_of_scope';
  return checkKeyState(record, asked.use) ?? checkWindow(record, asked.issuedAt);
}

/** Whether the key may have signed something at this time; null: at a time that is not told. */
export function checkWindow(record: KeyRecord, issuedAt: number | null): KeyRefusal | null {
  if (issuedAt === null) return record.notBefore === null && record.notAfter === null ? null : 'key_retired';
  const inside =
    (record.notBefore === null || issuedAt >= record.notBefore) &&
    (record.notAfter === null || issuedAt <= record.notAfter);
  return inside ? null : 'key_retired';
}
