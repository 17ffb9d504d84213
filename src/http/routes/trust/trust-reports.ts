// What a member of the network may know of it: how this node stands, who vouches for whom, what was dropped and why.

import { Type } from 'typebox';
import type { App } from '../../app-types.js';
import { closed, documented, problems } from '../../schemas/common.js';
import type { TrustDesk } from '../../trust-desk.js';
import {
  authorityParams,
  droppedSchema,
  explanationSchema,
  memberSchema,
  standingSchema,
} from './trust-schemas.js';

/** Lists are public, and so is everything that follows from them. */
export function registerTrustReports(app: App, desk: TrustDesk): void {
  app.get(
    '/trust/standing',
    {
      config: { access: 'public' },
      schema: {
        tags: ['trust'],
        summary: 'What this node trusts by, and how old it is',
        response: { 200: documented('application/json', standingSchema, 'Standing'), ...problems() },
      },
    },
    async () => desk.standing() as never,
  );

  app.get(
    '/trust/members',
    {
      config: { access: 'public' },
      schema: {
        tags: ['trust'],
        summary: 'The authorities, through whom each is trusted, and which version it last said to run',
        response: {
          200: documented('application/json', closed({ members: Type.Array(memberSchema) }), 'Members'),
          ...problems(),
        },
      },
    },
    async () => ({ members: await desk.members() }) as never,
  );

  app.get(
    '/trust/lists/:authority/dropped',
    {
      config: { access: 'public' },
      schema: {
        tags: ['trust'],
        summary: 'Entries of a list that count for nothing, and why',
        params: authorityParams,
        response: {
          200: documented('application/json', closed({ dropped: Type.Array(droppedSchema) }), 'Dropped'),
          ...problems(),
        },
      },
    },
    async ({ params }) => ({ dropped: await desk.dropped(params.authority) }) as never,
  );

  app.get(
    '/trust/keys/:key',
    {
      config: { access: 'public' },
      schema: {
        tags: ['trust'],
        summary: 'Why a key is trusted, or is not: the way from the root with each narrowing',
        params: closed({
          key: Type.String({ pattern: '^[A-Za-z0-9_-]{1,64}$', description: 'Thumbprint or kid' }),
        }),
        response: {
          200: documented(
            'application/json',
            closed({ explanations: Type.Array(explanationSchema) }),
            'Empty: nobody lists it',
          ),
          ...problems(),
        },
      },
    },
    async ({ params }) => ({ explanations: await desk.why(params.key) }) as never,
  );
}
