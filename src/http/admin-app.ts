// buildAdminApp: health and figures for whoever runs the node, on a port that only this machine reaches, under its own names:
// a web page that points its name at 127.0.0.1 (DNS rebinding) reads nothing here.

import type { FastifyReply, FastifyRequest } from 'fastify';
import { isLoopbackAuthority } from '../core/codec/loopback.js';
import { YimaError } from '../core/errors/yima-error.js';
import type { App } from './app-types.js';
import type { AppOptions, Health } from './deps.js';
import { createRequestLog } from './logging.js';
import { createSendProblem, registerErrorAnswers } from './plugins/error-answers.js';
import { registerGuard } from './plugins/guard.js';
import { registerStrictBody } from './plugins/strict-body.js';
import { registerRequestFields } from './request-fields.js';
import { registerHealth } from './routes/operator/health.js';
import { type MetricsText, registerMetrics } from './routes/operator/metrics.js';
import { createIds, createServer } from './server-options.js';

interface AdminDeps {
  readonly health: Health;
  readonly metrics: MetricsText;
}

type AdminOptions = Pick<AppOptions, 'publicUrl' | 'log'>;

export async function buildAdminApp({ health, metrics }: AdminDeps, options: AdminOptions): Promise<App> {
  const send = createSendProblem(options.publicUrl);
  const app = createServer({ trustProxy: [], isTls: false, send, nextId: createIds(), door: null });
  registerRequestFields(app, createRequestLog(options.log));
  registerStrictBody(app);
  registerErrorAnswers(app, send, null);
  registerGuard(app, { access: null, sites: null, find: null, local: true, limit: null, pluginPrefixes: [] });
  app.addHook('onRequest', refuseOtherNames);
  registerHealth(app, health);
  registerMetrics(app, metrics);
  await app.ready();
  return app;
}

function refuseOtherNames(
  { headers }: FastifyRequest,
  _reply: FastifyReply,
  done: (error?: Error) => void,
): void {
  if (isLoopbackAuthority(headers.host ?? '')) done();
  else done(new YimaError('forbidden', 'Ask this port as localhost or 127.0.0.1.'));
}
