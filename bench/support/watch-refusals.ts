// A checkpoint with one connection that asks about a code until it is refused, and then about the next.

import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { endOfAnswer, verifyText } from './raw-http.js';
import { steadyMs } from './steady-ms.js';

const PAUSE_MS = 1;
const REFUSED = '"decision":"refuse"';

/** @returns when each was first refused, by the machine's steady clock: late by the pause of 1 ms and a way there and back at most */
export async function watchRefusals(
  { port, apiKey }: { readonly port: number; readonly apiKey: string },
  codes: readonly string[],
): Promise<readonly number[]> {
  const socket = connect(port, '127.0.0.1');
  socket.setNoDelay(true);
  await once(socket, 'connect');
  const requests = codes.map((code) => Buffer.from(verifyText(code, apiKey)));
  const times: number[] = [];
  while (times.length < requests.length) {
    const answer = await ask(socket, requests[times.length] as Buffer);
    if (answer.includes(REFUSED)) times.push(steadyMs());
    else await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  socket.destroy();
  return times;
}

/** @throws Error when the connection breaks */
function ask(socket: Socket, request: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
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
    const lose = (): void => end(() => reject(new Error('The verifier closed the connection.')));
    socket.on('data', hear);
    socket.once('close', lose);
    socket.write(request);
  });
}
