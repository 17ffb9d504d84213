// How our servers listen: strict schemas, small limits, a deadline on everything a stranger sends.

import { randomBytes } from 'node:crypto';
import Fastify, {
  type FastifyHttpOptions,
  type FastifyReply,
  type FastifyRequest,
  type RawServerDefault,
} from 'fastify';
import type { App } from './app-types.js';
import type { Timeouts } from './deps.js';
import { answerClientError } from './plugins/client-errors.js';
import type { SendProblem } from './plugins/error-answers.js';

const BODY_LIMIT = 65_536;

const TIMEOUTS: Timeouts = { headers: 5_000, request: 30_000, keepAlive: 15_000, sweep: 1_000 };

/** How long a request may take to come in. */
export function requestTimeoutMs(timeouts: Timeouts = TIMEOUTS): number {
  return timeouts.request;
}

const MAX_HEADER_BYTES = 8_192;
const MAX_PARAM_CHARS = 64;

/** Ids that tell one start of the node from another: `k3f9a2c1-1`. */
function createIds(): () => string {
  const start = randomBytes(4).toString('hex');
  let count = 0;
  return () => `${start}-${(++count).toString(36)}`;
}

/**
 * An app without routes. It logs nothing by itself (logging.ts).
 * @param send answers what fails before a route is found
 */
export function createServer(
  trustProxy: readonly string[],
  send: SendProblem,
  timeouts: Timeouts = TIMEOUTS,
): App {
  const options: FastifyHttpOptions<RawServerDefault> = {
    logger: false,
    genReqId: createIds(),
    trustProxy: trustProxy.length === 0 ? false : [...trustProxy],
    bodyLimit: BODY_LIMIT,
    requestTimeout: timeouts.request,
    keepAliveTimeout: timeouts.keepAlive,
    http: {
      headersTimeout: timeouts.headers,
      connectionsCheckingInterval: timeouts.sweep,
      maxHeaderSize: MAX_HEADER_BYTES,
    },
    // While draining, what is already on a connection is still served, and told to come no more.
    return503OnClosing: false,
    routerOptions: { maxParamLength: MAX_PARAM_CHARS },
    clientErrorHandler: answerClientError,
    frameworkErrors: (error, request, reply) => {
      send(error, request as FastifyRequest, reply as FastifyReply);
    },
    ajv: {
      customOptions: { coerceTypes: false, removeAdditional: false, useDefaults: false, allErrors: false },
    },
  };
  return Fastify(options) as unknown as App;
}
