// What a member of the network may know of it: how this node stands, who vouches for whom, what was dropped and why.

import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { ISSUER } from '../../../core/codec/names.js';
import type { App } from '../../app-types.js';
import { closed, documented, problems } from '../../schemas/common.js';
import type { TrustMark, TrustSurface } from '../../trust-desk.js';
import {
  authorityParams,
  droppedSchema,
  explanationSchema,
  markSchema,
  memberSchema,
  standingSchema,
  WAIT_TEXT,
} from './trust-schemas.js';

const HELD = /^"([A-Za-z0-9_-]{43})"$/;
const RUNNING = /^([0-9]{1,15}) ([A-Za-z0-9_-]{43})$/;

/** Who says to run what, in the headers of a node that pulls. Nobody checks it, and nothing depends on it. */
function readMember({ headers }: FastifyRequest): {
  readonly member: string | null;
  readonly mark: TrustMark | null;
} {
  const member = headers['yima-member'];
  const [, version, hash] = RUNNING.exec(String(headers['yima-running'] ?? '')) ?? [];
  if (typeof member !== 'string' || !ISSUER.test(member) || version === undefined || hash === undefined) {
    return { member: null, mark: null };
  }
  return { member, mark: { authority: 'root', version: Number(version), hash } };
}

/** Lists are public, and so is everything that follows from them. */
export function registerTrustReports(app: App, { desk, news }: TrustSurface): void {
  app.get(
    '/trust/marks',
    {
      config: { access: 'public' },
      schema: {
        tags: ['trust'],
        summary: 'Which version of every document is here',
        description:
          'With `wait` and the etag that the caller has, the answer comes when something is newer, or when the time is over.',
        querystring: closed({
          wait: Type.Optional(WAIT_TEXT),
        }),
        response: {
          200: documented('application/json', closed({ marks: Type.Array(markSchema) }), 'Marks'),
          304: Type.Null({ description: 'Not changed' }),
          ...problems(),
        },
      },
    },
    async (request, reply) => {
      const { member, mark } = readMember(request);
      if (member !== null && mark !== null) await desk.noteMember(member, mark);
      const seen = HELD.exec(request.headers['if-none-match'] ?? '')?.[1];
      const { wait = '0' } = request.query;
      const manifest =
        seen === undefined ? news.manifest() : await news.changedFrom(seen, Number(wait) * 1000);
      reply.header('etag', `"${manifest}"`).header('cache-control', 'no-cache');
      if (manifest === seen) return (reply.code(304) as FastifyReply).send() as never;
      return { marks: news.marks() } as never;
    },
  );

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
