// The answer of a checkpoint as a schema: its exact members, so that the serialiser is compiled once.

import { Type } from 'typebox';
import { MAX_SITE_CHARS } from '../../core/codec/names.js';
import { ENVELOPES } from '../../core/envelope/parsed-code.js';
import { REASON_CODES } from '../../core/errors/reasons.js';
import { type Answer, RUNGS } from '../../core/verify/answer.js';
import { RECOGNITIONS, type Recognition } from '../../core/verify/recognition.js';
import { NONCE_PATTERN } from '../showing.js';
import { closed, nullable, textSchema } from './common.js';

const word = (words: readonly string[], description?: string) =>
  Type.Unsafe<string>({
    type: 'string',
    enum: [...words],
    ...(description === undefined ? {} : { description }),
  });

const credentialSchema = closed({
  outcome: word(['valid', 'invalid', 'indeterminate'], 'What the credential is, apart from any policy'),
  envelope: word(ENVELOPES),
  kind: Type.String(),
  kindTitle: nullable(textSchema),
  issuer: nullable(Type.String()),
  issuedAt: nullable(Type.Integer()),
  expiresAt: nullable(Type.Integer()),
  status: nullable(closed({ value: Type.Integer(), word: Type.String(), text: textSchema })),
  subject: nullable(
    Type.Array(
      closed({
        name: Type.String(),
        label: textSchema,
        value: Type.String(),
        text: Type.Optional(textSchema),
      }),
      {
        description: 'Only on admit or hold, masked, for the match with an ID card',
      },
    ),
  ),
});

/** What an answer has, for lines that have more. */
export const answerMembers = {
  decision: word(['admit', 'hold', 'refuse', 'indeterminate'], 'What the gate does; only admit opens it'),
  reason: word(REASON_CODES, 'Permanent code'),
  tone: word(['ok', 'ask', 'again', 'stop', 'grey'], 'How a screen says it'),
  text: textSchema,
  next: textSchema,
  credential: nullable(credentialSchema),
  checks: Type.Array(
    closed({ rung: word(RUNGS), result: word(['pass', 'fail', 'not_reached', 'not_applicable']) }),
  ),
  statusAgeSeconds: nullable(Type.Number()),
  trustAgeSeconds: nullable(Type.Number()),
  assurance: Type.Unsafe<Answer['assurance']>({
    type: ['string', 'null'],
    enum: ['device-signed', 'static', 'foreign', null],
    description:
      'device-signed: a live code, signed by the holder’s device now; static: a code that can be copied; foreign: another format',
  }),
  replay: word(
    ['local', 'shared', 'not_applicable'],
    'Whether a live code was used elsewhere is known from this node alone, or from all nodes that share a Redis',
  ),
  recognition: Type.Unsafe<Recognition | null>({
    type: ['string', 'null'],
    enum: [...RECOGNITIONS, null],
    description:
      'local: of this province; direct: another province’s code as it is; hub: a national authority’s; translated: its code in place of another’s',
  }),
  policy: nullable(closed({ id: Type.String(), version: Type.Integer(), rule: nullable(Type.String()) })),
};

export const answerSchema = Type.Unsafe<Answer>(
  closed(answerMembers, { description: 'A refusal is an answer: status 200 whatever the decision' }),
);

export const verifyBody = closed({
  code: Type.String({ description: 'The text in the symbol, or a compact JWS' }),
  site: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: MAX_SITE_CHARS,
      description:
        'The checkpoint, by any name of its own. A live code that another site scanned in the last minute is held (`replayed`). Without it the API key stands for the site',
    }),
  ),
  nonce: Type.Optional(
    Type.String({
      pattern: NONCE_PATTERN,
      description:
        'What this site asked the wallet to sign too, 8 to 16 bytes in base64url; a live code without it is `presentation_expired`',
    }),
  ),
});
