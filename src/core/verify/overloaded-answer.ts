// The answer about a code that nobody has looked at: when to ask again, and nothing else.

import { fillText, REASONS } from '../errors/reasons.js';
import type { Answer } from './answer.js';
import { checksOf, createLadder } from './ladder.js';

export function overloadedAnswer(retryAfterSeconds: number): Answer {
  const reason = 'overloaded';
  const { decision, tone, text, next } = REASONS[reason];
  return {
    decision,
    reason,
    tone,
    text,
    next: fillText(next, { s: String(retryAfterSeconds) }),
    credential: null,
    checks: checksOf(createLadder()),
    statusAgeSeconds: null,
    trustAgeSeconds: null,
    assurance: null,
    replay: 'not_applicable',
    recognition: null,
    policy: null,
  };
}
