// A request that waits for a second person, as offices and officers see it.

import { Type } from 'typebox';
import type { HeldState } from '../../core/issue/held-issues.js';
import { closed, EPOCH, nullable } from './common.js';

export const heldSchema = closed({
  id: Type.String(),
  state: Type.Unsafe<HeldState>({
    type: 'string',
    enum: ['open', 'approved', 'rejected', 'expired', 'issued'],
    description: '`open`: an officer decides `proposal` at /v1/proposals/{id}/decision',
  }),
  proposal: Type.String(),
  office: Type.String({ description: 'API key id' }),
  kind: Type.String(),
  region: Type.String(),
  operator: Type.String(),
  evidence: Type.String(),
  heldAt: EPOCH,
  content: nullable(
    Type.String({
      description:
        'JSON of what would be signed; its hex SHA-256 is `digest` in the body of the proposal. null once it is decided',
    }),
  ),
  credential: nullable(Type.String({ description: 'Id of what it was issued as' })),
});
