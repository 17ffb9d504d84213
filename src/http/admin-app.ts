// buildAdminApp: health and figures for whoever runs the node, on a port that only this machine reaches.

import type { App } from './app-types.js';
import type { AppDeps, AppOptions } from './deps.js';
import { registerRequestLog } from './logging.js';
import { createSendProblem, registerErrorAnswers } from './plugins/error-answers.js';
import { registerGuard } from './plugins/guard.js';
import { registerStrictBody } from './plugins/strict-body.js';
import { registerRequestFields } from './request-fields.js';
import { registerHealth } from './routes/operator/health.js';
import { registerMetrics } from './routes/operator/metrics.js';
import { createServer } from './server-options.js';

type AdminDeps = Pick<AppDeps, 'health' | 'metrics'>;
type AdminOptions = Pick<AppOptions, 'publicUrl' | 'log'>;

export async function buildAdminApp({ health, metrics }: AdminDeps, options: AdminOptions): Promise<App> {
  const send = createSendProblem(options.publicUrl);
  const app = createServer([], send);
  registerRequestFields(app);
  registerStrictBody(app);
  registerErrorAnswers(app, send, null);
  registerGuard(app, { access: null, limit: null, pluginPrefixes: [] });
  registerHealth(app, health);
  registerMetrics(app, metrics);
  registerRequestLog(app, options.log);
  await app.ready();
  return app;
}
