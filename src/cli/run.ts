// One command line from its words to its exit code. Every error of the program ends here and nowhere else.

import { YimaError } from '../core/errors/yima-error.js';
import { COMMANDS } from './command-table.js';
import { EXIT, errorExit } from './exit-codes.js';
import { helpText } from './help.js';
import { printableJson } from './language.js';
import { parseLine } from './parse-args.js';
import type { Terminal } from './terminal.js';

/**
 * @param argv without the program's own name
 * @param version the package's
 * @returns the exit code; never throws
 */
export async function runLine(argv: readonly string[], version: string, terminal: Terminal): Promise<number> {
  try {
    const line = parseLine(argv, COMMANDS);
    if (line.wants === 'version') {
      terminal.out(`${version}\n`);
      return EXIT.ok;
    }
    if (line.wants === 'help') {
      terminal.out(helpText(line.topic, COMMANDS, terminal.language) ?? '');
      return EXIT.ok;
    }
    return await line.command.run(line.call, terminal);
  } catch (error) {
    return tell(error, argv.includes('--json'), terminal);
  }
}

function tell(error: unknown, json: boolean, terminal: Terminal): number {
  const isKnown = error instanceof YimaError;
  const { code, message, field, rule } = isKnown
    ? error
    : { code: 'internal' as const, message: 'internal error', field: undefined, rule: undefined };
  if (json) terminal.talk(`${printableJson({ code, message, field, rule })}\n`);
  else terminal.talk(`yima: ${message}${field === undefined ? '' : ` [${field}]`}\n`);
  if (terminal.env['YIMA_LOG_LEVEL'] === 'debug' && (!isKnown || errorExit(code) === EXIT.internal)) {
    terminal.talk(`${traceOf(error)}\n`);
  }
  return errorExit(code);
}

/** The stack of the error and of what caused it. */
function traceOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? '' : `\ncaused by ${traceOf(error.cause)}`;
  return `${error.stack ?? error.message}${cause}`;
}
