// The answer a checkpoint gets: a decision first, then why, then how it was reached.

import type { EnvelopeName } from '../envelope/parsed-code.js';
import type { Decision, ReasonCode, Text, Tone } from '../errors/reasons.js';
import type { Recognition } from './recognition.js';

export const RUNGS = [
  'envelope',
  'key',
  'signature',
  'time',
  'claims',
  'status',
  'holder',
  'policy',
] as const;
export type Rung = (typeof RUNGS)[number];

export interface Check {
  readonly rung: Rung;
  readonly result: 'pass' | 'fail' | 'not_reached' | 'not_applicable';
}

/** A shown claim; the value is masked where the kind says so. */
export interface ShownClaim {
  readonly name: string;
  readonly label: Text;
  /** In Chinese where the value is a word. */
  readonly value: string;
  /** The value in both languages, only where it is a word. */
  readonly text?: Text;
}

export interface AnswerCredential {
  readonly outcome: 'valid' | 'invalid' | 'indeterminate';
  readonly envelope: EnvelopeName;
  /** The kind's name, or the number as text when this verifier does not know the kind. */
  readonly kind: string;
  readonly kindTitle: Text | null;
  readonly issuer: string | null;
  readonly issuedAt: number | null;
  readonly expiresAt: number | null;
  readonly status: { readonly value: number; readonly word: string; readonly text: Text } | null;
  /** Only on `admit` or `hold`, for the match with an ID card. */
  readonly subject: readonly ShownClaim[] | null;
}

export interface Answer {
  readonly decision: Decision;
  readonly reason: ReasonCode;
  readonly tone: Tone;
  readonly text: Text;
  readonly next: Text;
  /** null when the text never became a credential of a trusted issuer (envelope, key or signature rung failed). */
  readonly credential: AnswerCredential | null;
  readonly checks: readonly Check[];
  /** How old the knowledge was, in seconds; null where that rung did not apply or was not reached. */
  readonly statusAgeSeconds: number | null;
  readonly trustAgeSeconds: number | null;
  readonly assurance: 'device-signed' | 'static' | 'foreign' | null;
  readonly replay: 'local' | 'shared' | 'not_applicable';
  /** How a code of ours is recognised at this place; null where its contents were not read. */
  readonly recognition: Recognition | null;
  readonly policy: { readonly id: string; readonly version: number; readonly rule: string | null } | null;
}
