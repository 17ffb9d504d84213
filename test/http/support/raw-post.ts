// Requests to POST /v1/verify as bytes, for what no client library sends.

import { type AddressInfo, connect } from 'node:net';
import type { App } from '../../../src/http/app-types.js';
import { keyFor } from './twin-deps.js';

/** Between two pieces, so that they do not travel together. */
const PAUSE_MS = 20;

export function post(body: string): string {
  return (
    `POST /v1/verify HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${keyFor('verify')}\r\n` +
    `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
  );
}

export async function listen(app: App): Promise<number> {
  await app.listen({ host: '127.0.0.1', port: 0 });
  return (app.server.address() as AddressInfo).port;
}

/** What the server says, until it has answered `answers` times or closed the connection. */
export function exchange(port: number, pieces: readonly string[], answers: number): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    const socket = connect(port, '127.0.0.1');
    const left = [...pieces];
    const writing = setInterval(() => {
      const piece = left.shift();
      if (piece === undefined) clearInterval(writing);
      else socket.write(piece);
    }, PAUSE_MS);
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => {
      said += chunk;
      const complete = said.split(/HTTP\/1\.1 \d{3} [\s\S]*?\r\n\r\n/).length - 1;
      if (complete >= answers && said.endsWith('}')) socket.destroy();
    });
    socket.on('close', () => {
      clearInterval(writing);
      resolve(said);
    });
    socket.on('error', reject);
  });
}
