// An open loop: requests are due at a given rate whatever the server does, as people come to a gate. A request that finds every
// connection busy waits with the generator for a while, and is given up.

import { connect, type Socket } from 'node:net';

export interface OpenLoad {
  /** Whole HTTP/1.1 requests, in turn. */
  readonly requests: readonly Buffer[];
  readonly perSecond: number;
  readonly ms: number;
  /** How long a request may wait for a connection before its sender gives up, and then for its answer. */
  readonly sendWithinMs: number;
  readonly answerWithinMs: number;
}

/** Connections that stand open, so that a run costs no handshakes. */
export interface Crowd {
  readonly run: (load: OpenLoad) => Promise<OpenResult>;
  readonly leave: () => void;
}

export interface OpenResult {
  /** Verdicts in time. */
  readonly good: number;
  readonly late: number;
  readonly shed: number;
  /** Given up before a connection was free. */
  readonly givenUp: number;
  readonly seconds: number;
}

const TICK_MS = 1;
const STATUS_AT = 'HTTP/1.1 '.length;

/** Each connection asks once, so that the server has accepted all of them: it accepts one in each turn of its loop. */
export async function openCrowd(port: number, first: Buffer, connections: number): Promise<Crowd> {
  const lanes = await Promise.all(Array.from({ length: connections }, () => openLane(port, first)));
  return {
    run: (load) => run(lanes, load),
    leave: () => {
      for (const { socket } of lanes) socket.destroy();
    },
  };
}

async function run(
  lanes: readonly Lane[],
  { requests, perSecond, ms, sendWithinMs, answerWithinMs }: OpenLoad,
): Promise<OpenResult> {
  const counts = { good: 0, late: 0, shed: 0, givenUp: 0 };
  const free = [...lanes];
  for (const lane of lanes) {
    lane.answered = (status) => {
      if (status !== 200) counts.shed += 1;
      else if (performance.now() - lane.sentAt <= answerWithinMs) counts.good += 1;
      else counts.late += 1;
      free.push(lane);
    };
  }
  const begin = performance.now();
  const dueAt = (request: number): number => begin + (request * 1000) / perSecond;
  let next = 0;
  const dispatch = (): void => {
    const now = performance.now();
    for (; dueAt(next) <= now; next += 1) {
      if (now - dueAt(next) > sendWithinMs) {
        counts.givenUp += 1;
        continue;
      }
      const lane = free.pop();
      if (lane === undefined) return;
      lane.sentAt = now;
      lane.socket.write(requests[next % requests.length] as Buffer);
    }
  };
  const ticking = setInterval(dispatch, TICK_MS);
  await new Promise((resolve) => setTimeout(resolve, ms));
  clearInterval(ticking);
  return { ...counts, seconds: (performance.now() - begin) / 1000 };
}

interface Lane {
  readonly socket: Socket;
  sentAt: number;
  answered: (status: number) => void;
}

function openLane(port: number, first: Buffer): Promise<Lane> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    const lane: Lane = { socket, sentAt: 0, answered: () => resolve(lane) };
    let status = 0;
    let missing = 0;
    socket.setNoDelay(true);
    socket.on('error', reject);
    socket.on('connect', () => socket.write(first));
    socket.on('data', (chunk) => {
      if (missing === 0) {
        const head = chunk.toString('latin1', 0, Math.min(chunk.length, 600));
        status = Number(head.slice(STATUS_AT, STATUS_AT + 3));
        missing = head.indexOf('\r\n\r\n') + 4 + Number(/content-length: (\d+)/i.exec(head)?.[1]);
      }
      missing -= chunk.length;
      if (missing === 0) lane.answered(status);
    });
  });
}
