// The clocks of this machine.

import type { Clock } from '../core/issue/ports.js';
import type { Moment, Steady } from '../core/status/moment.js';

/** Epoch seconds, by a clock that can be stepped. */
export const systemClock: Clock = () => Math.floor(Date.now() / 1000);

/** `performance.now` counts from the start of its process; the machine's own count is the same for all of them. */
const BEGAN = Number(process.hrtime.bigint()) / 1e9 - performance.now() / 1000;

export const steadyClock: Steady = () => BEGAN + performance.now() / 1000;

export interface Clocks {
  readonly clock: Clock;
  readonly steady: Steady;
}

export function momentOf({ clock, steady }: Clocks): Moment {
  return { epoch: clock(), steady: steady() };
}
