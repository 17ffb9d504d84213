// What the trust surface answers with, besides the documents themselves.

import { Type } from 'typebox';
import { closed, EPOCH, nullable } from '../../schemas/common.js';

export const DOCUMENT_TYPE = 'application/jose+json';
export const BUNDLE_TYPE = 'application/x-ndjson';

const HASH = Type.String({ description: 'base64url SHA-256 of the payload' });
const AUTHORITY = Type.String({ description: '`root`, or the authority of a list' });

export const markSchema = closed({ authority: AUTHORITY, version: Type.Integer(), hash: HASH });

export const acceptedSchema = closed({
  changes: Type.Unsafe<'root' | 'list' | 'nothing'>({ type: 'string', enum: ['root', 'list', 'nothing'] }),
  authority: AUTHORITY,
  version: Type.Integer(),
  hash: HASH,
});

export const standingSchema = closed({
  pin: nullable(Type.String()),
  root: nullable(markSchema),
  lists: Type.Integer(),
  keys: Type.Integer(),
  dropped: Type.Integer(),
  expiresAt: nullable(EPOCH),
  acceptedAt: nullable(EPOCH),
  issuer: closed({ name: Type.String(), listed: Type.Boolean() }),
  log: closed({
    seenSize: Type.Integer(),
    key: nullable(Type.String({ description: 'C2SP verifier key' })),
    witnessKey: nullable(Type.String({ description: 'C2SP verifier key' })),
  }),
});

export const memberSchema = closed({
  authority: AUTHORITY,
  through: Type.String({ description: 'Who vouches for it' }),
  version: nullable(Type.Integer()),
  seen: nullable(closed({ authority: AUTHORITY, version: Type.Integer(), hash: HASH, at: EPOCH })),
});

export const droppedSchema = closed({
  authority: AUTHORITY,
  entry: nullable(Type.Integer({ description: 'Place in the list, from 0; null: the list as a whole' })),
  sub: nullable(Type.String()),
  thumbprints: Type.Array(Type.String()),
  rule: Type.String(),
  message: Type.String(),
});

export const refusedDocumentSchema = closed({
  authority: AUTHORITY,
  rule: Type.String(),
  message: Type.String(),
});

const scopeSchema = closed({ region: Type.String(), kinds: nullable(Type.Array(Type.String())) });

export const explanationSchema = closed({
  thumbprint: Type.String(),
  kid: Type.String(),
  entry: closed({
    sub: nullable(Type.String()),
    use: Type.String(),
    format: Type.String(),
    scope: scopeSchema,
    notBefore: nullable(EPOCH),
    notAfter: nullable(EPOCH),
    statusBase: nullable(Type.String()),
  }),
  path: Type.Array(
    closed({
      authority: Type.String(),
      version: nullable(Type.Integer()),
      standing: Type.String({
        description: 'counts, none (no list here) or unsigned (too few of its signers)',
      }),
      region: Type.String(),
      kinds: nullable(Type.Array(Type.String())),
      depth: Type.Integer(),
      notBefore: nullable(EPOCH),
      notAfter: nullable(EPOCH),
    }),
    { description: 'From the hub down to the authority in whose list the entry stands' },
  ),
  state: nullable(Type.String({ description: 'null: the entry counts for nothing' })),
  dropped: nullable(Type.String({ description: 'Why it was dropped' })),
  trustedUntil: nullable(EPOCH),
});

const hashes = Type.Array(Type.String({ description: 'base64' }));

export const proofSchema = Type.Union([
  closed({
    size: Type.Integer(),
    index: Type.Integer(),
    leaf: Type.String(),
    proof: hashes,
    checkpoint: Type.String(),
  }),
  closed({ from: Type.Integer(), to: Type.Integer(), proof: hashes }),
]);

export const authorityParams = closed({
  authority: Type.String({
    pattern: '^[0-9a-z](?:[0-9a-z.-]{0,30}[0-9a-z])?$',
    description: 'Name of the authority',
  }),
});

/** Numbers in an address are texts. */
export const COUNT_TEXT = Type.String({ pattern: '^(?:0|[1-9][0-9]{0,14})$' });
export const WAIT_TEXT = Type.String({
  pattern: '^(?:[0-9]|[12][0-9]|30)$',
  description: 'Seconds to wait for something newer, at most 30',
});
