// The append-only log: read in pages, checked as a whole.

import { Type } from 'typebox';
import type { App } from '../../app-types.js';
import type { AppDeps } from '../../deps.js';
import { AUDITOR } from '../../plugins/guard.js';
import { closed, EPOCH, nullable, problems } from '../../schemas/common.js';

const DEFAULT_LIMIT = 100;

const entrySchema = closed({
  seq: Type.Integer(),
  at: EPOCH,
  actor: Type.String(),
  type: Type.String(),
  body: Type.String({ description: 'Canonical JSON, as it was hashed' }),
  prev: Type.String(),
  hash: Type.String(),
});

const pageQuery = closed({
  after: Type.Optional(
    Type.String({ pattern: '^[0-9]{1,15}$', description: 'Entries after this number; 0 when absent' }),
  ),
  limit: Type.Optional(
    Type.String({ pattern: '^(?:[1-9][0-9]{0,2}|1000)$', description: '1 to 1000; 100 when absent' }),
  ),
});

const checkSchema = closed({
  ok: Type.Boolean(),
  entries: Type.Integer(),
  brokenAt: nullable(Type.Integer({ description: 'First entry that does not follow from the one before' })),
  head: nullable(Type.String()),
  strayCredentials: Type.Array(Type.String(), {
    description: 'Ids of credentials that are not stored as the log tells, at most 100',
  }),
  strayApiKeys: Type.Array(Type.String(), {
    description: 'Ids of API keys that are not stored as the log tells, at most 100',
  }),
  strayProposals: Type.Array(Type.String(), {
    description: 'Ids of proposals that are not stored as the log tells, at most 100',
  }),
  strayRules: Type.Array(Type.String(), {
    description: 'Id and version of rules of colour that are not stored as the log tells, at most 100',
  }),
  strayChanges: Type.Array(Type.String(), {
    description: 'Ids of changes of colours whose rows are not stored as the log tells, at most 100',
  }),

  strayAppeals: Type.Array(Type.String(), {
    description: 'Ids of appeals that are not stored as the log tells',
  }),
  strayOffers: Type.Array(Type.String(), { description: 'Offers to phones' }),
  strayTrust: Type.Array(Type.String(), {
    description:
      'Roots, lists and dead keys of the trust network that are not stored as the log tells, at most 100',
  }),
});

export function registerLog(app: App, { log }: AppDeps): void {
  app.get(
    '/v1/log',
    {
      config: AUDITOR,
      schema: {
        tags: ['admin'],
        summary: 'Read the log',
        querystring: pageQuery,
        response: {
          200: closed({ head: nullable(Type.Integer()), entries: Type.Array(entrySchema) }),
          ...problems('unauthenticated', 'not_found'),
        },
      },
    },
    async ({ query }) => {
      const entries = await log.read(Number(query.after ?? 0), Number(query.limit ?? DEFAULT_LIMIT));
      return { head: (await log.head())?.seq ?? null, entries: [...entries] };
    },
  );

  app.get(
    '/v1/log/check',
    {
      config: AUDITOR,
      schema: {
        tags: ['admin'],
        summary: 'Recompute the chain of the log and hold the store against it',
        response: { 200: checkSchema, ...problems('unauthenticated', 'not_found') },
      },
    },
    async () => {
      const audit = await log.check();
      return {
        ...audit,
        strayCredentials: [...audit.strayCredentials],
        strayApiKeys: [...audit.strayApiKeys],
        strayProposals: [...audit.strayProposals],
        strayRules: [...audit.strayRules],
        strayChanges: [...audit.strayChanges],
        strayAppeals: [...audit.strayAppeals],
        strayOffers: [...audit.strayOffers],
        strayTrust: [...audit.strayTrust],
      };
    },
  );
}
