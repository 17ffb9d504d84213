// Workers as processes of node:cluster.
//
// The primary accepts connections and deals them out in turn: checkpoints keep few connections for long, of which the kernel would
// give most to one process; and the listening socket is the primary's, so that its port is free when it dies.

import cluster from 'node:cluster';
import { fileURLToPath } from 'node:url';
import type { FromWorker } from '../messages.js';
import type { Fork } from './member.js';

const MAIN = fileURLToPath(new URL('../worker/main.js', import.meta.url));

/** Structured clones, so that bytes stay bytes. */
export function createFork(): Fork {
  cluster.schedulingPolicy = cluster.SCHED_RR;
  cluster.setupPrimary({ exec: MAIN, args: [], serialization: 'advanced' });
  return ({ message, exit }) => {
    const { process: child } = cluster.fork(withoutSettings());
    child.on('message', (received) => message(received as FromWorker));
    child.once('exit', exit);
    child.on('error', () => {
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
