// A node in one process: its core, the back doors, and the public surfaces over the same knowledge.

import type { FastifyInstance } from 'fastify';
import type { Config } from '../config.js';
import type { Clock } from '../core/issue/ports.js';
import type { Steady } from '../core/status/moment.js';
import { buildApp } from '../http/app.js';
import type { Access, Health } from '../http/deps.js';
import { createLogger } from '../http/logging.js';
import { after } from './after.js';
import { type BackDoors, buildBackDoors, readiness } from './back-doors.js';
import { type NodeCore, openCore } from './core.js';
import { registerDecisionMetrics } from './decision-metrics.js';
import { closeDoors, listenOn, showCertificate } from './doors.js';
import { registerFeedMetrics } from './feed/feed-metrics.js';
import { NO_FOLLOWERS } from './knowledge.js';
import { startLogWatch } from './log-watch.js';
import { registerPartnerMetrics } from './partners/partner-metrics.js';
import { createProcessMetrics } from './process-metrics.js';
import { registerSigningKeyMetrics } from './signing-key-metrics.js';
import { appDeps, appOptions } from './surface.js';
import { type LoadedTls, loadTls } from './tls/load-tls.js';
import { startRenewal } from './tls/renewal.js';
import { registerTrustMetrics } from './trust-network/trust-metrics.js';

/** What serving takes, in one process or in several. */
export interface ServedNode extends BackDoors, Pick<NodeCore, 'reload' | 'trustRefusals'> {
  readonly access: Access;
  /** What the public port shows since it is open; null: plain HTTP. */
  readonly tls: () => LoadedTls | null;
  /** Opens the public port and resolves with its address. @throws YimaError `unavailable`, and as `loadTls` */
  readonly open: () => Promise<string>;
  /** From now on the ready probe says no. */
  readonly drain: () => void;
  /** Closes every door, lets the ledger finish, closes the store, frees the folder. Takes no longer than the drain time and a little. */
  readonly close: () => Promise<void>;
}

export interface YimaNode extends ServedNode {
  /** The public surfaces. */
  readonly app: FastifyInstance;
}

export interface NodeOptions {
  readonly clock?: Clock;
  readonly steady?: Steady;
  /** Where log lines go; standard output when absent. */
  readonly logStream?: { readonly write: (line: string) => void };
}

/** @throws YimaError as `openCore` */
export async function openNode(
  config: Config,
  { logStream, ...clocks }: NodeOptions = {},
): Promise<YimaNode> {
  const logger = createLogger(config.logLevel, logStream);
  const core = await openCore(config, NO_FOLLOWERS, logger, clocks);
  const metrics = createProcessMetrics(core.knowledge, core.judging);
  registerDecisionMetrics(metrics, core.desk, core.revocationFigures);
  if (core.feeds !== null) registerFeedMetrics(metrics, core.feeds);
  let draining = false;
  const health: Health = {
    ready: () => readiness(core, { draining }),
  };
  registerPartnerMetrics(metrics, core);
  registerTrustMetrics(metrics, core);
  registerSigningKeyMetrics(metrics, core);
  const watch = startLogWatch({ ...core, after, logger, metrics });
  try {
    let tls: LoadedTls | null = null as LoadedTls | null;
    const tlsAuthority = (): string | null => tls?.authority ?? null;
    const deps = appDeps({ ...core, tlsAuthority, health, metrics });
    const app = await buildApp(deps, appOptions(core.config, logger));
    const doors = await buildBackDoors(core, { health, metrics, told: metrics, logger });
    const load = (): LoadedTls | null => loadTls(core.config, core.clock());
    const show = (loaded: LoadedTls | null): void => {
      tls = loaded;
      showCertificate(app, loaded);
    };
    const renewal = startRenewal({ load, shown: () => tls, show, after, logger });
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
      app,
      open: async () => {
        show(load());
        return listenOn(app, config.host, config.port);
      },
      drain: () => {
        draining = true;
      },
      close: async () => {
        watch.stop();
        renewal.stop();
        await closeDoors([app, doors.localApp, doors.adminApp], config.shutdownDrainSeconds * 1000);
        await core.close();
      },
    };
  } catch (error) {
    watch.stop();
    await core.close();
    throw error;
  }
}
