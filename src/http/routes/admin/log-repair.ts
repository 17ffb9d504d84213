// Proof and repair by the log: its head signed for a witness outside, a witness's copy held against it, and the credentials set
// back to what it tells.

import { Type } from 'typebox';
import { YimaError } from '../../../core/errors/yima-error.js';
import type { HeadFinding } from '../../../core/issue/signed-head.js';
import type { App } from '../../app-types.js';
import type { AppDeps } from '../../deps.js';
import { ADMIN, AUDITOR, principalOf } from '../../plugins/guard.js';
import { closed, EPOCH, problems } from '../../schemas/common.js';
import { formSchema } from '../../schemas/credential.js';

const FINDINGS = ['same', 'rewritten', 'broken', 'shorter'] as const satisfies readonly HeadFinding[];

const head = {
  issuer: Type.String(),
  seq: Type.Integer(),
  hash: Type.String({ description: 'Of the entry, hex' }),
  at: EPOCH,
};

const restoreBody = closed({
  dryRun: Type.Boolean({ description: 'Only tell what would be done' }),
  neverServed: Type.Optional(
    Type.Boolean({
      description: 'By the socket alone: no node has run since the file was edited, so nobody has seen it',
    }),
  ),
});

const restoredSchema = closed({
  restored: Type.Integer({ description: 'Credentials whose state was set back' }),
  keptRevoked: Type.Array(
    closed({
      credential: Type.String(),
      form: formSchema,
      list: Type.Integer(),
      index: Type.Integer(),
    }),
    { description: 'Encodings that stay revoked, since verifiers have seen it: issue them anew' },
  ),
  keptRevokedCount: Type.Integer(),
  strayCredentials: Type.Array(Type.String(), { description: 'What the log cannot give back, at most 100' }),
  logSeqs: Type.Array(Type.Integer()),
});

export function registerLogRepair(app: App, { log }: AppDeps): void {
  app.get(
    '/v1/log/head',
    {
      config: AUDITOR,
      schema: {
        tags: ['admin'],
        summary: 'Sign the head of the log for a witness',
        description:
          'Whoever keeps `signed` elsewhere can tell later whether the log before it was rewritten.',
        response: {
          200: closed({ ...head, signed: Type.String({ description: 'Compact JWS of the other members' }) }),
          ...problems('unauthenticated', 'not_found'),
        },
      },
    },
    () => log.signHead(),
  );

  app.post(
    '/v1/log/head/check',
    {
      config: AUDITOR,
      schema: {
        tags: ['admin'],
        summary: 'Hold the log against a head that was signed before',
        body: closed({ signed: Type.String({ maxLength: 2_048 }) }),
        response: {
          200: closed({
            ok: Type.Boolean(),
            finding: Type.Unsafe<HeadFinding>({ type: 'string', enum: [...FINDINGS] }),
            ...head,
          }),
          ...problems('unauthenticated', 'not_found', 'too_large', 'unsupported_media_type'),
        },
      },
    },
    ({ body }) => log.checkHead(body.signed),
  );

  app.post(
    '/v1/log/restore',
    {
      config: ADMIN,
      schema: {
        tags: ['admin'],
        summary: 'Set credentials that are not stored as the log tells back to what it tells',
        body: restoreBody,
        response: {
          200: restoredSchema,
          ...problems(
            'unauthenticated',
            'forbidden',
            'not_found',
            'conflict',
            'too_large',
            'unsupported_media_type',
            'store_failed',
          ),
        },
      },
    },
    async (request) => {
      const { id } = principalOf(request);
      const { dryRun, neverServed = false } = request.body;
      if (neverServed && id !== 'local') {
        throw new YimaError('forbidden', 'Only who opens the stopped node knows that: use yima log restore.');
      }
      const { keptRevoked, strayCredentials, logSeqs, ...counts } = await log.restore(id, {
        dryRun,
        neverServed,
      });
      return {
        ...counts,
        keptRevoked: [...keptRevoked],
        strayCredentials: [...strayCredentials],
        logSeqs: [...logSeqs],
      };
    },
  );
}
