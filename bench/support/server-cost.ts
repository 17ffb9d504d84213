// What a request costs a server, in CPU time of its process, and the raw verification that it is held against.

import { createRawVerify } from '../verify.js';
import { startLoad } from './load.js';
import type { BenchServer } from './server-process.js';

const SLICE_MS = 2_000;
const CONNECTIONS = 32;
const RAW_CALLS = 3_000;
/** Keys of the servers under test. */
export const KEYS = 32;

export interface ServerCost {
  /** Microseconds a request. */
  readonly cpuUs: number;
  /** Requests a second. */
  readonly rate: number;
}

/** Over one slice of full load. */
export async function serverCost(server: BenchServer): Promise<ServerCost> {
  const before = await server.cpuUs();
  const { requests, seconds } = await startLoad({
    port: server.port,
    requests: server.requests,
    connections: CONNECTIONS,
    ms: SLICE_MS,
    expect: server.expect,
    answers: server.answers,
  });
  return { cpuUs: ((await server.cpuUs()) - before) / requests, rate: requests / seconds };
}

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
