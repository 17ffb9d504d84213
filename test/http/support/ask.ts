// What `app.inject` asks, asked over a socket: the way through the whole server, door included.

import { request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { InjectOptions } from 'fastify';
import type { App } from '../../../src/http/app-types.js';

export interface Asked {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
  readonly json: <T = Record<string, unknown>>() => T;
}

export type Ask = (options: InjectOptions) => Promise<Asked>;

/** The two ways to ask an app, by name. Opens a port for the second. */
export async function bothWays(
  app: App,
): Promise<readonly [inject: readonly [string, Ask], socket: readonly [string, Ask]]> {
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  return [
    ['past the door', async (options) => app.inject(options)],
    ['over a socket', (options) => askSocket(port, options)],
  ];
}

function askSocket(port: number, { method, url, headers, payload }: InjectOptions): Promise<Asked> {
  const isText = typeof payload === 'string' || Buffer.isBuffer(payload);
  const body = isText || payload === undefined ? payload : JSON.stringify(payload);
  return new Promise((resolve, reject) => {
    const asked = httpRequest({
      port,
      host: '127.0.0.1',
      method: method ?? 'GET',
      path: String(url),
      headers: {
        ...(isText || body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }),
        ...headers,
      },
    });
    asked.on('error', reject);
    asked.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        const { statusCode = 0, headers: answered } = response;
        resolve({ statusCode, headers: answered, body: text, json: () => JSON.parse(text) });
      });
    });
    asked.end(body);
  });
}
