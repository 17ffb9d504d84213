// The built program as a process of its own: a node on free ports over a data folder, and commands beside it.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Test } from 'tap';
import { freePort } from './free-port.js';
import { ROOT } from './shared.js';

const MAIN = join(ROOT, 'dist', 'cli', 'main.js');
/** Ten times what a start takes on an idle machine, and more. */
const DEADLINE_MS = 30_000;
/** What a node says once it answers. */
export const SERVING = 'Yima serves on http://';

export type Settings = Readonly<Record<string, string>>;

export interface NodeProcess {
  readonly pid: number;
  /** Without a slash at the end. */
  readonly url: string;
  readonly adminUrl: string;
  /** All that it has written to standard output and standard error. */
  readonly output: () => string;
  /** Resolves once it has written this. */
  readonly says: (words: string) => Promise<void>;
  readonly signal: (name: NodeJS.Signals) => void;
  /** Its exit code; null when a signal ended it. */
  readonly ended: Promise<number | null>;
}

/** A data folder that does not exist yet, in a folder that goes away with the test. */
export function dataFolder(t: Test): string {
  const folder = mkdtempSync(join(tmpdir(), 'yima-system-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'data');
}

/** Ports to start with and, since addresses stand in codes, to start with again. */
export async function freePorts(): Promise<Settings> {
  const [port, admin] = [await freePort(), await freePort()];
  return { PORT: String(port), ADMIN_PORT: String(admin) };
}

/** Nothing of the caller's own settings or language. */
function environment(dataDir: string, settings: Settings): NodeJS.ProcessEnv {
  return {
    PATH: process.env['PATH'],
    LANG: 'en_US.UTF-8',
    YIMA_PARTNER_LISTS: 'off',
    YIMA_DATA_DIR: dataDir,
    ...settings,
  };
}

export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly talk: string;
}

/** Runs a command to its end. */
export function runYima(
  args: readonly string[],
  dataDir: string,
  { settings = {}, input = '' }: { readonly settings?: Settings; readonly input?: string } = {},
): Ran {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], {
    env: environment(dataDir, settings),
    input,
    encoding: 'utf8',
    timeout: DEADLINE_MS,
  });
  return { code: status, out: stdout, talk: stderr };
}

/** Starts `yima serve`; whoever calls this ends it. */
export function spawnNode(dataDir: string, settings: Settings): NodeProcess {
  return spawnYima(['serve'], dataDir, settings);
}

/** Starts a command and lets it run beside the test; whoever calls this ends it, or waits for its end. */
export function spawnYima(args: readonly string[], dataDir: string, settings: Settings): NodeProcess {
  const child = spawn(process.execPath, [MAIN, ...args], {
    env: environment(dataDir, settings),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return watch(child, settings);
}

/** Starts `yima serve` and waits until it serves; it is killed when the test ends. */
export async function startNode(t: Test, dataDir: string, settings: Settings): Promise<NodeProcess> {
  const node = spawnNode(dataDir, settings);
  t.teardown(async () => {
    node.signal('SIGKILL');
    await node.ended;
  });
  await node.says(SERVING);
  return node;
}

/** Lets a node make its data folder, and ends it. */
export async function makeNode(t: Test, dataDir: string): Promise<void> {
  const node = await startNode(t, dataDir, { ...(await freePorts()), YIMA_SHUTDOWN_GRACE_SECONDS: '0' });
  node.signal('SIGTERM');
  await node.ended;
}

function watch(child: ChildProcess, settings: Settings): NodeProcess {
  let output = '';
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const onData = (chunk: Buffer): void => {
    output += chunk.toString('utf8');
  };
  child.stdout?.on('data', onData);
  child.stderr?.on('data', onData);
  return {
    pid: child.pid ?? 0,
    url: `http://127.0.0.1:${settings['PORT']}`,
    adminUrl: `http://127.0.0.1:${settings['ADMIN_PORT']}`,
    output: () => output,
    says: (words) => waitFor(child, ended, () => output, words),
    signal: (name) => void child.kill(name),
    ended,
  };
}

function waitFor(
  child: ChildProcess,
  ended: Promise<unknown>,
  output: () => string,
  words: string,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (): void =>
      reject(new Error(`The node did not say "${words}" but: ${output().slice(-4_000)}`));
    const deadline = setTimeout(fail, DEADLINE_MS);
    const look = (): void => {
      if (!output().includes(words)) return;
      clearTimeout(deadline);
      resolve();
    };
    child.stdout?.on('data', look);
    child.stderr?.on('data', look);
    void ended.then(() => {
      clearTimeout(deadline);
      fail();
    });
    look();
  });
}
