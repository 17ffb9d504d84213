// A load generator on raw sockets, one request in flight a connection: about 6 us a request, where http.Agent takes 33.

import { connect, type Socket } from 'node:net';
import { endOfAnswer } from './raw-http.js';

export interface LoadOptions {
  readonly port: number;
  /** Whole HTTP/1.1 requests, sent in turn over all connections. */
  readonly requests: readonly Buffer[];
  readonly connections: number;
  readonly ms: number;
  /** Bytes that every answer must contain, so often. */
  readonly expect: string;
  readonly answers: number;
}

export interface LoadResult {
  readonly requests: number;
  readonly seconds: number;
}

/**
 * Requests that are shed, as the first ones of a server that is not compiled yet may be, are not counted.
 * @throws when any other answer lacks `expect` somewhere, so that no figure stands for a refusal
 */
export async function startLoad(options: LoadOptions): Promise<LoadResult> {
  const begin = performance.now();
  const until = begin + options.ms;
  let next = 0;
  const take = (): Buffer => options.requests[next++ % options.requests.length] as Buffer;
  const counts = await Promise.all(
    Array.from({ length: options.connections }, () => drive(options, take, until)),
  );
  return {
    requests: counts.reduce((sum, count) => sum + count, 0),
    seconds: (performance.now() - begin) / 1000,
  };
}

function drive({ port, expect, answers }: LoadOptions, take: () => Buffer, until: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket: Socket = connect(port, '127.0.0.1');
    const expected = Buffer.from(expect);
    let answered = 0;
    let received: Buffer = Buffer.alloc(0);
    socket.setNoDelay(true);
    socket.on('connect', () => socket.write(take()));
    socket.on('error', reject);
    socket.on('data', (chunk) => {
      received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
      const end = endOfAnswer(received);
      if (end === null || received.length < end) return;
      const shed = received.includes(SHED);
      if (!shed && !contains(received, expected, answers)) {
        socket.destroy();
        reject(new Error(`unexpected answer: ${received.toString('utf8', 0, 300)}`));
        return;
      }
      if (!shed) answered += 1;
      received = Buffer.alloc(0);
      if (performance.now() < until) {
        socket.write(take());
      } else {
        socket.destroy();
        resolve(answered);
      }
    });
  });
}

const SHED = Buffer.from('"code":"overloaded"');

function contains(received: Buffer, expected: Buffer, times: number): boolean {
  let at = -1;
  for (let i = 0; i < times; i += 1) {
    at = received.indexOf(expected, at + 1);
    if (at < 0) return false;
  }
  return true;
}
