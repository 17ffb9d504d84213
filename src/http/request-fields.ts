// What hooks and routes leave on a request for the limits, the log and the figures.

import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Decision, ReasonCode } from '../core/errors/reasons.js';
import type { RequestErrorCode } from '../core/errors/yima-error.js';
import type { Principal } from '../core/issue/principal.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Milliseconds of the monotonic clock at the request's start. */
    startedAt: number;
    /** The route's pattern; null for an unknown address. Fastify's own `routeOptions` builds an object at each reading. */
    pattern: string | null;
    principal: Principal | null;
    /** What a verify route answered. */
    verdict: { readonly decision: Decision; readonly reason: ReasonCode } | null;
    /** The code of the problem document, when there was one. */
    problem: RequestErrorCode | null;
    /** What broke inside, when the fault was ours. */
    failure: Error | null;
  }
}

/** What limits, log and figures know of one request, whichever way it takes through the server. */
export type RequestFacts = Pick<
  FastifyRequest,
  'id' | 'method' | 'startedAt' | 'pattern' | 'principal' | 'verdict' | 'problem' | 'failure'
>;

/** Told of each request once, as it is answered. */
export type RecordRequest = (request: RequestFacts, status: number) => void;

/** Headers of every answer, unless a route says otherwise. */
export const COMMON_HEADERS = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' } as const;

/** @param record hears of every answer */
export function registerRequestFields(app: FastifyInstance, record: RecordRequest): void {
  app.decorateRequest('startedAt', 0);
  app.decorateRequest('pattern', null);
  app.decorateRequest('principal', null);
  app.decorateRequest('verdict', null);
  app.decorateRequest('problem', null);
  app.decorateRequest('failure', null);
  app.addHook('onRequest', (request, reply, done) => {
    request.startedAt = performance.now();
    reply.headers(COMMON_HEADERS);
    done();
  });
  app.addHook('onSend', (request, reply, _payload, done) => {
    record(request, reply.statusCode);
    done();
  });
}
