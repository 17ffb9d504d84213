// One keep-alive connection with at most one request on it, so that an answer belongs to the request before it. A broken one is
// opened anew at the next request.

import { connect, type Socket } from 'node:net';
import { type HttpAnswer, readAnswer } from '../support/raw-http.js';

export interface Line {
  /** @param done gets null when the connection broke, or the answer was none, or did not come in time */
  readonly send: (request: Buffer, done: (answer: HttpAnswer | null) => void) => void;
  readonly close: () => void;
}

const TIMEOUT_MS = 10_000;
const NOTHING = Buffer.alloc(0);

export function createLine(port: number, host: string): Line {
  let socket: Socket | null = null;
  let waiting: ((answer: HttpAnswer | null) => void) | null = null;
  let received: Buffer = NOTHING;

  const settle = (answer: HttpAnswer | null): void => {
    const done = waiting;
    waiting = null;
    received = NOTHING;
    done?.(answer);
  };
  const open = (): Socket => {
    const opened = connect(port, host);
    opened.setNoDelay(true);
    opened.setTimeout(TIMEOUT_MS, () => opened.destroy());
    opened.on('error', () => undefined); // its close follows
    opened.on('close', () => {
      if (socket !== opened) return;
      socket = null;
      settle(null);
    });
    opened.on('data', (chunk) => {
      received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
      try {
        const answer = readAnswer(received);
        if (answer !== null) settle(answer);
      } catch {
        opened.destroy();
      }
    });
    return opened;
  };

  return {
    send: (request, done) => {
      waiting = done;
      socket ??= open();
      socket.write(request);
    },
    close: () => {
      socket?.destroy();
    },
  };
}
