// The raw verification that servers are held against.

import { createRawVerify } from '../verify.js';

const RAW_CALLS = 3_000;
/** Keys of the servers under test. */
export const KEYS = 32;

/** Microseconds of CPU time that one raw verification takes now. */
export function createRawTimer(): () => number {
  const raw = createRawVerify(KEYS);
  return () => {
    const begin = process.cpuUsage();
    for (let i = 0; i < RAW_CALLS; i += 1) raw();
    const used = process.cpuUsage(begin);
    return (used.user + used.system) / RAW_CALLS;
  };
}
