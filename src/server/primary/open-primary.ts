// A node in several processes: this one is the core and its back doors, workers are the public surfaces.

import type { Config } from '../../config.js';
import type { Health } from '../../http/deps.js';
import { createLogger } from '../../http/logging.js';
import { after } from '../after.js';
import { buildBackDoors, readiness } from '../back-doors.js';
import { type NodeCore, openCore } from '../core.js';
import { registerDecisionMetrics } from '../decision-metrics.js';
import { closeDoors } from '../doors.js';
import { registerFeedMetrics } from '../feed/feed-metrics.js';
import { startLogWatch } from '../log-watch.js';
import type { WorkerSettings } from '../messages.js';
import type { NodeOptions, ServedNode } from '../node.js';
import { registerPartnerMetrics } from '../partners/partner-metrics.js';
import { createProcessMetrics } from '../process-metrics.js';
import { registerSigningKeyMetrics } from '../signing-key-metrics.js';
import { type LoadedTls, loadTls } from '../tls/load-tls.js';
import { startRenewal } from '../tls/renewal.js';
import type { TlsPair } from '../tls/tls-pair.js';
import { registerTrustMetrics } from '../trust-network/trust-metrics.js';
import { createCrew } from './crew.js';
import { createCrewMetrics } from './crew-metrics.js';
import { createFanOut } from './fan-out.js';
import { createFork } from './fork-worker.js';
import type { Fork, Member } from './member.js';

const TICK_MS = 100;

/**
 * @param fork starts a worker's process
 * @throws YimaError as `openCore`
 */
export async function openPrimary(
  config: Config,
  { logStream, ...clocks }: NodeOptions = {},
  fork: Fork = createFork(),
): Promise<ServedNode> {
  const fanOut = createFanOut();
  const logger = createLogger(config.logLevel, logStream);
  const core = await openCore(config, fanOut, logger, clocks);
  const own = createProcessMetrics(core.knowledge, core.judging);
  registerDecisionMetrics(own, core.desk, core.revocationFigures);
  if (core.feeds !== null) registerFeedMetrics(own, core.feeds);
  const metrics = createCrewMetrics(own, () => live(), after);
  let tls: LoadedTls | null = null as LoadedTls | null;
  const crew = createCrew({
    size: config.workers,
    core,
    fanOut,
    fork,
    settings: () => workerSettings(core, tls),
    metrics,
    logger,
    after,
  });
  const live = (): readonly Member[] => crew.live();
  registerPartnerMetrics(own, core);
  registerTrustMetrics(own, core);
  registerSigningKeyMetrics(own, core);
  const watch = startLogWatch({ ...core, after, logger, metrics: own });
  const load = (): LoadedTls | null => loadTls(core.config, core.clock());
  const show = (loaded: LoadedTls | null): void => {
    tls = loaded;
    if (tls !== null) crew.showCertificate(pairOf(tls));
  };
  const renewal = startRenewal({ load, shown: () => tls, show, after, logger });
  let draining = false;
  const health: Health = {
    ready: () => readiness(core, { draining, workers_starting: live().length === 0 }),
  };
  try {
    const doors = await buildBackDoors(core, { health, metrics: own, told: metrics, logger });
    const ticking = setInterval(crew.tick, TICK_MS);
    const drainMs = config.shutdownDrainSeconds * 1000;
    return {
      ...doors,
      access: core.access,
      reload: async () => {
        const loaded = load();
        const refused = await core.reload();
        show(loaded);
        return refused;
      },
      tls: () => tls,
      trustRefusals: core.trustRefusals,
      open: () => {
        tls = load();
        return crew.start();
      },
      drain: () => {
        draining = true;
      },
      close: async () => {
        watch.stop();
        renewal.stop();
        await crew.drain(drainMs); // their last requests are answered by what is closed below
        clearInterval(ticking);
        await closeDoors([doors.localApp, doors.adminApp], drainMs);
        await core.close();
      },
    };
  } catch (error) {
    watch.stop();
    renewal.stop();
    await core.close();
    throw error;
  }
}

/** What a worker needs of it: no paths. */
function pairOf({ cert, key, authority }: LoadedTls): TlsPair {
  return { cert, key, authority };
}

/** What is counted by each worker alone is divided, so that all together grant what was configured. */
function workerSettings(
  { config, statusBase, demoRegion, trust }: NodeCore,
  tls: LoadedTls | null,
): WorkerSettings {
  const share = (perMinute: number): number => Math.ceil(perMinute / config.workers);
  return {
    issuer: config.issuer,
    host: config.host,
    port: config.port,
    publicUrl: config.publicUrl,
    trustProxy: config.trustProxy,
    tls: config.tls,
    tlsPair: tls === null ? null : pairOf(tls),
    rateLimitPerMinute: share(config.rateLimitPerMinute),
    verifyRateLimitPerMinute: share(config.verifyRateLimitPerMinute),
    shortIdRateLimitPerMinute: share(config.shortIdRateLimitPerMinute),
    verifier: config.verifier,
    verifierTableMb: config.verifierTableMb,
    knownCodes: config.knownCodes,
    statusMaxAgeSeconds: config.statusMaxAgeSeconds,
    logLevel: config.logLevel,
    logSample: config.logSample,
    statusBase,
    demoRegion,
    trust,
  };
}
