// The time rung: whether the times make sense together, whether the clock can judge them, and what it says.

import type { Kind } from '../credential/kind.js';
import type { CodeFacts } from '../envelope/parsed-code.js';
import type { ReasonCode } from '../errors/reasons.js';
import type { KeyRecord } from '../trust/key-record.js';
import type { VerifyContext } from './context.js';

/** How far a gate's clock and an issuer's may differ. */
export const SKEW_SECONDS = 60;

/** The NZ COVID Pass leaves no leeway: nbf <= now < exp (its specification, section CWT Claims). */
function skewOf({ format }: CodeFacts): number {
  return format === 'nzcp' ? 0 : SKEW_SECONDS;
}

/** iat <= exp, nbf <= exp, and a life that the kind allows. Needs no clock, so it holds under a wrong one. */
function isCoherent(parsed: CodeFacts, kind: Kind | undefined): boolean {
  const { issuedAt, notBefore, expiresAt } = parsed;
  if (parsed.fault === 'time' || issuedAt === null) return false;
  const maxSeconds = kind?.validity.maxSeconds ?? null;
  if (expiresAt === null) return maxSeconds === null;
  if (issuedAt > expiresAt || (notBefore ?? issuedAt) > expiresAt) return false;
  return maxSeconds === null || expiresAt - issuedAt <= maxSeconds;
}

/** A signer certificate must still be valid when its code is shown; a key of ours only when it signed. */
function isCertificateValid(parsed: CodeFacts, record: KeyRecord, now: number): boolean {
  if (parsed.format !== 'eu-dcc') return true;
  const begun = record.notBefore === null || now + SKEW_SECONDS >= record.notBefore;
  return begun && (record.notAfter === null || now - SKEW_SECONDS <= record.notAfter);
}

/**
 * Valid from nbf (or iat) - 60 s to before exp + 60 s: RFC 7519, sections 4.1.4 to 4.1.6, with the leeway they allow. A code from
 * the future is `not_yet_valid` even when its nbf lies before its iat.
 */
export function checkTime(
  parsed: CodeFacts,
  kind: Kind | undefined,
  record: KeyRecord,
  context: VerifyContext,
): ReasonCode | null {
  const { now, clockFloor } = context;
  const skew = skewOf(parsed);
  if (!isCoherent(parsed, kind)) return 'invalid_claims';
  if (clockFloor !== null && now + SKEW_SECONDS < clockFloor) return 'clock_untrusted';
  if (parsed.expiresAt !== null && now - skew >= parsed.expiresAt) return 'expired';
  const begins = Math.max(parsed.issuedAt ?? 0, parsed.notBefore ?? 0);
  if (now + skew < begins) return 'not_yet_valid';
  return isCertificateValid(parsed, record, now) ? null : 'key_retired';
}
