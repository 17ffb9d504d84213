// Workers without processes: what the primary sends stays in an inbox, copied as the channel copies it, until a test takes it out.

import type { FromWorker, ToWorker } from '../../../src/server/messages.js';
import type { Fork } from '../../../src/server/primary/member.js';

export interface FakeWorker {
  readonly pid: number;
  readonly inbox: ToWorker[];
  readonly say: (message: FromWorker) => void;
  readonly exit: () => void;
  wasKilled: boolean;
}

export function createFakeFork(): { readonly fork: Fork; readonly workers: readonly FakeWorker[] } {
  const workers: FakeWorker[] = [];
  const fork: Fork = ({ message, exit }) => {
    const inbox: ToWorker[] = [];
    const worker: FakeWorker = { pid: workers.length + 1, inbox, say: message, exit, wasKilled: false };
    workers.push(worker);
    return {
      pid: worker.pid,
      send: (sent) => void inbox.push(structuredClone(sent)),
      kill: () => {
        worker.wasKilled = true;
      },
    };
  };
  return { fork, workers };
}

/** Lets what was promised in this turn come about. */
export const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Takes everything out of the inbox and acknowledges it, until nothing more comes. */
export async function obey(worker: FakeWorker): Promise<readonly ToWorker[]> {
  const taken: ToWorker[] = [];
  for (await turn(); worker.inbox.length > 0; await turn()) {
    for (const message of worker.inbox.splice(0)) {
      taken.push(message);
      if ('seq' in message) worker.say({ type: 'applied', seq: message.seq });
    }
  }
  return taken;
}

/** Comes up as a real worker does. @returns all that it was told */
export async function comeUp(worker: FakeWorker): Promise<readonly ToWorker[]> {
  worker.say({ type: 'hello' });
  const start = await obey(worker);
  worker.say({ type: 'ready' });
  const told = await obey(worker);
  worker.say({ type: 'listening', url: 'http://127.0.0.1:4711' });
  return [...start, ...told];
}
