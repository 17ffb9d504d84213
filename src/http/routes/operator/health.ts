// Health for whoever runs the node: alive, and ready with the reasons when not.

import { Type } from 'typebox';
import type { App } from '../../app-types.js';
import type { Health } from '../../deps.js';
import { closed, nullable, problems } from '../../schemas/common.js';

const feedSchema = closed({
  issuer: Type.String(),
  ageSeconds: nullable(Type.Integer({ description: 'null: nothing was confirmed yet' })),
  lag: Type.Integer({ description: 'Entries of its log that its newest feed entry lacks' }),
  epoch: nullable(Type.String()),
  lastRebuild: nullable(closed({ at: Type.Integer(), reason: Type.String() })),
});

const trustSchema = closed({
  root: nullable(Type.Integer({ description: 'null: no root was accepted yet' })),
  lists: Type.Integer(),
  expiresAt: nullable(
    Type.Integer({ description: 'Epoch seconds: when the first document on which keys rest expires' }),
  ),
  acceptedAt: nullable(Type.Integer({ description: 'Epoch seconds: when the newest was taken' })),
});

const readinessSchema = closed({
  ready: Type.Boolean(),
  reasons: Type.Array(Type.String()),
  feeds: Type.Array(feedSchema, {
    description: "Other issuers' status feeds; the node is ready when one is old, and its answers say so",
  }),
  trust: Type.Optional(trustSchema),
});

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
      const { ok, reasons, feeds, trust } = health.ready();
      const told = { ready: ok, reasons: [...reasons], feeds: [...feeds] };
      reply.code(ok ? 200 : 503).send(trust === undefined ? told : { ...told, trust });
    },
  );
}
