// How our servers listen: strict schemas, small limits, a deadline on everything a stranger sends.

import { randomBytes } from 'node:crypto';
import { createServer as createHttpServer, type Server } from 'node:http';
import type { Socket } from 'node:net';
import Fastify, {
  type FastifyHttpOptions,
  type FastifyReply,
  type FastifyRequest,
  type RawServerDefault,
} from 'fastify';
import type { App } from './app-types.js';
import type { Timeouts } from './deps.js';
import type { Door, DoorTimes } from './door/verify-door.js';
import { answerClientError } from './plugins/client-errors.js';
import type { SendProblem } from './plugins/error-answers.js';

const BODY_LIMIT = 65_536;

const TIMEOUTS: Timeouts = { headers: 5_000, request: 30_000, keepAlive: 15_000, sweep: 1_000 };

/** What the door holds connections to. */
export function doorTimes({ headers, keepAlive }: Timeouts = TIMEOUTS): DoorTimes {
  return { firstMs: headers, nextMs: keepAlive };
}

/** How long a request may take to come in. */
export function requestTimeoutMs(timeouts: Timeouts = TIMEOUTS): number {
  return timeouts.request;
}

const MAX_HEADER_BYTES = 8_192;
const MAX_PARAM_CHARS = 64;

/** Ids that tell one start of the node from another: `k3f9a2c1-1`. */
export function createIds(): () => string {
  const start = randomBytes(4).toString('hex');
  let count = 0;
  return () => `${start}-${(++count).toString(36)}`;
}

export interface ServerParts {
  readonly trustProxy: readonly string[];
  /** Answers what fails before a route is found. */
  readonly send: SendProblem;
  readonly nextId: () => string;
  /** Meets connections before the parser does; null: nothing does. */
  readonly door: Door | null;
  readonly timeouts?: Timeouts | undefined;
}

/** An app without routes. It logs nothing by itself (logging.ts). */
export function createServer({ trustProxy, send, nextId, door, timeouts = TIMEOUTS }: ServerParts): App {
  const options: FastifyHttpOptions<RawServerDefault> = {
    logger: false,
    genReqId: nextId,
    trustProxy: trustProxy.length === 0 ? false : [...trustProxy],
    bodyLimit: BODY_LIMIT,
    serverFactory: (router) => {
      const server = createHttpServer({
        requestTimeout: timeouts.request,
        keepAliveTimeout: timeouts.keepAlive,
        headersTimeout: timeouts.headers,
        connectionsCheckingInterval: timeouts.sweep,
        maxHeaderSize: MAX_HEADER_BYTES,
      });
      server.on('request', router);
      return door === null ? server : withDoor(server, door);
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

/** Connections go to the door first; what closes the server's closes the door's. */
function withDoor(server: Server, door: Door): Server {
  const [ordinary] = server.listeners('connection') as [(this: Server, socket: Socket) => void];
  server.off('connection', ordinary);
  server.on('connection', (socket) => {
    door.meet(
      socket,
      () => ordinary.call(server, socket),
      () => server.listening,
    );
  });
  const [closeIdle, closeAll] = [server.closeIdleConnections, server.closeAllConnections];
  return Object.assign(server, {
    closeIdleConnections: () => {
      door.closeIdle();
      closeIdle.call(server);
    },
    closeAllConnections: () => {
      door.closeAll();
      closeAll.call(server);
    },
  });
}
