// `yima serve`: opens the node, listens on its three doors, and leaves in good order.

import { rmSync } from 'node:fs';
import type { FastifyInstance } from 'fastify';
import type { Config } from '../config.js';
import { YimaError } from '../core/errors/yima-error.js';
import { removeDemoKey, writeDemoKey } from './demo-key.js';
import { greeting } from './greeting.js';
import { openNode, type YimaNode } from './node.js';
import { catchSignals, type SignalSource, type Signals } from './signals.js';
import { socketPath } from './socket-path.js';

/** Longest that a Unix socket's path may be (sun_path on Linux is 108 bytes, on macOS 104). */
const SOCKET_PATH_LIMIT = 103;
/** While draining: how often connections that have become idle are closed. */
const DRAIN_SWEEP_MS = 100;

type Say = (line: string) => void;

export interface ServeOptions {
  readonly say: Say;
  /** The process when absent. */
  readonly signals?: SignalSource;
}

/**
 * Serves until SIGTERM or SIGINT, also when one comes during the start; SIGHUP reads keys and trust files again.
 * @throws YimaError as `openNode`; an address in use as `unavailable`
 */
export async function serve(config: Config, { say, signals: source = process }: ServeOptions): Promise<void> {
  const signals = catchSignals(source);
  try {
    const node = await openNode(config);
    try {
      await start(node, config, signals, say);
    } catch (error) {
      await node.close();
      throw error;
    }
    await signals.leaving;
    await shutDown(node, config);
  } finally {
    signals.release();
  }
}

async function start(node: YimaNode, config: Config, signals: Signals, say: Say): Promise<void> {
  if (signals.isLeaving()) return;
  await listen(node, config);
  const demoKey = await settleDemoKey(node, config);
  signals.onHangUp(() => reload(node, say));
  for (const refusal of node.trustRefusals()) {
    say(`Left out of the trust table: ${refusal.file} ${refusal.kid ?? ''} ${refusal.rule}`);
  }
  say(greeting(addressOf(node.app), addressOf(node.adminApp), demoKey));
}

/** @returns the file of the demo's API key; null without the demo, which then leaves none behind */
async function settleDemoKey({ access }: YimaNode, { demo, dataDir }: Config): Promise<string | null> {
  if (demo) return writeDemoKey(access, dataDir);
  await removeDemoKey(access, dataDir);
  return null;
}

function reload(node: YimaNode, say: Say): void {
  node.reload().then(
    (refused) => say(`Keys and trust files were read again; ${refused.length} left out.`),
    (error: Error) => say(`Reload failed, keys and trust stay as they were: ${error.message}`),
  );
}

async function listen(node: YimaNode, config: Config): Promise<void> {
  await listenOn(node.app, config.host, config.port);
  await listenOn(node.adminApp, '127.0.0.1', config.adminPort);
  const path = socketPath(config.dataDir);
  rmSync(path, { force: true }); // left by a process that was killed: we hold the folder's lock
  if (path.length > SOCKET_PATH_LIMIT) return;
  const umask = process.umask(0o177); // never open to others, not even for the moment between bind and chmod
  try {
    await node.localApp.listen({ path });
  } finally {
    process.umask(umask);
  }
}

async function listenOn(app: FastifyInstance, host: string, port: number): Promise<void> {
  try {
    await app.listen({ host, port });
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code ?? 'error';
    const message = `Cannot listen on ${host}:${port} (${reason}). Stop what uses it, or set HOST, PORT and ADMIN_PORT.`;
    throw new YimaError('unavailable', message, { cause });
  }
}

function addressOf(app: FastifyInstance): string {
  const address = app.server.address();
  if (address === null || typeof address === 'string') return '';
  return `http://${address.family === 'IPv6' ? `[${address.address}]` : address.address}:${address.port}`;
}

/** Unready first, so that a balancer turns away; then no new connections, and a bounded wait for those that are open. */
async function shutDown(node: YimaNode, config: Config): Promise<void> {
  node.drain();
  await wait(config.shutdownGraceSeconds * 1000);
  const servers = [node.app, node.localApp, node.adminApp].map(({ server }) => server);
  // A connection whose last answer left after the doors closed would otherwise stay for its keep-alive time.
  const sweep = setInterval(() => {
    for (const server of servers) server.closeIdleConnections();
  }, DRAIN_SWEEP_MS);
  const cutOff = setTimeout(() => {
    for (const server of servers) server.closeAllConnections();
  }, config.shutdownDrainSeconds * 1000);
  await node.close();
  clearTimeout(cutOff);
  clearInterval(sweep);
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
