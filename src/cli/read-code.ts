// A code's text from the command line, a file or standard input.

import { YimaError } from '../core/errors/yima-error.js';
import type { Terminal } from './terminal.js';

/**
 * @param source the text itself, `-` for standard input, `@FILE` for a file. The one line end after it is dropped;
 *   nothing else is, since a space can belong to a code
 * @throws YimaError `invalid_request` when there is nothing to read
 */
export async function readCode(source: string, terminal: Terminal): Promise<string> {
  const text = await readText(source, terminal);
  const code = text.replace(/\r?\n$/, '');
  if (code === '') throw new YimaError('invalid_request', 'There is no code to read.');
  return code;
}

async function readText(source: string, terminal: Terminal): Promise<string> {
  if (source === '-') return terminal.readInput();
  return source.startsWith('@') ? terminal.readFile(source.slice(1)) : source;
}
