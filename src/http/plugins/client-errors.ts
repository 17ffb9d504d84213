// What is not even HTTP gets a problem document on the bare socket, and the connection ends.

import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { PROBLEM_TYPE } from '../problems.js';

const STATUS_BY_CODE: ReadonlyMap<string, readonly [line: string, code: string, title: string]> = new Map([
  ['ERR_HTTP_REQUEST_TIMEOUT', ['408 Request Timeout', 'invalid_request', 'The request came too slowly']],
  ['HPE_HEADER_OVERFLOW', ['431 Request Header Fields Too Large', 'too_large', 'The headers are too large']],
]);

const DEFAULT = ['400 Bad Request', 'invalid_request', 'This is not an HTTP request'] as const;

/** For the other side to read the answer and hang up; whoever does not is cut off, since no other deadline runs any more. */
const LINGER_MS = 1_000;

/** Sockets on which an answer has begun that another one in its middle would spoil. */
const answering = new WeakSet<Socket>();

/** From now on until `response` is closed, a client's error ends the connection without a word. */
export function keepWhole(socket: Socket, response: ServerResponse): void {
  answering.add(socket);
  response.once('close', () => answering.delete(socket));
}

export function answerClientError(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  if (!socket.writable || answering.has(socket)) {
    socket.destroy(error);
    return;
  }
  const [line, code, title] = STATUS_BY_CODE.get(error.code ?? '') ?? DEFAULT;
  const body = JSON.stringify({ type: 'about:blank', title, status: Number(line.slice(0, 3)), code });
  socket.end(
    `HTTP/1.1 ${line}\r\nconnection: close\r\ncontent-type: ${PROBLEM_TYPE}\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
  setTimeout(() => socket.destroy(), LINGER_MS).unref();
}
