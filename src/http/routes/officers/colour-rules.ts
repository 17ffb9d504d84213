// Rules of colour: what is in force, and their invocation by a rule service.

import { type Static, Type } from 'typebox';
import type { ColourRuleRow } from '../../../core/issue/decision-rows.js';
import { SCOPES } from '../../../core/issue/principal.js';
import type { App } from '../../app-types.js';
import type { AppDeps } from '../../deps.js';
import { principalOf } from '../../plugins/guard.js';
import { closed, EPOCH, nullable, problems, textSchema } from '../../schemas/common.js';

const ruleId = Type.String({ pattern: '^[a-z0-9-]{1,32}$', description: 'Rule id' });

const ruleSchema = closed({
  id: ruleId,
  version: Type.Integer(),
  kind: Type.String(),
  from: Type.Array(Type.String(), { description: 'Levels that it leads away from' }),
  to: Type.String({ description: 'Level that it leads to' }),
  text: textSchema,
  purposes: Type.Array(Type.String()),
  capPerHour: Type.Integer({ description: 'Changes in any hour; what exceeds them waits for an officer' }),
  validFrom: EPOCH,
  proposal: Type.String({ description: 'The approved proposal that put it in force' }),
  retiredAt: nullable(EPOCH),
});

const invocationBody = closed({
  version: Type.Integer({ minimum: 1, description: 'The version in force' }),
  credentials: Type.Array(Type.String({ pattern: '^[a-z2-7]{26}$' }), {
    minItems: 1,
    maxItems: 1_000,
    uniqueItems: true,
  }),
  evidence: Type.String({
    minLength: 1,
    maxLength: 128,
    pattern: '^\\P{C}*$',
    description: 'File or case reference',
  }),
  purpose: Type.String({ minLength: 1, maxLength: 64, description: "One of the rule's" }),
});

const invocationHeaders = Type.Object(
  {
    'idempotency-key': Type.String({
      pattern: '^[\\x20-\\x7e]{1,128}$',
      description: 'Needed; the same key with the same body gives the same answer',
    }),
  },
  { required: ['idempotency-key'] },
);

const invocationSchema = closed({
  id: Type.String(),
  rule: Type.String(),
  version: Type.Integer(),
  at: EPOCH,
  changed: Type.Integer({ description: 'Credentials that got the level' }),
  unchanged: Type.Integer({
    description: 'Credentials that the rule does not lead away from where they are',
  }),
  held: Type.Integer({ description: 'Credentials over the cap' }),
  proposal: nullable(Type.String({ description: 'Where those wait for an officer' })),
});

function ruleView({
  fromLevels,
  toLevel,
  proposalId,
  retiredBy: _by,
  ...row
}: ColourRuleRow): Static<typeof ruleSchema> {
  return { ...row, from: [...fromLevels], to: toLevel, purposes: [...row.purposes], proposal: proposalId };
}

export function registerColourRules(app: App, { decisions }: AppDeps): void {
  app.get(
    '/v1/colour-rules',
    {
      config: { access: { anyOf: [...SCOPES], reach: 'any' } },
      schema: {
        tags: ['officers'],
        summary: 'All versions of all rules of colour',
        response: {
          200: closed({ rules: Type.Array(ruleSchema) }),
          ...problems('unauthenticated', 'forbidden'),
        },
      },
    },
    async () => ({ rules: (await decisions.rules()).map(ruleView) }),
  );

  app.post(
    '/v1/colour-rules/:rule/invocations',
    {
      config: { access: { anyOf: ['rules'] } },
      schema: {
        tags: ['officers'],
        summary: 'Carry a rule out',
        params: closed({ rule: ruleId }),
        headers: invocationHeaders,
        body: invocationBody,
        response: {
          200: invocationSchema,
          201: invocationSchema,
          ...problems(
            'unauthenticated',
            'forbidden',
            'not_found',
            'conflict',
            'idempotency_conflict',
            'too_large',
            'unsupported_media_type',
            'store_failed',
          ),
        },
      },
    },
    async (request, reply) => {
      const { rule } = request.params;
      const idempotencyKey = request.headers['idempotency-key'];
      const made = await decisions.invoke(principalOf(request).id, { ...request.body, rule, idempotencyKey });
      const { id, ruleVersion: version, at, changed, unchanged, held, proposalId: proposal } = made;
      return reply
        .code(made.replayed ? 200 : 201)
        .send({ id, rule, version, at, changed, unchanged, held, proposal });
    },
  );
}
