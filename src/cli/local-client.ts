// How commands reach the data: the running node through its socket, or with none running the node opened in this process.
// Either way a command is an HTTP request to the same local app.

import { existsSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { Config } from '../config.js';
import { YimaError } from '../core/errors/yima-error.js';
import { socketPath } from '../server/socket-path.js';
import { databasePath } from './database-file.js';
import { unpackBody } from './unpack-body.js';

export interface LocalRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as it is, in the place of a body; its type is among the headers. */
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface LocalResponse {
  readonly status: number;
  readonly contentType: string;
  /** Unpacked where it came in gzip. */
  readonly body: string;
}

export interface LocalClient {
  /** Whether another process answers, or this one. */
  readonly via: 'socket' | 'process';
  readonly request: (request: LocalRequest) => Promise<LocalResponse>;
  readonly close: () => Promise<void>;
}

/** The part of a node that commands use. */
export interface OpenedNode {
  readonly localApp: {
    readonly inject: (request: {
      readonly method: LocalRequest['method'];
      readonly url: string;
      readonly headers: Record<string, string>;
      readonly payload?: string;
    }) => Promise<{
      readonly statusCode: number;
      readonly headers: Readonly<Record<string, unknown>>;
      readonly rawPayload: Buffer;
    }>;
  };
  readonly close: () => Promise<void>;
}

export interface LocalClientDeps {
  /** Takes the data folder's lock. @throws YimaError `data_locked` */
  readonly openNode: (config: Config) => Promise<OpenedNode>;
  /** How long to wait for a locked folder: another command, or a node that is starting. */
  readonly waitMs?: number;
}

const POLL_MS = 100;
/** Checking a long log takes its time. */
const RESPONSE_TIMEOUT_MS = 600_000;

/**
 * Makes nothing: keys and a log begun by a slip in YIMA_DATA_DIR would be nobody's.
 * @throws YimaError `not_found` when the data folder holds no node
 * @throws YimaError `data_locked` when somebody else has it and does not answer; whatever `openNode` throws
 */
export async function connectLocal(config: Config, deps: LocalClientDeps): Promise<LocalClient> {
  const path = socketPath(config.dataDir);
  const tries = Math.ceil((deps.waitMs ?? 5_000) / POLL_MS);
  for (let left = tries; ; left--) {
    if (await answers(path)) return socketClient(path);
    if (!existsSync(databasePath(config))) throw noNode(config.dataDir);
    try {
      return nodeClient(await deps.openNode(config));
    } catch (error) {
      if (!(error instanceof YimaError) || error.code !== 'data_locked') throw error;
      if (left <= 0) throw locked(config.dataDir, path, error);
    }
    await delay(POLL_MS);
  }
}

function noNode(dataDir: string): YimaError {
  return new YimaError(
    'not_found',
    `There is no node in ${dataDir}: run yima serve once, or let YIMA_DATA_DIR name the folder of one.`,
  );
}

function locked(dataDir: string, path: string, cause: YimaError): YimaError {
  return new YimaError(
    'data_locked',
    `${dataDir} is in use by another process that does not answer on ${path}. ` +
      `Wait until it has started or ended, or stop it. (${cause.message})`,
    { cause },
  );
}

/** Whether a node listens behind the socket; a file left behind by a killed one refuses connections. */
async function answers(path: string): Promise<boolean> {
  try {
    await exchange(path, { method: 'GET', path: '/health/live' });
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ECONNREFUSED') return false;
    throw new YimaError(
      'unavailable',
      `The node behind ${path} cannot be reached (${code ?? 'no answer'}). Run this as its user.`,
      {
        cause: error,
      },
    );
  }
}

function socketClient(path: string): LocalClient {
  return {
    via: 'socket',
    request: async (request) => {
      try {
        return await exchange(path, request);
      } catch (cause) {
        throw new YimaError(
          'unavailable',
          'The node went away before it answered; whether it did the work is unknown.',
          { cause },
        );
      }
    },
    close: async () => {},
  };
}

function payloadOf({ body, text }: LocalRequest): string | undefined {
  return body === undefined ? text : JSON.stringify(body);
}

function exchange(door: string, request: LocalRequest): Promise<LocalResponse> {
  const { method, path, headers } = request;
  const payload = payloadOf(request);
  return new Promise((resolve, reject) => {
    const sent = httpRequest(
      {
        socketPath: door,
        method,
        path,
        agent: false,
        timeout: RESPONSE_TIMEOUT_MS,
        headers: headersOf(payload, headers),
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          try {
            resolve(responseOf(response.statusCode ?? 0, response.headers, Buffer.concat(chunks)));
          } catch (error) {
            reject(error);
          }
        });
      },
    );
    sent.on('timeout', () => sent.destroy(new Error('timeout')));
    sent.on('error', reject);
    sent.end(payload);
  });
}

function responseOf(
  status: number,
  headers: Readonly<Record<string, unknown>>,
  body: Uint8Array,
): LocalResponse {
  const { 'content-type': contentType, 'content-encoding': encoding } = headers;
  return {
    status,
    contentType: typeof contentType === 'string' ? contentType : '',
    body: unpackBody(body, encoding),
  };
}

function headersOf(payload: string | undefined, headers: LocalRequest['headers']): Record<string, string> {
  if (payload === undefined) return { ...headers };
  return {
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(payload)),
    ...headers,
  };
}

function nodeClient(node: OpenedNode): LocalClient {
  return {
    via: 'process',
    request: async (request) => {
      const { method, path, headers } = request;
      const payload = payloadOf(request);
      const response = await node.localApp.inject({
        method,
        url: path,
        headers: headersOf(payload, headers),
        ...(payload === undefined ? {} : { payload }),
      });
      return responseOf(response.statusCode, response.headers, response.rawPayload);
    },
    close: node.close,
  };
}
