// Opening a port, and closing it in good order.

import { Server as TlsServer } from 'node:tls';
import type { FastifyInstance } from 'fastify';
import { YimaError } from '../core/errors/yima-error.js';
import type { TlsPair } from './tls/tls-pair.js';

/** While draining: how often connections that have become idle are closed. */
const DRAIN_SWEEP_MS = 100;

/**
 * @returns the address that others open
 * @throws YimaError `unavailable` when the port cannot be had
 */
export async function listenOn(app: FastifyInstance, host: string, port: number): Promise<string> {
  try {
    await app.listen({ host, port });
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code ?? 'error';
    const message = `Cannot listen on ${host}:${port} (${reason}). Stop what uses it, or set HOST, PORT and ADMIN_PORT.`;
    throw new YimaError('unavailable', message, { cause });
  }
  return addressOf(app);
}

function addressOf(app: FastifyInstance): string {
  const address = app.server.address();
  if (address === null || typeof address === 'string') return '';
  const scheme = app.server instanceof TlsServer ? 'https' : 'http';
  return `${scheme}://${address.family === 'IPv6' ? `[${address.address}]` : address.address}:${address.port}`;
}

/** From now on new connections see this certificate. An app that speaks no HTTPS is left as it is. */
export function showCertificate(app: FastifyInstance, pair: TlsPair | null): void {
  const server: unknown = app.server;
  if (server instanceof TlsServer && pair !== null)
    server.setSecureContext({ cert: pair.cert, key: pair.key });
}

/** No new connections, and a bounded wait for those that are open. */
export async function closeDoors(apps: readonly FastifyInstance[], drainMs: number): Promise<void> {
  const servers = apps.map(({ server }) => server);
  // A connection whose last answer left after the doors closed would otherwise stay for its keep-alive time.
  const sweep = setInterval(() => {
    for (const server of servers) server.closeIdleConnections();
  }, DRAIN_SWEEP_MS);
  const cutOff = setTimeout(() => {
    for (const server of servers) server.closeAllConnections();
  }, drainMs);
  await Promise.all(apps.map((app) => app.close()));
  clearTimeout(cutOff);
  clearInterval(sweep);
}
