// One keep-alive connection with at most one request on it, so that an answer belongs to the request before it. A broken one is
// opened anew at the next request.

import { connect, type Socket } from 'node:net';
import { type HttpAnswer, readAnswer } from '../support/raw-http.js';

/** Why there is no answer. */
export type Fault = 'not connected' | 'closed' | 'not HTTP' | 'timeout' | 'unanswered at the end';

export interface Line {
  readonly send: (request: Buffer, done: (answer: HttpAnswer | Fault) => void) => void;
  readonly close: () => void;
}

const TIMEOUT_MS = 10_000;
const NOTHING = Buffer.alloc(0);

export function createLine(port: number, host: string): Line {
  let socket: Socket | null = null;
  let waiting: ((answer: HttpAnswer | Fault) => void) | null = null;
  let received: Buffer = NOTHING;

  const settle = (answer: HttpAnswer | Fault): void => {
    const done = waiting;
    waiting = null;
    received = NOTHING;
    done?.(answer);
  };
  const leave = (left: Socket): void => {
    socket = null;
    left.destroy();
  };
  const open = (): Socket => {
    const opened = connect(port, host);
    let fault: Fault = 'not connected';
    const give = (why: Fault): void => {
      fault = why;
      opened.destroy();
    };
    opened.setNoDelay(true);
    opened.setTimeout(TIMEOUT_MS, () => give('timeout'));
    opened.on('connect', () => {
      fault = 'closed';
    });
    opened.on('error', () => undefined); // its close follows
    opened.on('close', () => {
      if (socket !== opened) return;
      socket = null;
      settle(fault);
    });
    opened.on('data', (chunk) => {
      received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
      try {
        const answer = readAnswer(received);
        if (answer === null) return;
        if (answer.closes) leave(opened);
        settle(answer);
      } catch {
        give('not HTTP');
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
      if (socket !== null) leave(socket);
      settle('unanswered at the end');
    },
  };
}
