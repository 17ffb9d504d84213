// The one map from error code to problem document (RFC 9457). What went wrong inside is never told outside.

import { type ErrorDetail, REQUEST_ERROR_CODES, type RequestErrorCode } from '../core/errors/yima-error.js';

interface ProblemKind {
  readonly status: number;
  readonly title: string;
}

export const PROBLEMS: Readonly<Record<RequestErrorCode, ProblemKind>> = {
  invalid_request: { status: 400, title: 'The request does not have the documented form' },
  claims_rejected: { status: 422, title: 'A claim breaks the rules of its kind' },
  unauthenticated: { status: 401, title: 'A valid API key is needed' },
  forbidden: { status: 403, title: 'The caller may not do that' },
  not_found: { status: 404, title: 'There is nothing here' },
  conflict: { status: 409, title: 'The present state does not allow that' },
  idempotency_conflict: { status: 409, title: 'This Idempotency-Key was used for another request' },
  too_large: { status: 413, title: 'The request is too large' },
  unsupported_media_type: {
    status: 415,
    title: 'Send the media type of the route, uncompressed and in UTF-8',
  },
  not_acceptable: { status: 406, title: 'None of the accepted media types is available' },
  not_implemented: { status: 501, title: 'This is not offered' },
  rate_limited: { status: 429, title: 'Too many requests; wait and try again' },
  key_refused: { status: 422, title: 'This key is not admissible' },
  key_file_unsafe: { status: 500, title: 'Internal error' },
  config_invalid: { status: 500, title: 'Internal error' },
  data_locked: { status: 503, title: 'Not available now; try again' },
  schema_newer: { status: 500, title: 'Internal error' },
  log_broken: { status: 500, title: 'Internal error' },
  list_refused: { status: 422, title: 'This list is not acceptable' },
  store_failed: { status: 503, title: 'Not available now; try again with the same Idempotency-Key' },
  unavailable: { status: 503, title: 'Not available now; try again' },
  overloaded: { status: 503, title: 'Too busy to judge now; try again' },
  internal: { status: 500, title: 'Internal error' },
};

/** Problems of 500 and above where nothing broke: what is not offered, and what there is no time for. */
const NO_FAULTS: ReadonlySet<RequestErrorCode | null> = new Set(['not_implemented', 'overloaded']);

export const PROBLEM_TYPE = 'application/problem+json';

export interface ProblemDocument {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  /** The permanent code; clients match on this, never on a sentence. */
  readonly code: RequestErrorCode;
  readonly detail?: string;
  readonly field?: string;
  readonly rule?: string;
  readonly requestId: string;
  readonly retryAfterSeconds?: number;
}

export interface ProblemFacts extends Omit<ErrorDetail, 'cause'> {
  readonly detail?: string;
  readonly requestId: string;
}

/** Whether an answer tells of a fault of ours. @param problem null: not a problem document */
export function isFault(problem: RequestErrorCode | null, status: number): boolean {
  return status >= 500 && !NO_FAULTS.has(problem);
}

export function isRequestErrorCode(code: string): code is RequestErrorCode {
  return (REQUEST_ERROR_CODES as readonly string[]).includes(code);
}

/**
 * The document for one code. Of a fault of ours it says nothing besides code and request id.
 * @param publicUrl prefix of `type`, whose address explains the code
 */
export function problemDocument(
  code: RequestErrorCode,
  publicUrl: string,
  facts: ProblemFacts,
): ProblemDocument {
  const { status, title } = PROBLEMS[code];
  const told = !isFault(code, status);
  return {
    type: `${publicUrl}/problems/${code}`,
    title,
    status,
    code,
    ...(told && facts.detail !== undefined ? { detail: facts.detail } : {}),
    ...(told && facts.field !== undefined ? { field: facts.field } : {}),
    ...(told && facts.rule !== undefined ? { rule: facts.rule } : {}),
    requestId: facts.requestId,
    ...(facts.retryAfterSeconds !== undefined ? { retryAfterSeconds: facts.retryAfterSeconds } : {}),
  };
}
