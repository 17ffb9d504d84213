import type { App } from '../../../src/http/app-types.js';

/** Listens on a free port of this machine. @returns the port */
export async function listen(app: App): Promise<number> {
  await app.listen({ port: 0, host: '127.0.0.1' });
  const address = app.server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
