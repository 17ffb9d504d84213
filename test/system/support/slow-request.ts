// A request that takes its time: all but its last byte is sent, so that it is under way as long as a test likes.

import { connect, type Socket } from 'node:net';
import type { NodeProcess } from '../../support/node-process.js';

const BODY = '{}';
const DEADLINE_MS = 30_000;

/** What completes it. */
export const REST = BODY.slice(-1);

/** The beginning of a request to the demo whose last byte is still to come. */
export async function beginRequest({ url }: NodeProcess): Promise<Socket> {
  const { port, hostname, host } = new URL(url);
  const socket = connect({ port: Number(port), host: hostname });
  socket.setEncoding('utf8');
  await new Promise<void>((resolve) => socket.once('connect', resolve));
  const headers = [
    `Host: ${host}`,
    `Origin: ${url}`,
    'Content-Type: application/json',
    `Content-Length: ${BODY.length}`,
  ];
  socket.write(`POST /demo/credentials HTTP/1.1\r\n${headers.join('\r\n')}\r\n\r\n${BODY.slice(0, -1)}`);
  return socket;
}

export function everythingSaid(socket: Socket): Promise<string> {
  return new Promise((resolve) => {
    let said = '';
    socket.on('data', (chunk) => {
      said += chunk;
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(said));
  });
}

/** Asks until nobody listens any more. */
export async function untilRefused(url: string): Promise<void> {
  for (const end = Date.now() + DEADLINE_MS; Date.now() < end; ) {
    const socket = connect({ port: Number(new URL(url).port), host: '127.0.0.1' });
    const isOpen = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true));
      socket.once('error', () => resolve(false));
    });
    socket.destroy();
    if (!isOpen) return;
  }
  throw new Error(`${url} still listens`);
}
