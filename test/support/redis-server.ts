// A redis-server process of a test's own: on a free port of loopback, in a folder that goes away with it, ended by its pid.

import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.js';
import { isRequired, onPath } from './on-path.js';

/** Ten times what a start takes on a busy machine, and more. */
const DEADLINE_MS = 30_000;
/** What redis-server writes when it is told to. */
const DUMP = 'dump.rdb';

/** A test, or whoever else cleans up. */
export interface Owner {
  readonly teardown: (handler: () => Promise<void> | void) => unknown;
}

export interface RedisOptions {
  /** A free one when absent. */
  readonly port?: number;
  /** A new one, which goes away, when absent. */
  readonly dir?: string;
  /** Further options of redis-server, after ours and so before them in force. */
  readonly args?: readonly string[];
}

export interface RedisServer {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  readonly dir: string;
  /** `redisCli` of this server. */
  readonly cli: (...args: readonly string[]) => Promise<string>;
  /** Ends it as an operator would. */
  readonly stop: () => Promise<void>;
  /** Ends it as a power cut would, also while it is paused. */
  readonly kill: () => Promise<void>;
  /** It holds its connections, accepts more, and answers nothing. */
  readonly pause: () => void;
  readonly resume: () => void;
  /** Starts it again on its port, after ending it where it runs; with what its folder holds unless told. */
  readonly restart: (options?: {
    readonly empty?: boolean;
    /** A file that `snapshot` gave. */
    readonly snapshot?: string;
  }) => Promise<void>;
  /** Writes all that it holds now to a file of its own. @returns its path */
  readonly snapshot: () => Promise<string>;
}

/** Debian's redis-tools brings the server's program under another name only. */
const program = onPath('redis-server') ?? onPath('redis-check-rdb');

/** Why tests against Redis skip here, or false; where YIMA_REQUIRE names redis they run and fail instead. */
export const withoutRedis: string | false =
  program === undefined && !isRequired('redis')
    ? 'redis-server is not on PATH: install it to run the tests of the status feed'
    : false;

/** Starts a server that writes nothing to disk by itself, and waits until it answers. */
export async function startRedis(owner: Owner, options: RedisOptions = {}): Promise<RedisServer> {
  const port = options.port ?? (await freePort());
  const dir = options.dir ?? mkdtempSync(join(tmpdir(), 'yima-redis-'));
  const args = [
    '--bind',
    '127.0.0.1',
    '--port',
    String(port),
    '--dir',
    dir,
    '--save',
    '',
    '--appendonly',
    'no',
  ];
  const cli = (...words: readonly string[]) => redisCli(port, words);
  let running = start(dir, [...args, ...(options.args ?? [])]);
  owner.teardown(async () => {
    await running.end('SIGKILL');
    if (options.dir === undefined) rmSync(dir, { recursive: true, force: true });
  });
  await untilAnswers(port, running);
  let snapshots = 0;
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    get pid() {
      return running.pid;
    },
    dir,
    cli,
    stop: () => running.end('SIGTERM'),
    kill: () => running.end('SIGKILL'),
    pause: () => void process.kill(running.pid, 'SIGSTOP'),
    resume: () => void process.kill(running.pid, 'SIGCONT'),
    restart: async ({ empty = false, snapshot } = {}) => {
      await running.end('SIGKILL');
      if (empty) rmSync(join(dir, DUMP), { force: true });
      if (snapshot !== undefined) copyFileSync(snapshot, join(dir, DUMP));
      running = start(dir, [...args, ...(options.args ?? [])]);
      await untilAnswers(port, running);
    },
    snapshot: async () => {
      await cli('SAVE');
      const path = join(dir, `snapshot-${++snapshots}.rdb`);
      copyFileSync(join(dir, DUMP), path);
      rmSync(join(dir, DUMP));
      return path;
    },
  };
}

export interface ServerProcess {
  readonly pid: number;
  readonly hasEnded: () => boolean;
  readonly output: () => string;
  readonly end: (signal: 'SIGTERM' | 'SIGKILL') => Promise<void>;
}

/** Starts the server's program; where the system can, it is killed with whoever started it. */
export function start(dir: string, args: readonly string[]): ServerProcess {
  if (program === undefined) throw new Error('YIMA_REQUIRE names redis, and redis-server is not on PATH');
  const name = join(dir, 'redis-server'); // the program looks at its name to know what it is
  if (!existsSync(name)) symlinkSync(program, name);
  const guard = onPath('setpriv');
  const child =
    guard === undefined
      ? spawn(name, args, { stdio: ['ignore', 'pipe', 'pipe'] })
      : spawn(guard, ['--pdeathsig', 'KILL', name, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  return watch(child);
}

function watch(child: ChildProcess): ServerProcess {
  let output = '';
  let hasEnded = false;
  const onData = (chunk: Buffer): void => {
    output = (output + chunk.toString('utf8')).slice(-8_000);
  };
  child.stdout?.on('data', onData);
  child.stderr?.on('data', onData);
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => {
      hasEnded = true;
      resolve();
    });
  });
  return {
    pid: child.pid ?? 0,
    hasEnded: () => hasEnded,
    output: () => output,
    end: async (signal) => {
      if (hasEnded) return;
      child.kill(signal);
      if (signal === 'SIGTERM') child.kill('SIGCONT'); // a paused one would never hear it
      await ended;
    },
  };
}

/** Asks until it has loaded what it had and answers. */
export async function untilAnswers(port: number, server: ServerProcess): Promise<void> {
  for (const end = Date.now() + DEADLINE_MS; Date.now() < end && !server.hasEnded(); ) {
    if ((await ping(port)).startsWith('+PONG')) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`redis-server on port ${port} does not answer: ${server.output()}`);
}

function ping(port: number): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' }, () => socket.write('PING\r\n'));
    const done = (said: string): void => {
      socket.destroy();
      resolve(said);
    };
    socket.setEncoding('utf8').once('data', done);
    socket.once('error', () => done(''));
    socket.once('close', () => done(''));
    socket.setTimeout(1_000, () => done(''));
  });
}

/** What redis-cli prints. @throws Error after 30 s, or when the server answers with an error */
export function redisCli(port: number, words: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const args = ['-h', '127.0.0.1', '-p', String(port), '-e', '--raw', ...words];
    execFile('redis-cli', args, { timeout: DEADLINE_MS, maxBuffer: 2 ** 26 }, (error, out, talk) => {
      if (error === null) resolve(out.replace(/\n$/, ''));
      else reject(new Error(`redis-cli ${words[0]}: ${out}${talk}`, { cause: error }));
    });
  });
}
