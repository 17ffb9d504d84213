// The doors that the owner of the data folder keeps to itself: the socket for commands, and the port for whoever runs the node.

import type { FastifyInstance } from 'fastify';
import type { Registry as MetricsRegistry } from 'prom-client';
import { buildAdminApp } from '../http/admin-app.js';
import { buildApp } from '../http/app.js';
import type { Health, Logger, Readiness } from '../http/deps.js';
import type { MetricsText } from '../http/routes/operator/metrics.js';
import type { NodeCore } from './core.js';
import { appDeps, appOptions } from './surface.js';

export interface BackDoors {
  /** The routes of the public port for whoever may open the node's own socket. */
  readonly localApp: FastifyInstance;
  /** Health and metrics. */
  readonly adminApp: FastifyInstance;
}

export interface BackDoorOptions {
  readonly health: Health;
  /** Where this process counts. */
  readonly metrics: MetricsRegistry;
  /** What `/metrics` tells. */
  readonly told: MetricsText;
  readonly logger: Logger;
}

export async function buildBackDoors(core: NodeCore, options: BackDoorOptions): Promise<BackDoors> {
  const { health, metrics, told, logger } = options;
  const deps = appDeps({ ...core, demoRegion: null, tlsAuthority: () => null, health, metrics });
  const run = appOptions(core.config, logger);
  return {
    localApp: await buildApp(deps, { ...run, local: true }),
    adminApp: await buildAdminApp({ health, metrics: told }, run),
  };
}

/** Ready when nothing stands against it; a feed of others that is old does not: answers say so themselves. */
export function readiness(
  { pulse, feeds, trustService }: Pick<NodeCore, 'pulse' | 'feeds' | 'trustService'>,
  more: Readonly<Record<string, boolean>>,
): Readiness {
  const against: Readonly<Record<string, boolean>> = {
    store_uncertain: !pulse().isCertain,
    feed_ahead_of_database: feeds?.isAhead() ?? false,
    ...more,
  };
  const reasons = Object.keys(against).filter((reason) => against[reason]);
  const told = { ok: reasons.length === 0, reasons, feeds: feeds?.health() ?? [] };
  if (trustService === null) return told;
  const { root, lists, expiresAt, acceptedAt } = trustService.figures();
  return { ...told, trust: { root: root?.version ?? null, lists, expiresAt, acceptedAt } };
}
