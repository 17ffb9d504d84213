// Turns whatever a route, Fastify or its validator threw into a code of ours with a sentence of ours.
// A library's message never leaves, since it may repeat what was sent.

import type { FastifySchemaValidationError } from 'fastify';
import { type RequestErrorCode, YimaError } from '../core/errors/yima-error.js';
import { isRequestErrorCode } from './problems.js';

export interface RequestError {
  readonly code: RequestErrorCode;
  readonly detail?: string;
  readonly field?: string;
  readonly rule?: string;
  readonly retryAfterSeconds?: number;
}

interface LibraryError {
  readonly statusCode?: unknown;
  readonly validation?: unknown;
  readonly validationContext?: unknown;
}

/** Codes for the statuses that Fastify and its plugins give to a bad request. */
const CODE_BY_STATUS: ReadonlyMap<number, RequestErrorCode> = new Map([
  [400, 'invalid_request'],
  [403, 'not_found'],
  [404, 'not_found'],
  [405, 'not_found'],
  [406, 'not_acceptable'],
  [413, 'too_large'],
  [414, 'invalid_request'],
  [415, 'unsupported_media_type'],
  [429, 'rate_limited'],
  [503, 'unavailable'],
]);

const VIOLATIONS: Readonly<Record<string, string>> = {
  required: 'A required member is missing.',
  additionalProperties: 'A member is not known.',
  type: 'A member has the wrong JSON type.',
  enum: 'A member is not one of the permitted values.',
  const: 'A member is not one of the permitted values.',
  pattern: 'A member does not have its documented form.',
};

/** Names are repeated only when they look like names. */
const PLAIN_NAME = /^[\w-]{1,64}$/;

export function toRequestError(error: unknown): RequestError {
  if (error instanceof YimaError) return fromYimaError(error);
  const { statusCode, validation, validationContext } = (error ?? {}) as LibraryError;
  if (Array.isArray(validation)) return fromValidation(validation, String(validationContext));
  return { code: CODE_BY_STATUS.get(Number(statusCode)) ?? 'internal' };
}

/** A reason code that reaches this place was not turned into an answer, which is our fault. */
function fromYimaError(error: YimaError): RequestError {
  if (!isRequestErrorCode(error.code)) return { code: 'internal' };
  return {
    code: error.code,
    ...(error.message === '' ? {} : { detail: error.message }),
    ...(error.field === undefined ? {} : { field: error.field }),
    ...(error.rule === undefined ? {} : { rule: error.rule }),
    ...(error.retryAfterSeconds === undefined ? {} : { retryAfterSeconds: error.retryAfterSeconds }),
  };
}

function fromValidation(violations: readonly FastifySchemaValidationError[], where: string): RequestError {
  const first = violations[0];
  const detail = VIOLATIONS[first?.keyword ?? ''] ?? 'A member is outside its documented limits.';
  if (first === undefined) return { code: 'invalid_request', detail };
  return { code: 'invalid_request', detail, field: fieldOf(first, where) };
}

/** The dotted path of what is wrong: `claims.name`; outside the body it says where: `query.form`. */
function fieldOf(violation: FastifySchemaValidationError, where: string): string {
  const { missingProperty, additionalProperty } = violation.params as Record<string, unknown>;
  const path = [...violation.instancePath.split('/').slice(1), missingProperty ?? additionalProperty]
    .filter((part) => typeof part === 'string')
    .map((part) => (PLAIN_NAME.test(part) ? part : '?'));
  const prefix = where === 'body' ? [] : [where === 'querystring' ? 'query' : where];
  return [...prefix, ...path].join('.') || 'body';
}
