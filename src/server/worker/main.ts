// A worker's process. It ends with the primary's: nobody but the primary tells it anything, and without it nothing stays true.

import { after } from '../after.js';
import { steadyClock, systemClock } from '../clocks.js';
import type { FromWorker, ToWorker } from '../messages.js';
import { createWorker } from './run-worker.js';

const send = (message: FromWorker): void => void process.send?.(message, () => undefined);
const hear = createWorker({
  send,
  leave: (code) => process.exit(code),
  clock: systemClock,
  steady: steadyClock,
  after,
});

process.on('message', (message) => hear(message as ToWorker));
send({ type: 'hello' });
process.once('disconnect', () => process.exit(1));
// They reach a whole group of processes; the primary decides what they mean.
for (const name of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(name, () => undefined);
