// A worker: built from its settings, told everything by the primary, and then serving the public port from memory.

import type { FastifyInstance } from 'fastify';
import type { Registry } from 'prom-client';
import { sha256 } from '../../adapters/crypto-node.js';
import type { Clock } from '../../core/issue/ports.js';
import type { StatusArena } from '../../core/status/arena.js';
import type { Steady } from '../../core/status/moment.js';
import { createSightings } from '../../core/verify/sightings.js';
import { buildApp } from '../../http/app.js';
import { createLogger } from '../../http/logging.js';
import type { After } from '../after.js';
import { closeDoors, listenOn, showCertificate } from '../doors.js';
import { openJudging } from '../judging.js';
import type { FromWorker, ToWorker, WorkerSettings } from '../messages.js';
import { createProcessMetrics } from '../process-metrics.js';
import { createSightingRelay } from '../sightings/relay.js';
import { appDeps, appOptions } from '../surface.js';
import { createVerifier } from '../verifier.js';
import { createAskPrimary } from './ask-primary.js';
import { createFollower } from './follower.js';
import { createMirror } from './mirror.js';

/** The way to the primary, and out. */
export interface WorkerPort {
  readonly send: (message: FromWorker) => void;
  /** Ends this process: in good order, or because what it knows cannot be believed. */
  readonly leave: (code: 0 | 1) => void;
  readonly clock: Clock;
  readonly steady: Steady;
  readonly after: After;
}

type Hear = (message: ToWorker) => void;

/** @returns takes what the primary says. Once that is connected, `hello` has to be said */
export function createWorker(port: WorkerPort): Hear {
  let hear: Hear | null = null;
  return (message) => {
    if (message.type === 'start') hear = startWorker(message.settings, port);
    else hear?.(message);
  };
}

function startWorker(settings: WorkerSettings, port: WorkerPort): Hear {
  const { send, leave, clock, steady, after } = port;
  const tell = createSightingRelay((packed) => send({ type: 'seen', packed }), setImmediate);
  const sightings = createSightings({ sha256, node: settings.issuer, tell });
  const mirror = createMirror(clock, after, sightings);
  const { commands, answer } = createAskPrimary(send, after);
  const judging = openJudging(settings);
  const metrics = createProcessMetrics(mirror, judging);
  const { verify } = createVerifier({ ...mirror, clock, steady, judging });
  const { statusBase, statusMaxAgeSeconds, demoRegion, trust } = settings;
  let shown = settings.tlsPair;
  const deps = appDeps({
    knowledge: mirror,
    verify,
    commands,
    statusBase,
    statusMaxAgeSeconds,
    demoRegion,
    trust,
    tlsAuthority: () => shown?.authority ?? null,
    health: null,
    metrics,
    clock,
  });
  const built = buildApp(deps, appOptions(settings, createLogger(settings.logLevel)));
  built.then(
    () => send({ type: 'ready' }),
    () => leave(1),
  );

  const follow = createFollower({
    mirror,
    open: () => void open(built, settings, send),
    send,
    lost: () => leave(1),
  });
  const others = {
    answer: (message) => answer(message.id, message.outcome),
    report: () => void report(metrics, send),
    tls: ({ pair }) => {
      shown = pair;
      void built.then((app) => showCertificate(app, pair));
    },
    drain: ({ drainMs }) => void built.then((app) => closeDoors([app], drainMs)).then(() => leave(0)),
  } satisfies { [K in ToWorker['type']]?: (message: ToWorker & { type: K }) => void };
  return (message) => {
    if (message.type === 'beat') tellMissed(mirror.status, send);
    if ('seq' in message) follow(message);
    else if (message.type !== 'start') (others[message.type] as Hear)(message);
  };
}

async function open(
  built: Promise<FastifyInstance>,
  { host, port, tlsPair }: WorkerSettings,
  send: WorkerPort['send'],
): Promise<void> {
  try {
    const app = await built;
    showCertificate(app, tlsPair);
    send({ type: 'listening', url: await listenOn(app, host, port) });
  } catch (error) {
    send({ type: 'refused', message: (error as Error).message });
  }
}

/** With every heartbeat, so that somebody looks for what codes named in vain. */
function tellMissed(status: Pick<StatusArena, 'missed'>, send: WorkerPort['send']): void {
  const lists = status.missed();
  if (lists.length > 0) send({ type: 'missed', lists });
}

async function report(metrics: Registry, send: WorkerPort['send']): Promise<void> {
  send({ type: 'metrics', metrics: await metrics.getMetricsAsJSON() });
}
