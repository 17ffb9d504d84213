// A server under test in a process of its own, so that its CPU time is its own.

import { type ChildProcess, fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export interface BenchServer {
  readonly port: number;
  readonly requests: readonly Buffer[];
  readonly expect: string;
  /** How often an answer contains `expect`. */
  readonly answers: number;
  /** User and system time of the process so far, microseconds. */
  readonly cpuUs: () => Promise<number>;
  readonly stop: () => Promise<void>;
}

/** What a server process tells when it listens. */
export interface Listening {
  readonly port: number;
  readonly requests: readonly string[];
  readonly expect: string;
  readonly answers: number;
}

/** Keys of the `metered` server, and what each may ask a minute. */
export const CALLERS = 21;
export const METERED_PER_MINUTE = 27_000;

/** Pins a process to one core where `taskset` exists and there is such a core. */
export function pinToCore(pid: number, core = 0): boolean {
  return spawnSync('taskset', ['-pc', String(core), String(pid)], { stdio: 'ignore' }).status === 0;
}

/**
 * `verify`: ours, where every code has been forgotten before it comes again. `known`: the same where all are remembered. `batch`:
 * as `verify`, many codes a request. `limited`: ours, to a key that has spent its budget. `metered`: ours, to
 * `CALLERS` keys in turn, each with a budget. `fixed`: Fastify with a body and a response schema, answering constant bytes.
 */
export type ServerKind = 'verify' | 'known' | 'batch' | 'limited' | 'metered' | 'fixed';

export function startServer(kind: ServerKind, pinned: boolean): Promise<BenchServer> {
  return forkServer(new URL('./server.js', import.meta.url), kind, pinned);
}

/** @param program one that calls `serveBench`; it gets `kind` as its argument */
export async function forkServer(program: URL, kind: string, pinned: boolean): Promise<BenchServer> {
  const child = fork(fileURLToPath(program), [kind], { execArgv: [] });
  const listening = (await message(child)) as Listening;
  if (pinned && child.pid !== undefined) pinToCore(child.pid);
  return {
    port: listening.port,
    expect: listening.expect,
    answers: listening.answers,
    requests: listening.requests.map((request) => Buffer.from(request)),
    cpuUs: async () => {
      child.send('cpu');
      return (await message(child)) as number;
    },
    stop: async () => {
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      await exited;
    },
  };
}

async function message(child: ChildProcess): Promise<unknown> {
  const settled = new AbortController();
  const { signal } = settled;
  try {
    const [value] = await Promise.race([
      once(child, 'message', { signal }),
      once(child, 'exit', { signal }).then(() => {
        throw new Error('the server process ended');
      }),
    ]);
    return value;
  } finally {
    settled.abort();
  }
}
