// One command of a worker, carried out here. What comes of it is always an outcome.

import { YimaError } from '../../core/errors/yima-error.js';
import type { Logger } from '../../http/deps.js';
import type { Command, Commands } from '../commands.js';
import type { Outcome } from '../messages.js';

export async function answerCommand(commands: Commands, command: Command, logger: Logger): Promise<Outcome> {
  try {
    return { ok: true, value: await carryOut(commands, command) };
  } catch (error) {
    return outcomeOf(error, logger);
  }
}

/** A name that is none is a defect like any other. */
function carryOut(commands: Commands, { name, args }: Command): Promise<unknown> {
  if (!Object.hasOwn(commands, name)) throw new Error('There is no such command.');
  return (commands[name] as (...args: readonly unknown[]) => Promise<unknown>)(...args);
}

/** What went wrong inside is told here alone: no cause leaves this process. */
function outcomeOf(error: unknown, logger: Logger): Outcome {
  if (!(error instanceof YimaError) || error.cause !== undefined)
    logger.error({ err: error }, 'command failed');
  if (!(error instanceof YimaError)) {
    return { ok: false, code: 'internal', message: '', field: undefined, rule: undefined };
  }
  const { code, message, field, rule } = error;
  return { ok: false, code, message, field, rule };
}
