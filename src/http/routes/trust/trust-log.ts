// The bundle, and the log that proves it: checkpoint, proofs, and a witness's own desk (C2SP tlog-witness).

import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { YimaError } from '../../../core/errors/yima-error.js';
import type { App } from '../../app-types.js';
import { matchesTag } from '../../entity-tags.js';
import { closed, documented, problems } from '../../schemas/common.js';
import type { TrustFile, TrustProofQuery, TrustSurface } from '../../trust-desk.js';
import { BUNDLE_TYPE, COUNT_TEXT, proofSchema } from './trust-schemas.js';

/** A checkpoint with its proof and many cosignatures. */
const MAX_CHECKPOINT_BYTES = 96 * 1024;

const proofQuery = closed({
  hash: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9_-]{43}$', description: 'Of a document' })),
  index: Type.Optional(COUNT_TEXT),
  from: Type.Optional(COUNT_TEXT),
  to: Type.Optional(COUNT_TEXT),
});

/** In a scope that reads bodies of `text/plain` as text. */
export function registerTrustLog(app: App, { desk, isWitness }: TrustSurface): void {
  app.get(
    '/trust/bundle',
    {
      config: { access: 'public' },
      schema: {
        tags: ['trust'],
        summary: 'All roots and newest lists in one file, with the proof that the log holds them',
        response: {
          200: documented(BUNDLE_TYPE, Type.String(), 'A head, then a document a line; always gzip'),
          304: Type.Null({ description: 'Not changed' }),
          ...problems('not_found', 'not_acceptable'),
        },
      },
    },
    async (request, reply) => sendBundle(request, reply, await desk.bundle()) as never,
  );

  app.get(
    '/trust/log/checkpoint',
    {
      config: { access: 'public' },
      schema: {
        tags: ['trust'],
        summary: "The log's newest head with its cosignatures (C2SP tlog-checkpoint)",
        response: { 200: documented('text/plain', Type.String(), 'Signed note'), ...problems('not_found') },
      },
    },
    async (_request, reply) => {
      const checkpoint = await desk.checkpoint();
      if (checkpoint === undefined) throw new YimaError('not_found', 'No log is kept here.');
      return reply.type('text/plain; charset=utf-8').header('cache-control', 'no-cache').send(checkpoint);
    },
  );

  app.get(
    '/trust/log/proof',
    {
      config: { access: 'public' },
      schema: {
        tags: ['trust'],
        summary: 'That the log holds a document or leaf, or that it continues an earlier head',
        description: 'One of `hash`, `index`, or `from` with `to`.',
        querystring: proofQuery,
        response: { 200: documented('application/json', proofSchema, 'Proof'), ...problems('not_found') },
      },
    },
    async ({ query }) => (await desk.proof(readProofQuery(query))) as never,
  );

  if (!isWitness) return;
  app.post(
    '/trust/log/add-checkpoint',
    {
      config: { access: 'public' },
      bodyLimit: MAX_CHECKPOINT_BYTES,
      schema: {
        tags: ['trust'],
        summary: 'Asks this witness to cosign a checkpoint (C2SP tlog-witness)',
        consumes: ['text/plain'],
        body: Type.String({ description: 'old N, at most 63 hashes, an empty line, the checkpoint' }),
        response: {
          200: documented('text/plain', Type.String(), 'Cosignature lines'),
          409: documented('text/x.tlog.size', Type.String(), 'The size that this witness knows'),
          '4xx': documented('text/plain', Type.String(), '400, 403, 404 or 422, with a sentence'),
          ...problems('too_large', 'unsupported_media_type', 'store_failed', 'overloaded'),
        },
      },
    },
    async (request, reply) => {
      const { status, contentType, body } = await desk.addCheckpoint(request.body);
      return reply
        .code(status as 200)
        .type(contentType)
        .send(body);
    },
  );
}

function sendBundle(
  request: FastifyRequest,
  reply: FastifyReply,
  bundle: TrustFile | undefined,
): FastifyReply {
  if (bundle === undefined) throw new YimaError('not_found', 'No root was accepted here.');
  reply.header('etag', bundle.etag).header('cache-control', 'no-cache').header('vary', 'accept-encoding');
  reply.header('access-control-allow-origin', '*').header('access-control-expose-headers', 'etag');
  if (matchesTag(request.headers['if-none-match'], bundle.etag)) return reply.code(304).send();
  checkTakesGzip(request);
  return reply.type(BUNDLE_TYPE).header('content-encoding', 'gzip').send(Buffer.from(bundle.body));
}

function checkTakesGzip({ headers }: FastifyRequest): void {
  const accepted = headers['accept-encoding'];
  if (
    accepted === undefined ||
    /(?:^|[\s,])(?:gzip|\*)(?!\s*;\s*q=0(?:\.0*)?(?:,|$))/i.test(String(accepted))
  )
    return;
  throw new YimaError('not_acceptable', 'The bundle is sent in gzip: accept it (Accept-Encoding: gzip).');
}

interface AnyProofQuery {
  readonly hash?: string;
  readonly index?: string;
  readonly from?: string;
  readonly to?: string;
}

function readProofQuery({ hash, index, from, to }: AnyProofQuery): TrustProofQuery {
  const named = [hash, index, from ?? to].filter((each) => each !== undefined);
  if (named.length !== 1) throw badQuery();
  if (hash !== undefined) return { hash };
  if (index !== undefined) return { index: Number(index) };
  if (from === undefined || to === undefined || Number(from) > Number(to)) throw badQuery();
  return { from: Number(from), to: Number(to) };
}

function badQuery(): YimaError {
  return new YimaError(
    'invalid_request',
    'Ask for one of hash, index, or from with to, where from is not above to.',
  );
}
