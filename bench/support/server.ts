// The process under test: a real node with 32 signing keys over a temporary data folder, or the floor.

import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Fastify, { type FastifyInstance } from 'fastify';
import { loadConfig } from '../../src/config.js';
import { openNode } from '../../src/server/node.js';
import { issueRequest } from '../../test/support/office.js';
import { createRawVerify } from '../verify.js';
import type { Listening, ServerKind } from './server-process.js';

const KEYS = 32;
const CODES_A_KEY = 60;

interface Started extends Listening {
  readonly close: () => Promise<void>;
}

async function listen(app: FastifyInstance): Promise<number> {
  await app.listen({ host: '127.0.0.1', port: 0 });
  return (app.server.address() as AddressInfo).port;
}

function post(path: string, body: string, headers = ''): string {
  return `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\n${headers}content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

/** @param expect what every answer holds: that of the first of a limited key too */
async function startVerify(perMinute: number, expect: string): Promise<Started> {
  const folder = mkdtempSync(join(tmpdir(), 'yima-bench-'));
  const node = await openNode(
    loadConfig({
      YIMA_DATA_DIR: folder,
      YIMA_LOG_LEVEL: 'silent',
      YIMA_DEMO: 'off',
      YIMA_VERIFY_RATE_LIMIT_PER_MINUTE: String(perMinute),
    }),
  );
  const codes: string[] = [];
  for (let key = 0; key < KEYS; key += 1) {
    await node.localApp.inject({ method: 'POST', url: '/v1/keys/rotate', payload: { use: 'credential' } });
    const issued = Array.from({ length: CODES_A_KEY }, () =>
      node.localApp.inject({ method: 'POST', url: '/v1/credentials', payload: issueRequest() }),
    );
    for (const response of await Promise.all(issued)) {
      codes.push(response.json<{ encodings: [{ code: string }] }>().encodings[0].code);
    }
  }
  const { secret } = await node.access.create('bench', {
    name: 'bench',
    scopes: ['verify'],
    expiresAt: null,
  });
  const mixed = codes.map((_, i) => codes[(i % KEYS) * CODES_A_KEY + Math.floor(i / KEYS)] ?? '');
  return {
    port: await listen(node.app),
    requests: mixed.map((code) =>
      post('/v1/verify', JSON.stringify({ code }), `authorization: Bearer ${secret}\r\n`),
    ),
    expect,
    close: async () => {
      await node.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/**
 * As much JSON in and out as a verification has, through a body schema and a response schema.
 * @param work done in the handler before it answers
 */
async function startFixed(work: () => void): Promise<Started> {
  const app = Fastify();
  const answer = { decision: 'admit', filler: 'x'.repeat(1_300) };
  const text = { type: 'string' } as const;
  app.post(
    '/fixed',
    {
      schema: {
        body: { type: 'object', properties: { code: text }, required: ['code'] },
        response: { 200: { type: 'object', properties: { decision: text, filler: text } } },
      },
    },
    () => {
      work();
      return answer;
    },
  );
  const request = post('/fixed', JSON.stringify({ code: 'Y'.repeat(270) }));
  return { port: await listen(app), requests: [request], expect: '"admit"', close: () => app.close() };
}

const STARTS: Readonly<Record<ServerKind, () => Promise<Started>>> = {
  verify: () => startVerify(1_000_000_000, '"decision":"admit"'),
  limited: () => startVerify(1, '"status":'),
  fixed: () => startFixed(() => undefined),
  bare: () => startFixed(createRawVerify(KEYS)),
};

const started = await STARTS[process.argv[2] as ServerKind]();
const { close, ...listening } = started;
process.on('message', () => {
  const { user, system } = process.cpuUsage();
  process.send?.(user + system);
});
process.on('SIGTERM', () => {
  void close().then(() => process.exit(0));
});
process.send?.(listening satisfies Listening);
