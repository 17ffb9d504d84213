// A real node for browser tests: the built program on free ports, with a data folder that goes away with it.

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../../support/shared.js';

const START_MS = 30_000;
const STOP_MS = 15_000;

interface RunningNode {
  /** `http://127.0.0.1:PORT/` */
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/** Nothing of the caller's own settings reaches the node. */
function environment(dataDir: string, settings: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(
    ([name]) => !/^(?:YIMA_|HOST$|PORT$|ADMIN_PORT$|WORKERS$)/.test(name),
  );
  return { ...Object.fromEntries(own), PORT: '0', YIMA_DATA_DIR: dataDir, ...settings };
}

/** Resolves when the node has said where it serves; rejects with its output when it ends or stays silent. */
export async function startNode(settings: Readonly<Record<string, string>> = {}): Promise<RunningNode> {
  const dataDir = mkdtempSync(join(tmpdir(), 'yima-web-'));
  const child = spawn(process.execPath, [join(ROOT, 'dist/cli/main.js'), 'serve'], {
    cwd: dataDir,
    env: environment(dataDir, settings),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    const deadline = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
    await ended;
    clearTimeout(deadline);
    rmSync(dataDir, { recursive: true, force: true });
  };
  try {
    return { url: await firstUrl(child, ended), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function firstUrl(child: ReturnType<typeof spawn>, ended: Promise<void>): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = '';
    const fail = (why: string): void => reject(new Error(`${why}:\n${output.slice(-4_000)}`));
    const deadline = setTimeout(() => fail(`the node said no address within ${START_MS} ms`), START_MS);
    const read = (chunk: Buffer): void => {
      output += chunk.toString('utf8');
      const url = /http:\/\/127\.0\.0\.1:[1-9]\d*\//.exec(output)?.[0];
      if (url === undefined) return;
      clearTimeout(deadline);
      resolve(url);
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    void ended.then(() => {
      clearTimeout(deadline);
      fail('the node ended');
    });
  });
}
