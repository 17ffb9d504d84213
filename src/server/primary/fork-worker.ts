// Workers as processes of node:cluster.
//
// Workers accept connections from one shared socket, the kernel's way (SCHED_NONE): one that is busy or hung accepts nothing, no flood
// passes through the primary, and no connection is lost on its way from the primary to a worker that has just died, as happens
// where the primary deals them out (a client would wait for ever). The price: a handful of connections may all be one worker's.

import cluster from 'node:cluster';
import { fileURLToPath } from 'node:url';
import type { FromWorker } from '../messages.js';
import type { Fork } from './member.js';

const MAIN = fileURLToPath(new URL('../worker/main.js', import.meta.url));

/** Structured clones, so that bytes stay bytes. */
export function createFork(): Fork {
  cluster.schedulingPolicy = cluster.SCHED_NONE;
  cluster.setupPrimary({ exec: MAIN, args: [], serialization: 'advanced' });
  return ({ message, exit }) => {
    const worker = cluster.fork(withoutSettings());
    const { process: child } = worker;
    child.on('message', (received) => message(received as FromWorker));
    child.once('exit', exit);
    worker.on('error', () => {
      if (child.pid === undefined) exit(); // it could not be started
    });
    return {
      pid: child.pid ?? 0,
      send: (sent) => void child.send(sent, () => undefined), // who cannot be reached has ended, or will be ended
      kill: () => void child.kill('SIGKILL'),
    };
  };
}

/** A worker is told what it needs: the passphrase of the keys, for one, stays here. */
function withoutSettings(): NodeJS.Dict<undefined> {
  const names = Object.keys(process.env).filter((name) => name.startsWith('YIMA_'));
  return Object.fromEntries(names.map((name) => [name, undefined]));
}
