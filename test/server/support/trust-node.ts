// A program of a test's own: the core of a node over a data folder, that carries out commands which it reads line by line, and answers
// each with a line. It has no door, so that what is tested is the core.

import { createInterface } from 'node:readline';
import { loadConfig } from '../../../src/config.js';
import { YimaError } from '../../../src/core/errors/yima-error.js';
import { createLogger } from '../../../src/http/logging.js';
import { openCore } from '../../../src/server/core.js';
import { NO_FOLLOWERS } from '../../../src/server/knowledge.js';

type Run = (...args: readonly unknown[]) => Promise<unknown>;

const core = await openCore(loadConfig(process.env), NO_FOLLOWERS, createLogger('silent'), {
  ...(process.env['CLOCK'] === undefined ? {} : { clock: () => Number(process.env['CLOCK']) }),
});
const extra: Readonly<Record<string, Run>> = {
  keyState: async (issuer, kid) =>
    core.knowledge.keys().find('yima', issuer as string, kid as string)[0]?.state ?? null,
  isShared: async () => core.trustService?.isShared() ?? null,
};

const say = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`);

createInterface({ input: process.stdin }).on('line', async (line) => {
  const { id, name, args } = JSON.parse(line) as { id: number; name: string; args: readonly unknown[] };
  const run = extra[name] ?? (core.commands as unknown as Readonly<Record<string, Run>>)[name];
  try {
    say({ id, value: (await run?.(...args)) ?? null });
  } catch (error) {
    say({ id, refused: error instanceof YimaError ? (error.rule ?? error.code) : String(error) });
  }
});
say({ id: 0, value: 'open' });
