// The terminal of this process: its streams and environment, the clock, files, and the node behind the data folder.

import { open, rename, rm, stat } from 'node:fs/promises';
import { createInterface } from 'node:readline/promises';
import type { Readable } from 'node:stream';
import type { Config } from '../config.js';
import { YimaError } from '../core/errors/yima-error.js';
import { languageOf } from './language.js';
import { connectLocal } from './local-client.js';
import type { Terminal } from './terminal.js';
import { askWeb } from './web.js';

/** As long as the longest bundle of trust lists, far above any code or claims file. */
const MAX_INPUT_BYTES = 64 * 1024 * 1024;

export function createTerminal(): Terminal {
  const { env, stdin, stdout, stderr } = process;
  // A reader that has seen enough (`| head`) is no error.
  stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 70));
  const hasColour = stdout.isTTY === true && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb';
  return {
    env,
    language: languageOf(env),
    colour: hasColour,
    interactive: stdin.isTTY === true,
    out: (text) => void stdout.write(text),
    talk: (text) => void stderr.write(text),
    ask: async (question) => {
      const lines = createInterface({ input: stdin, output: stderr });
      try {
        // The end of input, or Ctrl+C, is an empty answer.
        return await new Promise<string>((resolve) => {
          lines.once('close', () => resolve(''));
          lines.question(question).then(resolve, () => resolve(''));
        });
      } finally {
        lines.close();
      }
    },
    readInput: () => readAll(stdin),
    readFile: readTextFile,
    readSecret: readSecretFile,
    writeSecret: writeSecretFile,
    writeFile: writeWholeFile,
    web: askWeb,
    now: () => Math.floor(Date.now() / 1000),
    connect,
    serve: async (config) => {
      const { serve } = await import('../server/serve.js');
      await serve(config, { say: (line) => void stdout.write(`${line}\n`), colour: hasColour });
    },
  };
}

/** Standard output is for results: a node opened here writes its log to standard error, and only when debugging. */
function connect(config: Config): ReturnType<Terminal['connect']> {
  return connectLocal(config, {
    openNode: async (opened) => {
      const { openNode } = await import('../server/node.js');
      const logLevel = opened.logLevel === 'debug' ? 'debug' : 'silent';
      return openNode({ ...opened, logLevel }, { logStream: process.stderr });
    },
  });
}

async function readTextFile(path: string): Promise<string> {
  let file: Awaited<ReturnType<typeof open>>;
  try {
    file = await open(path);
  } catch (cause) {
    throw new YimaError('not_found', `${path} cannot be read.`, { cause });
  }
  return readAll(file.createReadStream());
}

async function readSecretFile(path: string): Promise<string> {
  const text = await readTextFile(path);
  if (process.platform !== 'win32' && ((await stat(path)).mode & 0o077) !== 0)
    throw new YimaError('key_file_unsafe', `Others may read ${path}. Run: chmod go= ${path}`);
  return text;
}

async function writeSecretFile(path: string, text: string): Promise<void> {
  let file: Awaited<ReturnType<typeof open>>;
  try {
    file = await open(path, 'wx', 0o600);
  } catch (cause) {
    throw new YimaError('conflict', `${path} cannot be made, or is there already. Name a new file.`, {
      cause,
    });
  }
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function writeWholeFile(path: string, text: string): Promise<void> {
  const temporary = `${path}.${process.pid}.new`;
  try {
    const file = await open(temporary, 'wx', 0o644);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true });
    throw new YimaError('invalid_request', `${path} cannot be written.`, { field: 'out', cause });
  }
}

async function readAll(stream: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      length += chunk.length;
      if (length > MAX_INPUT_BYTES) break;
    }
  } catch (cause) {
    throw new YimaError('not_found', 'The input cannot be read.', { cause });
  }
  if (length > MAX_INPUT_BYTES) throw new YimaError('too_large', 'The input is larger than 64 MiB.');
  return decode(Buffer.concat(chunks));
}

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new YimaError('invalid_request', 'The input is not UTF-8.', { cause });
  }
}
