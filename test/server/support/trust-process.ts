// `trust-node.ts` as a process: asked, killed, started again.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Test } from 'tap';
import { NOW } from '../../support/fixtures.js';
import type { Settings } from '../../support/node-process.js';

const PROGRAM = new URL('./trust-node.js', import.meta.url).pathname;

export interface TrustProcess {
  /** What the command gives; `{refused: rule}` as an error of that message. */
  readonly ask: (name: string, ...args: readonly unknown[]) => Promise<unknown>;
  /** As a power cut ends it. */
  readonly kill: () => Promise<void>;
}

/** Resolves when it is open; killed when the test ends. */
export async function startTrustProcess(t: Test, dataDir: string, settings: Settings): Promise<TrustProcess> {
  const child: ChildProcess = spawn(process.execPath, [PROGRAM], {
    env: {
      PATH: process.env['PATH'],
      CLOCK: String(NOW),
      YIMA_PARTNER_LISTS: 'off',
      YIMA_DEMO: 'off',
      YIMA_STATUS_LIST_ENTRIES: '1024',
      YIMA_PUBLIC_URL: 'https://node.example',
      YIMA_DATA_DIR: dataDir,
      ...settings,
    },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.setMaxListeners(0); // one for each question
  const ended = once(child, 'exit');
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await ended;
  };
  t.teardown(kill);
  const waiting = new Map<number, (answer: { value?: unknown; refused?: string }) => void>();
  let lastId = 0;
  const answerTo = (id: number) =>
    new Promise<unknown>((resolve, reject) => {
      waiting.set(id, ({ value, refused }) =>
        refused === undefined ? resolve(value) : reject(new Error(refused)),
      );
      child.once('exit', () => reject(new Error('It has ended.')));
    });
  if (child.stdout === null) throw new Error('The process has no output.');
  createInterface({ input: child.stdout }).on('line', (line) => {
    const answer = JSON.parse(line) as { id: number; value?: unknown; refused?: string };
    waiting.get(answer.id)?.(answer);
    waiting.delete(answer.id);
  });
  await answerTo(0);
  return {
    kill,
    ask: (name, ...args) => {
      lastId += 1;
      const answer = answerTo(lastId);
      child.stdin?.write(`${JSON.stringify({ id: lastId, name, args })}\n`);
      return answer;
    },
  };
}
