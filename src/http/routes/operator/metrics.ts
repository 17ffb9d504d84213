// GET /metrics in the Prometheus text format.

import type { Registry } from 'prom-client';
import { Type } from 'typebox';
import type { App } from '../../app-types.js';
import { documented, problems } from '../../schemas/common.js';

/** What is read: a registry of this process, or the sum over several. */
export type MetricsText = Pick<Registry, 'contentType' | 'metrics'>;

export function registerMetrics(app: App, metrics: MetricsText): void {
  app.get(
    '/metrics',
    {
      config: { access: 'public' },
      schema: {
        tags: ['operator'],
        summary: 'Figures of this node',
        response: { 200: documented('text/plain', Type.String(), 'Prometheus text format'), ...problems() },
      },
    },
    async (_request, reply) => reply.type(metrics.contentType).send(await metrics.metrics()),
  );
}
