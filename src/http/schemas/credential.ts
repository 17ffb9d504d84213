// Credentials as an issuing office asks for them and gets them back.

import { type Static, Type } from 'typebox';
import type { EncodingRequest } from '../../core/issue/commands.js';
import { FORMS, UNBOUND_FORMS, type UnboundForm } from '../../core/issue/form.js';
import { closed, EPOCH, nullable } from './common.js';

const PRINTABLE = '^\\P{C}*$';

export const formSchema = Type.Unsafe<(typeof FORMS)[number]>({
  type: 'string',
  enum: [...FORMS],
  description: 'How the encoding was released',
});

const issuedFormSchema = Type.Unsafe<UnboundForm>({ type: 'string', enum: [...UNBOUND_FORMS] });

/** A public JWK; what it has to be is said when it is read. */
export const jwkSchema = Type.Record(Type.String(), Type.Unknown(), { maxProperties: 16 });

export const issueBody = closed({
  kind: Type.String({ minLength: 1, maxLength: 64 }),
  region: Type.String({ pattern: '^[0-9]{6}$', description: 'GB/T 2260 code of the issuing region' }),
  claims: Type.Record(Type.String(), Type.Unknown(), {
    maxProperties: 64,
    description: "Under the kind's field names, full values; GET /v1/kinds lists them",
  }),
  forms: Type.Optional(Type.Array(issuedFormSchema, { minItems: 1, maxItems: 3, uniqueItems: true })),
  validSeconds: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 253_402_300_799, description: 'exp is never after the year 9999' }),
  ),
  operator: Type.String({
    minLength: 1,
    maxLength: 64,
    pattern: PRINTABLE,
    description: 'The person at the desk',
  }),
  evidence: Type.String({
    minLength: 1,
    maxLength: 128,
    pattern: PRINTABLE,
    description: 'What the operator relied on',
  }),
  batch: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 64,
      pattern: PRINTABLE,
      description: 'A name for what is issued together, by which it can be revoked together',
    }),
  ),
});

export const translationBody = closed({
  code: Type.String({
    minLength: 1,
    maxLength: 4_296,
    description: 'The text in the symbol, or a compact JWS',
  }),
  operator: issueBody.properties.operator,
  evidence: issueBody.properties.evidence,
});

export const issueHeaders = Type.Object({
  'idempotency-key': Type.Optional(
    Type.String({
      pattern: '^[\\x20-\\x7e]{1,128}$',
      description: 'The same key with the same body gives the same credential',
    }),
  ),
});

export const statusBody = closed({
  action: Type.Unsafe<'revoke' | 'suspend' | 'reinstate'>({
    type: 'string',
    enum: ['revoke', 'suspend', 'reinstate'],
  }),
  reason: Type.String({ minLength: 1, maxLength: 200, pattern: PRINTABLE }),
  form: Type.Optional(formSchema),
  encoding: Type.Optional(
    Type.Integer({
      minimum: 1,
      description: 'Number of the one encoding that is meant, in the order of release',
    }),
  ),
});

export const encodingBody = closed({
  form: Type.Unsafe<EncodingRequest['form']>({ type: 'string', enum: [...UNBOUND_FORMS, 'device'] }),
  deviceKey: Type.Optional(jwkSchema),
  keepDevices: Type.Optional(
    Type.Boolean({
      description: 'Phones that it is on already stay; otherwise it moves from them to this one',
    }),
  ),
  replaces: Type.Optional(
    Type.Integer({
      minimum: 1,
      description: 'Number of an encoding of the same form, revoked in the same transaction',
    }),
  ),
  reason: Type.String({ minLength: 1, maxLength: 200, pattern: PRINTABLE }),
});

const encodingSchema = closed({
  number: Type.Integer({ description: 'In the order of release, from 1; never another one’s' }),
  form: formSchema,
  code: Type.String({ description: 'The text in the symbol, or the compact JWS' }),
  kid: Type.String({ description: 'Key id of the signing key, base64url' }),
  list: Type.Integer(),
  index: Type.Integer(),
  status: Type.Integer({ description: 'The published status value' }),
  revokedAlone: Type.Boolean({
    description: 'It was revoked by itself, whatever the state of the credential',
  }),
  bound: Type.Boolean({ description: 'To the key of a device, which alone can show it' }),
  endsAt: nullable(
    Type.Integer({
      description: 'When it is revoked by itself, since a fresh one took its place; null: never',
    }),
  ),
  svg: nullable(Type.String({ description: 'Address of its symbol; null for what is not shown as one' })),
  png: nullable(Type.String({ description: 'Address of its symbol; null for what is not shown as one' })),
});

export const credentialSchema = closed({
  id: Type.String(),
  kind: Type.String(),
  region: Type.String(),
  state: Type.Unsafe<'active' | 'suspended' | 'revoked'>({
    type: 'string',
    enum: ['active', 'suspended', 'revoked'],
  }),
  level: Type.Integer({ description: 'The status value underneath: 0, or a colour' }),
  operator: Type.String(),
  evidence: Type.String(),
  issuedAt: EPOCH,
  expiresAt: nullable(EPOCH),
  demo: Type.Boolean(),
  batch: nullable(Type.String()),
  encodings: Type.Array(encodingSchema),
});

export type CredentialView = Static<typeof credentialSchema>;
