// Every refusal of a request leaves here as a problem document; unknown addresses cost the visitor from the rate limit.

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isFault, PROBLEM_TYPE, PROBLEMS, problemDocument } from '../problems.js';
import { type RequestError, toRequestError } from '../request-error.js';
import { COMMON_HEADERS } from '../request-fields.js';

type Hook = (request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void) => void;

export type SendProblem = (error: unknown, request: FastifyRequest, reply: FastifyReply) => FastifyReply;

const RETRY_AFTER_SECONDS = 2;
const NOT_FOUND = { statusCode: 404 } as const;

/** A problem document ready to be sent. */
export interface ProblemAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** @param publicUrl prefix of the document's `type` */
export function problemAnswer(error: RequestError, publicUrl: string, requestId: string): ProblemAnswer {
  const { code, ...facts } = error;
  const { status } = PROBLEMS[code];
  const wait = error.retryAfterSeconds ?? (status === 503 ? RETRY_AFTER_SECONDS : undefined);
  const more = wait === undefined ? {} : { retryAfterSeconds: wait };
  return {
    status,
    headers: {
      ...COMMON_HEADERS,
      'content-type': PROBLEM_TYPE,
      ...(wait === undefined ? {} : { 'retry-after': String(wait) }),
      ...(status === 401 ? { 'www-authenticate': 'Bearer' } : {}),
    },
    body: JSON.stringify(problemDocument(code, publicUrl, { ...facts, ...more, requestId })),
  };
}

/** @param publicUrl prefix of the documents' `type` */
export function createSendProblem(publicUrl: string): SendProblem {
  return (error, request, reply) => {
    const refusal = toRequestError(error);
    const { status, headers, body } = problemAnswer(refusal, publicUrl, request.id);
    request.problem = refusal.code;
    if (isFault(refusal.code, status) && error instanceof Error) request.failure = error;
    return reply.removeHeader('etag').headers(headers).code(status).send(body);
  };
}

/** @param limit the rate limit of unknown addresses; null: none */
export function registerErrorAnswers(app: FastifyInstance, send: SendProblem, limit: Hook | null): void {
  app.setErrorHandler((error, request, reply) => send(error, request, reply));
  app.setNotFoundHandler(limit === null ? {} : { preHandler: limit }, (request, reply) =>
    send(NOT_FOUND, request, reply),
  );
}
