// When a presentation was signed, and for which question.

import { equalBytes } from '../codec/bytes.js';
import type { Presentation } from '../envelope/ym2.js';
import type { ReasonCode } from '../errors/reasons.js';
import type { VerifyContext } from './context.js';
import { PRESENTATION_SECONDS } from './showing.js';

/** One from the future is as wrong as an old one, and so is one that answers another site's nonce or none. */
export function checkPresentation(
  { issuedAt, nonce }: Presentation,
  { now, showing }: VerifyContext,
): ReasonCode | null {
  const isLive = Math.abs(now - issuedAt) <= PRESENTATION_SECONDS;
  const isForUs = showing.nonce === null || (nonce !== null && equalBytes(nonce, showing.nonce));
  return isLive && isForUs ? null : 'presentation_expired';
}
