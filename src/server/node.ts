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
import { closeDoors, listenOn } from './doors.js';
import { registerFeedMetrics } from './feed/feed-metrics.js';
import { NO_FOLLOWERS } from './knowledge.js';
import { startLogWatch } from './log-watch.js';
import { registerPartnerMetrics } from './partners/partner-metrics.js';
import { createProcessMetrics } from './process-metrics.js';
import { registerSigningKeyMetrics } from './signing-key-metrics.js';
import { appDeps, appOptions } from './surface.js';
import { registerTrustMetrics } from './trust-network/trust-metrics.js';

/** What serving takes, in one process or in several. */
export interface ServedNode extends BackDoors, Pick<NodeCore, 'reload' | 'trustRefusals'> {
  readonly access: Access;
  /** Opens the public port and resolves with its address. @throws YimaError `unavailable` */
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
    const app = await buildApp(appDeps({ ...core, health, metrics }), appOptions(core.config, logger));
    const doors = await buildBackDoors(core, { health, metrics, told: metrics, logger });
    return {
      ...doors,
      access: core.access,
      reload: core.reload,
      trustRefusals: core.trustRefusals,
      app,
      open: () => listenOn(app, config.host, config.port),
      drain: () => {
        draining = true;
      },
      close: async () => {
        watch.stop();
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
