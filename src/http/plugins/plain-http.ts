// Plain HTTP on a port that speaks HTTPS: a person who typed http:// is told what to type, where a handshake that fails tells nothing.

import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { PROBLEM_TYPE } from '../problems.js';

/** The first byte of every TLS connection. */
const HANDSHAKE = 0x16;
const BODY = JSON.stringify({
  type: 'about:blank',
  title: 'This port speaks HTTPS: open the same address with https://',
  status: 400,
  code: 'invalid_request',
});
const ANSWER =
  `HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-type: ${PROBLEM_TYPE}\r\n` +
  `content-length: ${Buffer.byteLength(BODY)}\r\n\r\n${BODY}`;
/** For the other side to read the answer. */
const LINGER_MS = 1_000;

/** Looks at the first byte of each connection before TLS does. @param firstMs how long it may take to come */
export function answerPlainHttp(server: Server, firstMs: number): Server {
  const [ordinary] = server.listeners('connection') as [(this: Server, socket: Socket) => void];
  const silent = new Set<Socket>();
  server.off('connection', ordinary);
  server.on('connection', (socket) => {
    silent.add(socket);
    const drop = (): void => void socket.destroy();
    const forget = (): void => void silent.delete(socket);
    socket.setTimeout(firstMs, drop).on('error', drop).once('close', forget);
    socket.once('data', (first) => {
      forget();
      socket.off('close', forget).off('timeout', drop).setTimeout(0);
      if (first[0] !== HANDSHAKE) {
        socket.end(ANSWER);
        setTimeout(drop, LINGER_MS).unref();
        return;
      }
      socket.off('error', drop).pause();
      socket.unshift(first);
      ordinary.call(server, socket);
    });
  });
  const { closeIdleConnections: closeIdle, closeAllConnections: closeAll } = server;
  const dropSilent = (): void => {
    for (const socket of silent) socket.destroy();
  };
  return Object.assign(server, {
    closeIdleConnections: () => {
      dropSilent();
      closeIdle.call(server);
    },
    closeAllConnections: () => {
      dropSilent();
      closeAll.call(server);
    },
  });
}
