// The commands as a worker has them: each is one question to the primary, with a deadline, and few at a time.

import { YimaError } from '../../core/errors/yima-error.js';
import type { After } from '../after.js';
import {
  COMMAND_DEADLINES_MS,
  COMMAND_NAMES,
  type Command,
  type CommandName,
  type Commands,
} from '../commands.js';
import type { FromWorker, Outcome } from '../messages.js';

export interface AskPrimary {
  /** Each rejects with the primary's YimaError; `unavailable` when no answer comes in time or too many are under way. */
  readonly commands: Commands;
  readonly answer: (id: number, outcome: Outcome) => void;
}

/** Answers that are still to come, also those that nobody waits for any more. */
const MAX_IN_FLIGHT = 256;

type Settle = (outcome: Outcome) => void;

export function createAskPrimary(send: (message: FromWorker) => void, after: After): AskPrimary {
  const inFlight = new Map<number, Settle>();
  let lastId = 0;

  const ask = (command: Command): Promise<unknown> => {
    if (inFlight.size >= MAX_IN_FLIGHT) {
      throw new YimaError('unavailable', 'Too much is being written now; try again.');
    }
    lastId += 1;
    const id = lastId;
    return new Promise((resolve, reject) => {
      const cancel = after(
        () => reject(new YimaError('unavailable', 'No answer in time; whether it was done is unknown.')),
        COMMAND_DEADLINES_MS[command.name],
      );
      send({ type: 'ask', id, command }); // first: what cannot be sent waits for nothing
      inFlight.set(id, (outcome) => {
        cancel();
        if (outcome.ok) resolve(outcome.value);
        else reject(errorOf(outcome));
      });
    });
  };

  const stub = (name: CommandName) => [
    name,
    async (...args: readonly unknown[]) => ask({ name, args } as unknown as Command),
  ];
  return {
    commands: Object.fromEntries(COMMAND_NAMES.map(stub)) as unknown as Commands,
    answer: (id, outcome) => {
      const settle = inFlight.get(id);
      inFlight.delete(id);
      settle?.(outcome);
    },
  };
}

function errorOf({ code, message, field, rule }: Outcome & { readonly ok: false }): YimaError {
  return new YimaError(code, message, {
    ...(field === undefined ? {} : { field }),
    ...(rule === undefined ? {} : { rule }),
  });
}
