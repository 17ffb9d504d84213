// Real workers inside the test's own process: everything but the process is there, and the way to it can be cut.

import type { FastifyInstance } from 'fastify';
import type { Test } from 'tap';
import { after } from '../../../src/server/after.js';
import type { FromWorker, ToWorker } from '../../../src/server/messages.js';
import type { ServedNode } from '../../../src/server/node.js';
import type { Fork } from '../../../src/server/primary/member.js';
import { openPrimary } from '../../../src/server/primary/open-primary.js';
import { createWorker } from '../../../src/server/worker/run-worker.js';
import { quietConfig } from '../../support/open-node.js';

export interface LocalWorker {
  /** Everything that it was sent, as it came. */
  readonly told: ToWorker[];
  /** What the primary says from now on, in place of what it says. */
  spoil: (message: ToWorker) => readonly ToWorker[];
  /** With what it left; null while it is there. */
  left: 0 | 1 | null;
  url: string;
}

export interface LocalNode {
  readonly node: ServedNode;
  readonly workers: readonly LocalWorker[];
  readonly now: { at: number };
}

/** A primary with workers that listen on ports of their own. Closed when the test ends. */
export async function openLocalNode(
  t: Test,
  dataDir: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<LocalNode> {
  const now = { at: Math.floor(Date.now() / 1000) };
  const clock = (): number => now.at;
  const workers: LocalWorker[] = [];
  const fork: Fork = ({ message, exit }) => {
    const worker: LocalWorker = { told: [], spoil: (each) => [each], left: null, url: '' };
    workers.push(worker);
    const leave = (code: 0 | 1): void => {
      if (worker.left !== null) return;
      worker.left = code;
      hear({ type: 'drain', drainMs: 0 }); // its port goes with a process, here it has to be closed
      exit();
    };
    const send = (said: FromWorker): void => {
      if (said.type === 'listening') worker.url = said.url;
      setImmediate(message, structuredClone(said));
    };
    const hear = createWorker({ send, leave, clock, steady: () => 0, after });
    send({ type: 'hello' });
    return {
      pid: workers.length,
      send: (sent) => {
        for (const each of worker.spoil(ownPort(structuredClone(sent)))) {
          worker.told.push(each);
          setImmediate(() => worker.left === null && hear(each));
        }
      },
      kill: () => leave(1),
    };
  };
  const config = quietConfig(dataDir, {
    WORKERS: '2',
    ...settings,
  });
  const node = await openPrimary(config, { clock }, fork);
  t.teardown(() => node.close());
  return { node, workers, now };
}

/** Workers of one process cannot share a port. */
function ownPort(message: ToWorker): ToWorker {
  return message.type === 'start' ? { ...message, settings: { ...message.settings, port: 0 } } : message;
}

/** `decision/reason` at this worker's own port. */
export async function askWorker({ url }: LocalWorker, key: string, code: string): Promise<string> {
  const response = await fetch(`${url}/v1/verify`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', connection: 'close' },
    body: JSON.stringify({ code }),
  });
  const { decision, reason, code: problem } = (await response.json()) as Record<string, string>;
  return problem ?? `${decision}/${reason}`;
}

export async function ready(adminApp: FastifyInstance): Promise<readonly string[]> {
  return (await adminApp.inject('/health/ready')).json().reasons;
}
