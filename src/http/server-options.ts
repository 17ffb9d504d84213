// How our servers listen: strict schemas, small limits, a deadline on everything a stranger sends.

import { randomBytes } from 'node:crypto';
import { createServer as createHttpServer, type Server, type ServerOptions } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
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
import { answerPlainHttp } from './plugins/plain-http.js';

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
  /** Whether it speaks HTTPS; it has no certificate until `setSecureContext`. */
  readonly isTls: boolean;
  /** Meets connections before the parser does; null: nothing does. */
  readonly door: Door | null;
  readonly timeouts?: Timeouts | undefined;
}

/** An app without routes. It logs nothing by itself (logging.ts). */
export function createServer(parts: ServerParts): App {
  const { trustProxy, isTls, send, nextId, door, timeouts = TIMEOUTS } = parts;
  const options: FastifyHttpOptions<RawServerDefault> = {
    logger: false,
    genReqId: nextId,
    trustProxy: trustProxy.length === 0 ? false : [...trustProxy],
    bodyLimit: BODY_LIMIT,
    serverFactory: (router) => {
      const limits: ServerOptions = {
        requestTimeout: timeouts.request,
        keepAliveTimeout: timeouts.keepAlive,
        headersTimeout: timeouts.headers,
        connectionsCheckingInterval: timeouts.sweep,
        maxHeaderSize: MAX_HEADER_BYTES,
      };
      const server = isTls ? createTlsServer(limits, timeouts.headers) : createHttpServer(limits);
      server.on('request', router);
      return door === null ? server : withDoor(server, door, isTls ? 'secureConnection' : 'connection');
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

function createTlsServer(limits: ServerOptions, handshakeMs: number): Server {
  const server = createHttpsServer({ ...limits, minVersion: 'TLSv1.2', handshakeTimeout: handshakeMs });
  server.removeAllListeners('tlsClientError'); // which would answer in HTTP where no handshake came about
  server.on('tlsClientError', (_error, socket) => void socket.destroy());
  return answerPlainHttp(server, handshakeMs);
}

/** Connections go to the door first; what closes the server's closes the door's. */
function withDoor(server: Server, door: Door, event: 'connection' | 'secureConnection'): Server {
  const [ordinary] = server.listeners(event) as [(this: Server, socket: Socket) => void];
  server.off(event, ordinary);
  server.on(event, (socket: Socket) => {
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
