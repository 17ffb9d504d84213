// Requests that wait for a second person: how they stand, what would be signed, and the credential once it was approved.

import type { Static } from 'typebox';
import { YimaError } from '../../../core/errors/yima-error.js';
import type { HeldIssue } from '../../../core/issue/held-issues.js';
import type { Principal } from '../../../core/issue/principal.js';
import type { App } from '../../app-types.js';
import type { AppDeps } from '../../deps.js';
import { principalOf } from '../../plugins/guard.js';
import { idParams, problems } from '../../schemas/common.js';
import { heldSchema } from '../../schemas/held-issue.js';
import { issuedAnswer, issuedResponses } from './issued-answer.js';

export function registerHeldIssues(app: App, { heldIssues }: AppDeps, publicUrl: string): void {
  app.get(
    '/v1/held-issues/:id',
    {
      config: { access: { anyOf: ['issue', 'officer', 'audit'], reach: 'request' } },
      schema: {
        tags: ['office'],
        summary: 'Read a request that waits for a second person',
        description: 'An office reads its own. `content` is for that office and for officers.',
        params: idParams,
        response: { 200: heldSchema, ...problems('unauthenticated', 'forbidden', 'not_found') },
      },
    },
    async (request) => {
      const principal = principalOf(request);
      const found = await heldIssues.find(request.params.id);
      if (found === undefined || !mayRead(principal, found))
        throw new YimaError('not_found', 'There is no such request that waits.');
      return heldView(found, principal);
    },
  );

  app.post(
    '/v1/held-issues/:id/credential',
    {
      config: { access: { anyOf: ['issue'], reach: 'request' } },
      schema: {
        tags: ['office'],
        summary: 'Fetch the credential of a request that was approved',
        description: 'Signed now, for the office that asked. 200 instead of 201: it was fetched before.',
        params: idParams,
        response: {
          ...issuedResponses,
          ...problems('unauthenticated', 'forbidden', 'not_found', 'conflict', 'store_failed'),
        },
      },
    },
    async (request, reply) => {
      const issued = await heldIssues.claim(principalOf(request).id, request.params.id);
      return issuedAnswer(reply, issued, `${publicUrl}/v1/credentials`);
    },
  );
}

function mayRead({ id, scopes }: Principal, { row }: HeldIssue): boolean {
  return row.principal === id || scopes.includes('officer') || scopes.includes('audit');
}

export function heldView({ row, state }: HeldIssue, { id, scopes }: Principal): Static<typeof heldSchema> {
  const { requestHash: _hash, key: _key, proposalId, principal, credentialId, content, ...shown } = row;
  const isShown = principal === id || scopes.includes('officer');
  return {
    ...shown,
    state,
    office: principal,
    proposal: proposalId,
    credential: credentialId,
    content: isShown ? content : null,
  };
}
