// How a request to issue is read and answered, the same for every way of issuing.

import type { FastifyReply } from 'fastify';
import type { Issued } from '../../../core/issue/commands.js';
import { credentialView } from '../../credential-view.js';
import { problems } from '../../schemas/common.js';
import { credentialSchema } from '../../schemas/credential.js';

/** 201 when it was issued now, 200 when its idempotency key was known. */
export const issuedResponses = {
  200: credentialSchema,
  201: credentialSchema,
  ...problems(
    'unauthenticated',
    'forbidden',
    'claims_rejected',
    'idempotency_conflict',
    'too_large',
    'unsupported_media_type',
    'store_failed',
  ),
};

export function withIdempotencyKey<T extends object>(
  body: T,
  headers: { readonly 'idempotency-key'?: string | undefined },
): T & { readonly idempotencyKey?: string } {
  const idempotencyKey = headers['idempotency-key'];
  return { ...body, ...(idempotencyKey === undefined ? {} : { idempotencyKey }) };
}

/** @param base where credentials are read, without a slash at the end */
export function issuedAnswer(reply: FastifyReply, issued: Issued, base: string) {
  const view = credentialView(issued, base);
  reply.code(issued.replayed ? 200 : 201).header('location', `${base}/${view.id}`);
  return view;
}
