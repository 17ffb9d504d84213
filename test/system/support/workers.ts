// The workers of a running node, as its log tells of them, and what a checkpoint's many connections are told.

import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import type { NodeProcess } from '../../support/node-process.js';
import { until } from '../../support/until.js';
import type { Client } from './client.js';

/** Settings of a node with workers that nothing slows down. */
export const TWO_WORKERS = {
  WORKERS: '2',
  YIMA_RATE_LIMIT_PER_MINUTE: '0',
  YIMA_VERIFY_RATE_LIMIT_PER_MINUTE: '0',
  YIMA_SINGLE_REVOCATIONS_PER_DAY: '0',
  YIMA_SHUTDOWN_GRACE_SECONDS: '0',
} as const;

/** The pids of all workers that have ever served, in the order in which they began. */
export function workersOf(node: NodeProcess): readonly number[] {
  return [...node.output().matchAll(/"pid":(\d+),"msg":"worker serves"/g)].map(([, pid]) => Number(pid));
}

/** Why the worker was replaced; undefined: it was not. */
export function replacementOf(node: NodeProcess, pid: number): string | undefined {
  return new RegExp(`"pid":${pid},"reason":"(\\w+)","msg":"worker is replaced"`).exec(node.output())?.[1];
}

/** Also false for a process that has ended and that nobody has asked after. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' && process.platform !== 'linux';
  }
}

/** What this many connections of their own are told about a code: each verdict, once. */
export async function verdicts(
  client: Client,
  code: string,
  connections: number,
): Promise<readonly string[]> {
  const told = Array.from({ length: connections }, () =>
    client.verify(code).catch((error: Error) => error.message),
  );
  return [...new Set(await Promise.all(told))];
}

/** Opens connections until so many processes have answered, told apart by the mark that each gives its request ids. */
export async function untilAllAnswer(node: NodeProcess, workers: number): Promise<void> {
  const marks = new Set<string>();
  const url = new URL('/nowhere', node.url);
  await until(`${workers} workers answer`, async () => {
    for (const mark of await Promise.all([url, url, url, url].map(requestMark))) marks.add(mark);
    return marks.size === workers;
  });
}

function requestMark(url: URL): Promise<string> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { agent: false }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (chunk) => {
        body += chunk;
      });
      response.on('end', () => resolve(JSON.parse(body).requestId.split('-')[0]));
    });
    sent.on('error', reject);
    sent.end();
  });
}
