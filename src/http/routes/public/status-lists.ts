// Status lists as tokens, and the index of those that anybody may read.
// Token Status List, sections 8.1, 8.2 (negotiation, caching), 8.4 (time), 9.3 (aggregation).

import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { YimaError } from '../../../core/errors/yima-error.js';
import type { App } from '../../app-types.js';
import type { AppDeps, StatusToken, StatusTokenForm } from '../../deps.js';
import { matchesTag } from '../../entity-tags.js';
import { negotiate } from '../../negotiate.js';
import { closed, documented, problems } from '../../schemas/common.js';

const MEDIA_TYPES = {
  jwt: 'application/statuslist+jwt',
  cwt: 'application/statuslist+cwt',
} as const satisfies Record<StatusTokenForm, string>;

const listParams = closed({
  list: Type.String({ pattern: '^(?:0|[1-9][0-9]{0,8})$', description: 'List number' }),
});
const listQuery = closed({
  time: Type.Optional(Type.String({ description: 'Past states are not offered: 501' })),
});

const tokenResponse = {
  description: 'The signed list, compressed inside',
  content: {
    [MEDIA_TYPES.jwt]: { schema: Type.String() },
    [MEDIA_TYPES.cwt]: { schema: Type.String() },
  },
};

export function registerStatusLists(app: App, deps: AppDeps): void {
  app.get(
    '/status-lists/:list',
    {
      config: { access: 'optional' },
      schema: {
        tags: ['public'],
        summary: 'A status list token',
        description:
          'JWT unless `Accept` prefers CWT. A list that shows colours needs an API key with scope verify.',
        params: listParams,
        querystring: listQuery,
        response: {
          200: tokenResponse,
          304: Type.Null({ description: 'Not changed' }),
          ...problems('unauthenticated', 'forbidden', 'not_found', 'not_acceptable', 'not_implemented'),
        },
      },
    },
    async (request, reply) => {
      const list = Number(request.params.list);
      reply.header('access-control-allow-origin', '*').header('access-control-expose-headers', 'etag');
      reply.header('vary', 'accept');
      if (request.query.time !== undefined)
        throw new YimaError('not_implemented', 'Past states are not kept: leave out time.');
      const restricted = await deps.statusLists.isRestricted(list);
      if (restricted) checkMayRead(request);
      const form = negotiate(request.headers.accept, MEDIA_TYPES);
      if (form === undefined)
        throw new YimaError('not_acceptable', `Accept ${Object.values(MEDIA_TYPES).join(' or ')}.`);
      const token = await deps.statusLists.token(list, form, deps.clock());
      if (token === undefined) throw new YimaError('not_found', 'There is no list with this number.');
      return sendToken(request, reply, token, { restricted, mediaType: MEDIA_TYPES[form] });
    },
  );

  app.get(
    '/status-lists',
    {
      config: { access: 'public' },
      schema: {
        tags: ['public'],
        summary: 'Addresses of the lists that anybody may read',
        response: {
          200: documented(
            'application/json',
            closed({ status_lists: Type.Array(Type.String()) }),
            'Aggregation',
          ),
          ...problems(),
        },
      },
    },
    async (_request, reply) => {
      const lists = await deps.statusLists.aggregation();
      reply.type('application/json').header('access-control-allow-origin', '*');
      return reply.header('cache-control', 'public, max-age=60').send({ status_lists: [...lists] } as never);
    },
  );
}

function checkMayRead({ principal }: FastifyRequest): void {
  if (principal?.scopes.includes('verify')) return;
  throw new YimaError('forbidden', 'This list shows colours: it needs an API key with scope verify.');
}

interface Delivery {
  readonly restricted: boolean;
  readonly mediaType: string;
}

function sendToken(
  request: FastifyRequest,
  reply: FastifyReply,
  token: StatusToken,
  { restricted, mediaType }: Delivery,
): FastifyReply {
  const reach = restricted ? 'private' : 'public';
  reply.header('etag', token.etag).header('cache-control', `${reach}, max-age=${token.maxAgeSeconds}`);
  if (matchesTag(request.headers['if-none-match'], token.etag)) return reply.code(304).send();
  return reply.type(mediaType).send(typeof token.body === 'string' ? token.body : Buffer.from(token.body));
}
