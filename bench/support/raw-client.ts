// One connection that carries one request at a time.

import { once } from 'node:events';
import { connect } from 'node:net';
import { endOfAnswer } from './raw-http.js';

export interface RawClient {
  /** Sends one whole request. @returns the whole answer @throws Error when the connection breaks */
  readonly ask: (request: Buffer) => Promise<Buffer>;
  readonly close: () => void;
}

export async function openRawClient(port: number): Promise<RawClient> {
  const socket = connect(port, '127.0.0.1');
  socket.setNoDelay(true);
  await once(socket, 'connect');
  return {
    ask: (request) =>
      new Promise((resolve, reject) => {
        let received: Buffer = Buffer.alloc(0);
        const end = (settle: () => void): void => {
          socket.off('data', hear);
          socket.off('close', lose);
          settle();
        };
        const hear = (chunk: Buffer): void => {
          received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
          const length = endOfAnswer(received);
          if (length !== null && received.length >= length) end(() => resolve(received));
        };
        const lose = (): void => end(() => reject(new Error('The node closed the connection.')));
        socket.on('data', hear);
        socket.once('close', lose);
        socket.write(request);
      }),
    close: () => socket.destroy(),
  };
}
