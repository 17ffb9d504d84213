// What a desk and a checkpoint send to a running node, with the key that it wrote for the first minutes.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NodeProcess } from '../../support/node-process.js';

/** Synthetic: nobody was born then. */
export const PERSON = { holderName: '张三', holderIdType: '111', holderId: '330102190001010011' } as const;

export interface Issued {
  readonly id: string;
  readonly state: string;
  /** Epoch seconds. */
  readonly expiresAt: number | null;
  readonly encodings: readonly [
    {
      readonly form: string;
      readonly code: string;
      readonly kid: string;
      readonly list: number;
      readonly png: string;
    },
  ];
}

export interface Changed {
  /** The log entry that recorded it. */
  readonly logSeq: number;
}

export interface Client {
  /** The answer as it came; no path that begins with `/` leaves the node. */
  readonly send: (
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ) => Promise<Response>;
  /** All codes in one batch: the answers' lines, in the order of the codes. */
  readonly verifyBatch: (codes: readonly string[]) => Promise<readonly string[]>;
  /** @throws Error unless the node acknowledges it */
  readonly issue: (idempotencyKey: string, claims?: object, kind?: string) => Promise<Issued>;
  readonly revoke: (id: string) => Promise<Changed>;
  readonly suspend: (id: string) => Promise<Changed>;
  readonly find: (id: string) => Promise<Issued>;
  /** `decision/reason` */
  readonly verify: (code: string) => Promise<string>;
}

/** The key that a node with the demo on leaves in its data folder. */
export function demoKey(dataDir: string): string {
  return readFileSync(join(dataDir, 'demo.key'), 'utf8').trim();
}

async function read<T>(response: Response, ...statuses: readonly number[]): Promise<T> {
  if (!statuses.includes(response.status)) throw new Error(`${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}

/** @param key the demo's when absent */
export function createClient({ url }: NodeProcess, dataDir: string, key = demoKey(dataDir)): Client {
  return createClientWithKey(url, key);
}

export function createClientWithKey(url: string, key: string): Client {
  const send: Client['send'] = (path, body, headers = {}) =>
    fetch(new URL(path, url), {
      headers: {
        authorization: `Bearer ${key}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
    });
  const change = async (id: string, action: string): Promise<Changed> =>
    read(await send(`/v1/credentials/${id}/status`, { action, reason: 'test' }), 200);
  return {
    send,
    issue: async (idempotencyKey, claims = PERSON, kind = 'health-code') => {
      const body = { kind, region: '330102', claims, operator: 'desk-1', evidence: 'case-1' };
      return read(await send('/v1/credentials', body, { 'idempotency-key': idempotencyKey }), 200, 201);
    },
    revoke: (id) => change(id, 'revoke'),
    suspend: (id) => change(id, 'suspend'),
    verifyBatch: async (codes) => {
      const lines = codes.map((code, i) => `${JSON.stringify({ id: String(i), code })}\n`);
      const response = await fetch(new URL('/v1/verify/batch', url), {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/x-ndjson' },
        body: lines.join(''),
      });
      if (response.status !== 200) throw new Error(`${response.status}`);
      return (await response.text()).trimEnd().split('\n');
    },
    find: async (id) => read(await send(`/v1/credentials/${id}`), 200),
    verify: async (code) => {
      const answer = await read<{ decision: string; reason: string }>(
        await send('/v1/verify', { code }),
        200,
      );
      return `${answer.decision}/${answer.reason}`;
    },
  };
}
