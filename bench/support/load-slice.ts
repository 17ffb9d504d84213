// One slice of closed-loop load against a server, and what a request of it cost the server.

import { startLoad } from './load.js';
import type { BenchServer } from './server-process.js';

export const SLICE_SECONDS = 2;
const CONNECTIONS = 32;

export interface SliceFigures {
  /** Server CPU microseconds a request. */
  readonly cpuUs: number;
  /** Requests a second. */
  readonly rate: number;
}

export async function loadSlice(server: BenchServer): Promise<SliceFigures> {
  const before = await server.cpuUs();
  const { requests, seconds } = await startLoad({
    port: server.port,
    requests: server.requests,
    connections: CONNECTIONS,
    ms: SLICE_SECONDS * 1000,
    expect: server.expect,
    answers: server.answers,
  });
  return { cpuUs: ((await server.cpuUs()) - before) / requests, rate: requests / seconds };
}
