// The exit code of every outcome. Scripts and turnstiles rely on them: 0 after `verify` means `admit` and nothing else.

import { type Decision, isReasonCode, type ReasonCode } from '../core/errors/reasons.js';
import type { ErrorCode, RequestErrorCode } from '../core/errors/yima-error.js';

export const EXIT = {
  ok: 0,
  /** A wrong call, a request that was refused, or a check that found something. */
  refused: 1,
  /** A fault of this program or its store. */
  internal: 70,
  /** Nothing is wrong, but it has to wait: try again. */
  tryAgain: 75,
} as const;

const NOT_GENUINE = 2;
const NOT_ALLOWED = 3;
const NOT_NOW = 4;
const NOT_TRUSTED = 5;
const CANNOT_TELL = 6;
const HOLD = 7;

/** What `yima verify` exits with for each reason. */
export const VERIFY_EXIT: Readonly<Record<ReasonCode, number>> = {
  ok: EXIT.ok,
  not_ours: NOT_GENUINE,
  damaged: NOT_GENUINE,
  bad_signature: NOT_GENUINE,
  invalid_claims: NOT_GENUINE,
  revoked: NOT_ALLOWED,
  suspended: NOT_ALLOWED,
  refused_by_policy: NOT_ALLOWED,
  holder_mismatch: NOT_ALLOWED,
  expired: NOT_NOW,
  not_yet_valid: NOT_NOW,
  presentation_expired: NOT_NOW,
  issuer_unknown: NOT_TRUSTED,
  issuer_out_of_scope: NOT_TRUSTED,
  key_retired: NOT_TRUSTED,
  key_revoked: NOT_TRUSTED,
  unsupported: CANNOT_TELL,
  status_unknown: CANNOT_TELL,
  status_stale: CANNOT_TELL,
  trust_stale: CANNOT_TELL,
  clock_untrusted: CANNOT_TELL,
  overloaded: CANNOT_TELL,
  held_by_policy: HOLD,
  no_policy: HOLD,
  replayed: HOLD,
};

const ERROR_EXIT: Readonly<Record<Exclude<RequestErrorCode, ReasonCode>, number>> = {
  invalid_request: EXIT.refused,
  claims_rejected: EXIT.refused,
  unauthenticated: EXIT.refused,
  forbidden: EXIT.refused,
  not_found: EXIT.refused,
  conflict: EXIT.refused,
  idempotency_conflict: EXIT.refused,
  too_large: EXIT.refused,
  unsupported_media_type: EXIT.refused,
  not_acceptable: EXIT.refused,
  key_refused: EXIT.refused,
  key_file_unsafe: EXIT.refused,
  config_invalid: EXIT.refused,
  schema_newer: EXIT.refused,
  list_refused: EXIT.refused,
  not_implemented: EXIT.refused,
  data_locked: EXIT.tryAgain,
  rate_limited: EXIT.tryAgain,
  unavailable: EXIT.tryAgain,
  log_broken: EXIT.internal,
  store_failed: EXIT.internal,
  internal: EXIT.internal,
};

/** The exit code of an answer. Anything that is not a plain `admit` can never be 0. */
export function answerExit(answer: { readonly decision: Decision; readonly reason: ReasonCode }): number {
  const code = Object.hasOwn(VERIFY_EXIT, answer.reason) ? VERIFY_EXIT[answer.reason] : EXIT.internal;
  const isAdmitted = answer.decision === 'admit';
  return isAdmitted === (code === EXIT.ok) ? code : EXIT.internal;
}

/** The exit code of an error, whether a request was refused or a parser gave up. */
export function errorExit(code: ErrorCode): number {
  if (!isReasonCode(code)) return ERROR_EXIT[code];
  return code === 'ok' ? EXIT.internal : VERIFY_EXIT[code];
}
