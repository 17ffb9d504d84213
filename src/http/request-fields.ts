// What hooks and routes leave on a request for the limits, the log and the figures.

import type { FastifyInstance } from 'fastify';
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

export function registerRequestFields(app: FastifyInstance): void {
  app.decorateRequest('startedAt', 0);
  app.decorateRequest('pattern', null);
  app.decorateRequest('principal', null);
  app.decorateRequest('verdict', null);
  app.decorateRequest('problem', null);
  app.decorateRequest('failure', null);
  app.addHook('onRequest', (request, reply, done) => {
    request.startedAt = performance.now();
    reply.header('cache-control', 'no-store').header('x-content-type-options', 'nosniff');
    done();
  });
}
