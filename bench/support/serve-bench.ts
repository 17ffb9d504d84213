// The part of a process under test that talks with the bench: where it listens, what it used, when to go.

import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import type { Listening } from './server-process.js';

export interface Started extends Listening {
  readonly close: () => Promise<void>;
}

export async function listen(app: FastifyInstance): Promise<number> {
  await app.listen({ host: '127.0.0.1', port: 0 });
  return (app.server.address() as AddressInfo).port;
}

/** Tells the parent that it listens, answers each of its messages with the processor time so far, and leaves at SIGTERM. */
export function serveBench({ close, ...listening }: Started): void {
  process.on('message', () => {
    const { user, system } = process.cpuUsage();
    process.send?.(user + system);
  });
  process.on('disconnect', () => process.exit(1)); // whoever measured is gone
  process.on('SIGTERM', () => {
    void close().then(() => process.exit(0));
  });
  process.send?.(listening satisfies Listening);
}
