// An issuer and verifiers that follow its feed in Redis, a process each, told by message what to do.

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePorts, type Settings } from '../../test/support/node-process.js';
import type { Owner } from '../../test/support/redis-server.js';
import { until } from '../../test/support/until.js';

export interface FeedNodeSettings {
  /** Its own, which it removes when it leaves in good order. */
  readonly folder: string;
  /** The issuer's published keys; null for the issuer itself. */
  readonly trust: string | null;
  readonly env: Settings;
}

export interface Issued {
  readonly id: string;
  readonly code: string;
}

export type Asked =
  | { readonly type: 'issue'; readonly count: number }
  | { readonly type: 'trust' }
  | { readonly type: 'admitted'; readonly code: string }
  | { readonly type: 'cpu' };

export type Told =
  | { readonly type: 'ready'; readonly apiKey: string }
  | { readonly type: 'issued'; readonly issued: readonly Issued[] }
  | { readonly type: 'trust'; readonly text: string }
  | { readonly type: 'admitted'; readonly isSo: boolean }
  /** User and system time of the process so far. */
  | { readonly type: 'cpu'; readonly us: number }
  | { readonly type: 'failed'; readonly message: string };

export interface FeedNode {
  readonly pid: number;
  readonly port: number;
  readonly apiKey: string;
  /** One question at a time. @throws Error with what the process says when it fails, or ends */
  readonly ask: <K extends Told['type']>(question: Asked, answer: K) => Promise<Told & { type: K }>;
}

export interface FeedNodes {
  readonly issuer: FeedNode;
  readonly verifiers: readonly FeedNode[];
  readonly issued: readonly Issued[];
}

/** Issues so many licences, and waits until every verifier admits the last. */
export async function startFeedNodes(
  owner: Owner,
  { redisUrl, verifiers: count, codes }: { redisUrl: string; verifiers: number; codes: number },
): Promise<FeedNodes> {
  const issuer = await startFeedNode(owner, null, { YIMA_REDIS_URL: redisUrl, YIMA_ISSUER: '330102' });
  const { issued } = await issuer.ask({ type: 'issue', count: codes }, 'issued');
  const { text } = await issuer.ask({ type: 'trust' }, 'trust');
  const verifiers: FeedNode[] = [];
  for (let i = 0; i < count; i += 1) {
    const elsewhere = { YIMA_ISSUER: `33010${5 + i}`, YIMA_REGION: '330105', YIMA_KNOWN_CODES: '1000000' };
    verifiers.push(await startFeedNode(owner, text, { YIMA_REDIS_URL: redisUrl, ...elsewhere }));
  }
  const code = issued.at(-1)?.code ?? '';
  for (const verifier of verifiers)
    await until(
      'the verifier follows',
      async () => (await verifier.ask({ type: 'admitted', code }, 'admitted')).isSo,
    );
  return { issuer, verifiers, issued };
}

async function startFeedNode(owner: Owner, trust: string | null, env: Settings): Promise<FeedNode> {
  const folder = mkdtempSync(join(tmpdir(), 'yima-bench-'));
  const ports = await freePorts();
  const settings: FeedNodeSettings = { folder, trust, env: { ...ports, ...env } };
  const program = fileURLToPath(new URL('./feed-node.js', import.meta.url));
  const child = fork(program, [JSON.stringify(settings)], { execArgv: [] });
  owner.teardown(async () => {
    if (child.exitCode === null && child.signalCode === null) {
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      await exited;
    }
    rmSync(folder, { recursive: true, force: true });
  });
  const { apiKey } = await told(child, 'ready');
  return {
    pid: child.pid ?? 0,
    port: Number(ports['PORT']),
    apiKey,
    ask: (question, answer) => {
      const answered = told(child, answer);
      child.send(question);
      return answered;
    },
  };
}

async function told<K extends Told['type']>(child: ChildProcess, type: K): Promise<Told & { type: K }> {
  const settled = new AbortController();
  const { signal } = settled;
  try {
    const [answer] = (await Promise.race([
      once(child, 'message', { signal }),
      once(child, 'exit', { signal }).then(() => {
        throw new Error('the node ended');
      }),
    ])) as [Told];
    if (answer.type === type) return answer as Told & { type: K };
    throw new Error(answer.type === 'failed' ? answer.message : `the node said ${answer.type}`);
  } finally {
    settled.abort();
  }
}
