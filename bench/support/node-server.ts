// A real node, workers and all, as a server that benches load: 32 keys, as many new codes as a slice needs.

import type { Settings } from '../../test/support/node-process.js';
import { createProcessUsage } from './process-usage.js';
import { verifyText } from './raw-http.js';
import type { BenchServer } from './server-process.js';
import { startSigningNode } from './signing-node.js';

export interface NodeServer extends BenchServer {
  readonly pid: number;
  readonly adminUrl: string;
  /** The same server, asked about this many codes that it has never seen. */
  readonly fresh: (codes: number) => BenchServer;
}

const KEYS = 32;
const CODES = 640;

/**
 * @param settings as environment variables, such as `{ WORKERS: '2' }`
 * @returns a server whose own requests are few and come again and again
 */
export async function startNodeServer(settings: Settings): Promise<NodeServer> {
  const node = await startSigningNode({ keys: KEYS, settings });
  const usage = createProcessUsage(node.pid);
  const requestsFor = (codes: number): readonly Buffer[] =>
    Array.from({ length: codes }, () => Buffer.from(verifyText(node.sign().code, node.apiKey)));
  const server: BenchServer = {
    port: Number(new URL(node.url).port),
    requests: requestsFor(CODES),
    expect: '"decision":"admit"',
    answers: 1,
    cpuUs: async () => usage.cpuUs() ?? Number.NaN,
    stop: node.stop,
  };
  const { pid, adminUrl } = node;
  return { ...server, pid, adminUrl, fresh: (codes) => ({ ...server, requests: requestsFor(codes) }) };
}
