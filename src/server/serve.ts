// `yima serve`: opens the node, listens on its three doors, and leaves in good order.

import { rmSync } from 'node:fs';
import type { Config } from '../config.js';
import { removeDemoKey, writeDemoKey } from './demo-key.js';
import { listenOn } from './doors.js';
import { greeting } from './greeting.js';
import { openNode, type ServedNode } from './node.js';
import { openPrimary } from './primary/open-primary.js';
import { catchSignals, type SignalSource, type Signals } from './signals.js';
import { socketPath } from './socket-path.js';
import { tlsGreeting } from './tls/tls-greeting.js';

/** Longest that a Unix socket's path may be (sun_path on Linux is 108 bytes, on macOS 104). */
const SOCKET_PATH_LIMIT = 103;

type Say = (line: string) => void;

export interface ServeOptions {
  readonly say: Say;
  /** Whether whoever reads it sees colours; symbols are drawn for a dark ground otherwise. */
  readonly colour?: boolean;
  /** The process when absent. */
  readonly signals?: SignalSource;
}

/**
 * Serves until SIGTERM or SIGINT, also when one comes during the start; SIGHUP reads keys, trust files and policies again.
 * @throws YimaError as `openCore`; an address in use as `unavailable`
 */
export async function serve(
  config: Config,
  { say, colour, signals: source = process }: ServeOptions,
): Promise<void> {
  const signals = catchSignals(source);
  try {
    const node = await (config.workers === 1 ? openNode(config) : openPrimary(config));
    try {
      await start(node, config, signals, { say, ...(colour === undefined ? {} : { colour }) });
    } catch (error) {
      await node.close();
      throw error;
    }
    await signals.leaving;
    node.drain(); // unready first, so that a balancer turns away
    await wait(config.shutdownGraceSeconds * 1000);
    await node.close();
  } finally {
    signals.release();
  }
}

async function start(
  node: ServedNode,
  config: Config,
  signals: Signals,
  { say, colour = false }: Omit<ServeOptions, 'signals'>,
): Promise<void> {
  if (signals.isLeaving()) return;
  const [url, adminUrl] = await listen(node, config);
  const demoKey = await settleDemoKey(node, config);
  signals.onHangUp(() => reload(node, say));
  for (const refusal of node.trustRefusals()) {
    say(`Left out of the trust table: ${refusal.file} ${refusal.kid ?? ''} ${refusal.rule}`);
  }
  say(greeting(url, adminUrl, demoKey));
  const phones = tlsGreeting(url, config, node.tls(), colour);
  if (phones !== null) say(phones);
}

/** @returns the file of the demo's API key; null without the demo, which then leaves none behind */
async function settleDemoKey({ access }: ServedNode, { demo, dataDir }: Config): Promise<string | null> {
  if (demo) return writeDemoKey(access, dataDir);
  await removeDemoKey(access, dataDir);
  return null;
}

function reload(node: ServedNode, say: Say): void {
  node.reload().then(
    (refused) => say(`Keys, trust files and policies were read again; ${refused.length} left out.`),
    (error: Error) => say(`Reload failed, keys, trust and policies stay as they were: ${error.message}`),
  );
}

/** Health first: it tells of the start of what follows. @returns the addresses of the public port and of the operator's */
async function listen(node: ServedNode, config: Config): Promise<readonly [string, string]> {
  const adminUrl = await listenOn(node.adminApp, '127.0.0.1', config.adminPort);
  const url = await node.open();
  const path = socketPath(config.dataDir);
  rmSync(path, { force: true }); // left by a process that was killed: we hold the folder's lock
  if (path.length > SOCKET_PATH_LIMIT) return [url, adminUrl];
  const umask = process.umask(0o177); // never open to others, not even for the moment between bind and chmod
  try {
    await node.localApp.listen({ path });
  } finally {
    process.umask(umask);
  }
  return [url, adminUrl];
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
