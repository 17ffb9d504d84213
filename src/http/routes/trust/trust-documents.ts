// Roots and lists, as they were signed: read by anybody, brought by whoever has the signatures.

import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { YimaError } from '../../../core/errors/yima-error.js';
import type { App } from '../../app-types.js';
import { matchesTag } from '../../entity-tags.js';
import { closed, documented, problems } from '../../schemas/common.js';
import type { TrustDocument, TrustSurface } from '../../trust-desk.js';
import { acceptedSchema, authorityParams, COUNT_TEXT, DOCUMENT_TYPE, WAIT_TEXT } from './trust-schemas.js';

/** Who brings a document does not matter, and no log tells his address. */
const ANYBODY = 'upload';
const MAX_BODY_BYTES = 2 * 1024 * 1024;

const waitQuery = closed({
  after: Type.Optional(COUNT_TEXT),
  wait: Type.Optional(WAIT_TEXT),
});

const documentResponse = documented(
  DOCUMENT_TYPE,
  Type.String(),
  'JWS in General JSON form (RFC 7515, section 7.2.1)',
);
const readResponses = {
  200: documentResponse,
  304: Type.Null({ description: 'Not changed' }),
  ...problems('not_found'),
};

/** In a scope that reads bodies of `application/jose+json` as text. */
export function registerTrustDocuments(app: App, trust: TrustSurface): void {
  const { desk } = trust;
  app.get(
    '/trust/root',
    {
      config: { access: 'public' },
      schema: {
        tags: ['trust'],
        summary: 'The newest root',
        querystring: waitQuery,
        response: readResponses,
      },
    },
    async (request, reply) => sendNewest(request, reply, trust, 'root', request.query),
  );

  app.get(
    '/trust/roots/:version',
    {
      config: { access: 'public' },
      schema: {
        tags: ['trust'],
        summary: 'One version of the root',
        params: closed({ version: Type.String({ pattern: '^[1-9][0-9]{0,8}$' }) }),
        response: readResponses,
      },
    },
    async (request, reply) => {
      const document = await desk.findRoot(Number(request.params.version));
      return sendDocument(request, reply, document);
    },
  );

  app.get(
    '/trust/lists/:authority',
    {
      config: { access: 'public' },
      schema: {
        tags: ['trust'],
        summary: "An authority's newest list",
        description:
          'With `after` and `wait` the answer comes when there is a newer version, or when the time is over.',
        params: authorityParams,
        querystring: waitQuery,
        response: readResponses,
      },
    },
    async (request, reply) => sendNewest(request, reply, trust, request.params.authority, request.query),
  );

  const upload = {
    consumes: [DOCUMENT_TYPE],
    body: Type.String({ description: 'The document, exactly as it was signed' }),
    response: {
      200: documented('application/json', acceptedSchema, 'Taken, durable and in force; or known already'),
      ...problems(
        'list_refused',
        'forbidden',
        'too_large',
        'unsupported_media_type',
        'store_failed',
        'overloaded',
      ),
    },
  };

  app.put(
    '/trust/root',
    {
      config: { access: 'public' },
      bodyLimit: MAX_BODY_BYTES,
      schema: { tags: ['trust'], summary: 'Brings the next root to the hub', ...upload },
    },
    async (request) => accept(trust, request, request.body, 'root'),
  );

  app.put(
    '/trust/lists/:authority',
    {
      config: { access: 'public' },
      bodyLimit: MAX_BODY_BYTES,
      schema: {
        tags: ['trust'],
        summary: "Brings an authority's list to the hub",
        description:
          'Its own signatures are what counts: enough of the keys that its parent lists. The same list again changes nothing.',
        params: authorityParams,
        ...upload,
      },
    },
    async (request) => accept(trust, request, request.body, request.params.authority),
  );
}

async function accept(
  { desk, isHub }: TrustSurface,
  { principal }: FastifyRequest,
  text: string,
  expected: string,
) {
  if (!isHub) {
    throw new YimaError('forbidden', 'This node takes no uploads: bring the document to the hub.', {
      rule: 'not_a_hub',
    });
  }
  return await desk.accept(text, { via: 'upload', name: principal?.id ?? ANYBODY }, expected);
}

interface WaitQuery {
  readonly after?: string;
  readonly wait?: string;
}

async function sendNewest(
  request: FastifyRequest,
  reply: FastifyReply,
  { desk, news }: TrustSurface,
  authority: string,
  { after = '0', wait = '0' }: WaitQuery,
): Promise<FastifyReply> {
  const known = Number(after);
  const seconds = Number(wait);
  if (seconds > 0 && known > 0) await news.changed(authority, known, seconds * 1000);
  return sendDocument(request, reply, await desk.find(authority));
}

function sendDocument(
  request: FastifyRequest,
  reply: FastifyReply,
  document: TrustDocument | undefined,
): FastifyReply {
  if (document === undefined) throw new YimaError('not_found', 'No such document was accepted here.');
  const etag = `"${document.hash}"`;
  reply.header('access-control-allow-origin', '*').header('access-control-expose-headers', 'etag');
  reply.header('etag', etag).header('cache-control', 'no-cache');
  if (matchesTag(request.headers['if-none-match'], etag)) return reply.code(304).send();
  return reply.header('content-type', DOCUMENT_TYPE).send(Buffer.from(document.text));
}
