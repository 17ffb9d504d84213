// Every refusal of a request leaves here as a problem document; unknown addresses cost the visitor from the rate limit.

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isFault, PROBLEM_TYPE, PROBLEMS, problemDocument } from '../problems.js';
import { toRequestError } from '../request-error.js';

type Hook = (request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void) => void;

export type SendProblem = (error: unknown, request: FastifyRequest, reply: FastifyReply) => FastifyReply;

const RETRY_AFTER_SECONDS = 2;
const NOT_FOUND = { statusCode: 404 } as const;

/** @param publicUrl prefix of the documents' `type` */
export function createSendProblem(publicUrl: string): SendProblem {
  return (error, request, reply) => {
    const { code, ...facts } = toRequestError(error);
    const { status } = PROBLEMS[code];
    request.problem = code;
    if (isFault(status) && error instanceof Error) request.failure = error;
    if (status === 503 && !reply.hasHeader('retry-after')) reply.header('retry-after', RETRY_AFTER_SECONDS);
    if (status === 401) reply.header('www-authenticate', 'Bearer');
    const wait = reply.getHeader('retry-after');
    const document = problemDocument(code, publicUrl, {
      ...facts,
      requestId: request.id,
      retryAfterSeconds: wait === undefined ? undefined : Number(wait),
    });
    reply
      .removeHeader('etag')
      .header('cache-control', 'no-store')
      .header('x-content-type-options', 'nosniff');
    return reply.code(status).type(PROBLEM_TYPE).send(JSON.stringify(document));
  };
}

/** @param limit the rate limit of unknown addresses; null: none */
export function registerErrorAnswers(app: FastifyInstance, send: SendProblem, limit: Hook | null): void {
  app.setErrorHandler((error, request, reply) => send(error, request, reply));
  app.setNotFoundHandler(limit === null ? {} : { preHandler: limit }, (request, reply) =>
    send(NOT_FOUND, request, reply),
  );
}
