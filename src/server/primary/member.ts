// One worker as its primary sees it: started, told everything, opened, and from then on told every change.

import type { Logger } from '../../http/deps.js';
import type { NodeCore } from '../core.js';
import type { FromWorker, ToWorker, WorkerSettings } from '../messages.js';
import { answerCommand } from './answer-command.js';
import type { FanOut } from './fan-out.js';
import { createLink } from './link.js';
import { snapshot } from './snapshot.js';

/** A worker's child. */
export interface WorkerProcess {
  readonly pid: number;
  readonly send: (message: ToWorker) => void;
  /** SIGKILL: a process that does not answer would not heed anything milder. */
  readonly kill: () => void;
}

export interface WorkerEvents {
  readonly message: (message: FromWorker) => void;
  /** The process is gone, for whatever reason. */
  readonly exit: () => void;
}

export type Fork = (events: WorkerEvents) => WorkerProcess;

/** Why a worker had to be replaced; `refused`: it could not listen. */
export type Ending = 'died' | 'hung' | 'slow_start' | 'refused';

export interface MemberDeps {
  readonly core: NodeCore;
  readonly fanOut: FanOut;
  readonly fork: Fork;
  readonly settings: WorkerSettings;
  readonly logger: Logger;
  readonly onListening: (url: string) => void;
  /** It cannot listen, and says why. */
  readonly onRefused: (message: string) => void;
  readonly onMetrics: (metrics: readonly object[]) => void;
  /** @param ticks how long it lived */
  readonly onExit: (ending: Ending, ticks: number) => void;
}

export interface Member {
  readonly pid: number;
  readonly isLive: () => boolean;
  /** A tick has passed: who waits too long for an answer kills. */
  readonly tick: () => void;
  readonly askMetrics: () => void;
  /** It takes no more connections and ends. One that does not serve yet is killed. */
  readonly drain: (drainMs: number) => void;
  readonly kill: () => void;
}

/** Ticks are a tenth of a second (crew.ts). */
const ANSWER_TICKS = 20;
const START_TICKS = 300;

export function startMember(deps: MemberDeps): Member {
  const { core, fanOut, logger } = deps;
  let isLive = false;
  let ticks = 0;
  let ending: Ending = 'died';

  const link = createLink((message) => child.send(message));
  const exit = (): void => {
    if (link.isEnded()) return;
    isLive = false;
    fanOut.leave(link);
    link.end();
    deps.onExit(ending, ticks);
  };

  const answers: { readonly [K in FromWorker['type']]: (message: FromWorker & { type: K }) => void } = {
    hello: () => child.send({ type: 'start', settings: deps.settings }),
    ready: () => void welcome(),
    applied: ({ seq }) => link.acknowledge(seq),
    listening: ({ url }) => {
      isLive = true;
      deps.onListening(url);
    },
    refused: ({ message }) => {
      deps.onRefused(message);
      end('refused');
    },
    missed: ({ lists }) => core.partners?.wanted(lists),
    seen: ({ packed }) => core.hearSightings(packed),
    ask: async ({ id, command }) => {
      const outcome = await answerCommand(core.commands, command, logger);
      child.send({ type: 'answer', id, outcome });
    },
    metrics: ({ metrics }) => deps.onMetrics(metrics),
  };
  const child = deps.fork({
    message: (message) => {
      if (!link.isEnded()) (answers[message.type] as (message: FromWorker) => void)(message);
    },
    exit,
  });

  /** One piece at a time; it may judge codes from the moment it is told to open. */
  const welcome = async (): Promise<void> => {
    fanOut.join(link);
    for (const updates of snapshot(core.knowledge)) {
      link.send({ type: 'apply', updates });
      await link.settled();
      if (link.isEnded()) return;
    }
    fanOut.admit(link);
    fanOut.beat(core.pulse(), link);
    link.send({ type: 'open' });
  };

  const end = (reason: Ending): void => {
    ending = reason;
    child.kill();
  };

  return {
    pid: child.pid,
    isLive: () => isLive,
    tick: () => {
      ticks += 1;
      if (link.isOverdue(ANSWER_TICKS)) end('hung');
      else if (!isLive && ticks >= START_TICKS) end('slow_start');
    },
    askMetrics: () => child.send({ type: 'report' }),
    drain: (drainMs) => {
      if (isLive) child.send({ type: 'drain', drainMs });
      else child.kill();
    },
    kill: child.kill,
  };
}
