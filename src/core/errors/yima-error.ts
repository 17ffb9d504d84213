// The one error class of the project. A code is permanent: clients and tests match on it, never on the message.

import type { ReasonCode } from './reasons.js';

/**
 * Codes for requests that could not be judged (reason codes say what was judged).
 * `src/http/problems.ts` maps each to one problem document.
 */
export const REQUEST_ERROR_CODES = [
  'invalid_request',
  'claims_rejected',
  'unauthenticated',
  'forbidden',
  'not_found',
  'conflict',
  'idempotency_conflict',
  'too_large',
  'unsupported_media_type',
  'not_acceptable',
  'not_implemented',
  'rate_limited',
  'key_refused',
  'key_file_unsafe',
  'config_invalid',
  'data_locked',
  'schema_newer',
  'log_broken',
  'list_refused',
  'store_failed',
  'unavailable',
  'overloaded',
  'internal',
] as const;

export type RequestErrorCode = (typeof REQUEST_ERROR_CODES)[number];
export type ErrorCode = RequestErrorCode | ReasonCode;

/** Where and why, for the caller; never holder data. */
export interface ErrorDetail {
  /** The offending field, as a dotted path in the caller's own words. */
  readonly field?: string;
  /** The finer reason inside a code, stable, e.g. `weak_rsa` under `key_refused`. */
  readonly rule?: string;
  /** When asking again makes sense. */
  readonly retryAfterSeconds?: number;
  readonly cause?: unknown;
}

/**
 * The message tells the person what to do next and holds no personal data.
 * Codes that are reason codes (`damaged`, `not_ours`, ...) are thrown by parsers and become answers in `core/verify`.
 */
export class YimaError extends Error {
  readonly code: ErrorCode;
  readonly field: string | undefined;
  readonly rule: string | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(code: ErrorCode, message: string, detail: ErrorDetail = {}) {
    super(message, detail.cause === undefined ? undefined : { cause: detail.cause });
    this.name = 'YimaError';
    this.code = code;
    this.field = detail.field;
    this.rule = detail.rule;
    this.retryAfterSeconds = detail.retryAfterSeconds;
  }
}
