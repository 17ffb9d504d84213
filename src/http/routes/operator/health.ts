// Health for whoever runs the node: alive, and ready with the reasons when not.

import { Type } from 'typebox';
import type { App } from '../../app-types.js';
import type { Health } from '../../deps.js';
import { closed, problems } from '../../schemas/common.js';

const readinessSchema = closed({ ready: Type.Boolean(), reasons: Type.Array(Type.String()) });

export function registerHealth(app: App, health: Health): void {
  app.get(
    '/health/live',
    {
      config: { access: 'public' },
      schema: {
        tags: ['operator'],
        summary: 'The process runs',
        response: { 200: closed({ live: Type.Boolean() }), ...problems() },
      },
    },
    (_request, reply) => {
      reply.send({ live: true });
    },
  );

  app.get(
    '/health/ready',
    {
      config: { access: 'public' },
      schema: {
        tags: ['operator'],
        summary: 'The node can answer and may be sent requests',
        response: { ...problems(), 200: readinessSchema, 503: readinessSchema },
      },
    },
    (_request, reply) => {
      const { ok, reasons } = health.ready();
      reply.code(ok ? 200 : 503).send({ ready: ok, reasons: [...reasons] });
    },
  );
}
