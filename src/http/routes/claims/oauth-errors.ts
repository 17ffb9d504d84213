// Refusals as wallets read them (RFC 6749, section 5.2; OpenID4VCI 1.0, section 8.3.1) in place of problem documents.

import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import type { RequestErrorCode } from '../../../core/errors/yima-error.js';
import { isFault, PROBLEMS } from '../../problems.js';
import { type RequestError, toRequestError } from '../../request-error.js';
import { closed, documented } from '../../schemas/common.js';

/** Rules of ours that are codes of theirs. */
const CODES: ReadonlySet<string> = new Set([
  'invalid_grant',
  'unsupported_grant_type',
  'invalid_token',
  'invalid_proof',
  'invalid_nonce',
  'invalid_encryption_parameters',
  'unknown_credential_configuration',
  'credential_request_denied',
]);

const errorSchema = closed({
  error: Type.String({ description: 'A code of RFC 6749 or OpenID4VCI' }),
  error_description: Type.Optional(Type.String()),
  attempts_left: Type.Optional(
    Type.Integer({
      description: 'Ours: how many transaction codes may still be tried; 0: the offer is dead',
    }),
  ),
});

/** What the routes of wallets may be refused with. */
export const oauthErrors = Object.fromEntries(
  ([400, 401, 413, 415, 429, 500, 503] as const).map((status) => [
    status,
    documented('application/json', errorSchema, 'Refused'),
  ]),
);

/** @param fallback code for a request that does not have its form */
export function registerOauthErrors(
  scope: FastifyInstance,
  fallback: 'invalid_request' | 'invalid_credential_request',
): void {
  scope.setErrorHandler((error, request, reply) => {
    const refusal = toRequestError(error);
    const status = statusOf(refusal.code);
    request.problem = refusal.code;
    if (isFault(refusal.code, status) && error instanceof Error) request.failure = error;
    if (status === 401) reply.header('www-authenticate', 'Bearer error="invalid_token"');
    if (refusal.retryAfterSeconds !== undefined)
      reply.header('retry-after', String(refusal.retryAfterSeconds));
    return reply
      .code(status)
      .type('application/json')
      .send(JSON.stringify({ error: codeOf(refusal, status, fallback), ...described(refusal, status) }));
  });
}

/** Whatever is wrong with a request is 400, where theirs has no status of its own for it. */
function statusOf(code: RequestErrorCode): number {
  const { status } = PROBLEMS[code];
  return [401, 413, 415, 429, 500, 503].includes(status) ? status : 400;
}

function codeOf({ rule }: RequestError, status: number, fallback: string): string {
  if (status === 401) return 'invalid_token';
  if (status === 500) return 'server_error';
  if (status === 429 || status === 503) return 'temporarily_unavailable';
  return rule !== undefined && CODES.has(rule) ? rule : fallback;
}

/** In the characters that RFC 6749 allows; of a fault of ours nothing is told. */
function described({ code, detail }: RequestError, status: number): { error_description?: string } {
  if (detail === undefined || isFault(code, status)) return {};
  return { error_description: detail.replace(/[’"`]/g, "'").replace(/[^\x20-\x5b\x5d-\x7e]/g, ' ') };
}
