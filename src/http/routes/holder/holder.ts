// What a phone asks for by proof of its device's key: what it holds, a fresh code, why a code has its colour, and an appeal.

import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { readHolderProof } from '../../../core/envelope/holder-proof.js';
import type { HeldCredential, HeldState, HolderProof } from '../../../core/issue/holder.js';
import type { App } from '../../app-types.js';
import type { AppDeps } from '../../deps.js';
import { closed, EPOCH, idParams, nullable, problems } from '../../schemas/common.js';
import { formSchema } from '../../schemas/credential.js';
import {
  appealSchema,
  appealView,
  changeSchema,
  changeView,
  meaningSchema,
  recordSchema,
} from '../../schemas/record.js';

const STATES: readonly HeldState[] = ['active', 'suspended', 'revoked', 'expired', 'moved'];
const PROBLEMS = problems(
  'unauthenticated',
  'not_found',
  'conflict',
  'too_large',
  'unsupported_media_type',
  'store_failed',
);

const heldSchema = closed({
  id: Type.String(),
  kind: Type.String(),
  form: formSchema,
  state: Type.Unsafe<HeldState>({
    type: 'string',
    enum: [...STATES],
    description: '`moved`: it is on another phone now',
  }),
  status: nullable(meaningSchema),
  change: nullable(changeSchema),
  code: nullable(Type.String({ description: 'Until it is revoked, has expired or moved' })),
  issuedAt: EPOCH,
  expiresAt: nullable(EPOCH),
});

const appealBody = closed({
  grounds: Type.String({
    minLength: 1,
    maxLength: 500,
    pattern: '^\\P{C}*$',
    description: 'What the holder says; the log keeps a digest of it',
  }),
  change: Type.Optional(
    Type.String({
      pattern: '^[a-z2-7]{26}$',
      description: 'As the history names it; the newest when absent',
    }),
  ),
});

const CONFIG = { access: 'public', security: 'deviceProof' } as const;

export function registerHolder(app: App, deps: AppDeps, publicUrl: string): void {
  const { holder } = deps;
  const proofOf = createProofReader(deps, publicUrl);
  app.addHook('onSend', async (_request, reply) => {
    if (reply.statusCode === 401) reply.header('www-authenticate', 'Holder');
  });

  app.get(
    '/holder/credentials',
    {
      config: CONFIG,
      schema: {
        tags: ['holder'],
        summary: 'The credentials that are bound to this device',
        description: 'With `now`, by which a phone corrects its clock.',
        response: { 200: closed({ now: EPOCH, credentials: Type.Array(heldSchema) }), ...PROBLEMS },
      },
    },
    async (request) => {
      const held = await holder.list(proofOf(request));
      return { now: deps.clock(), credentials: held.map(heldView) };
    },
  );

  app.post(
    '/holder/credentials/:id/refresh',
    {
      config: CONFIG,
      schema: {
        tags: ['holder'],
        summary: 'A fresh code in a fresh place of the status lists',
        description:
          'So that nobody follows a person by that place. The code before it ends ten minutes later. One that is less than four hours old stays.',
        params: idParams,
        response: { 200: heldSchema, ...PROBLEMS },
      },
    },
    async (request) => heldView(await holder.refresh(proofOf(request), request.params.id)),
  );

  app.get(
    '/holder/credentials/:id/history',
    {
      config: CONFIG,
      schema: {
        tags: ['holder'],
        summary: 'What changed when, by which rule or whose decision, and why',
        params: idParams,
        response: { 200: recordSchema, ...PROBLEMS },
      },
    },
    async (request) => {
      const { changes, appeals, status, ...rest } = await holder.history(proofOf(request), request.params.id);
      return {
        ...rest,
        status: { ...status },
        changes: changes?.map(changeView) ?? null,
        appeals: appeals.map((appeal) => ({ ...appeal })),
      };
    },
  );

  app.post(
    '/holder/credentials/:id/appeals',
    {
      config: CONFIG,
      schema: {
        tags: ['holder'],
        summary: 'Appeal against a change of colour',
        params: idParams,
        body: appealBody,
        response: { 201: appealSchema, ...PROBLEMS },
      },
    },
    async (request, reply) => {
      const row = await holder.appeal(proofOf(request), request.params.id, request.body);
      return reply.code(201).send(appealView(row));
    },
  );
}

/** The proof has to be for exactly this request, at the address under which this node is known. */
function createProofReader(
  { clock, verifySignature }: AppDeps,
  publicUrl: string,
): (request: FastifyRequest) => HolderProof {
  const { origin: audience } = new URL(publicUrl);
  return ({ method, url, headers }) => {
    const [path] = url.split('?');
    return readHolderProof(
      headers.authorization,
      { audience, method, uri: `${publicUrl}${path}` },
      clock(),
      verifySignature,
    );
  };
}

function heldView({ status, change, ...rest }: HeldCredential) {
  return {
    ...rest,
    status: status === null ? null : { ...status },
    change: change === null ? null : changeView(change),
  };
}
