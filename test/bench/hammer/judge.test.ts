// The hammer's judge: what is right, wrong, or not judged at all.

import t from 'tap';
import { type Expected, type Judgement, judge } from '../../../bench/hammer/judge.js';

const EXPIRES = 1_790_086_400;
const GREEN: Expected = { decision: 'admit', reason: 'ok', expiresAt: EXPIRES };
const FORGED: Expected = { decision: 'refuse', reason: 'bad_signature', expiresAt: null };

function body(verdict: string, expiresAt: number | null = EXPIRES): string {
  const [decision, reason] = verdict.split('/');
  return JSON.stringify({ decision, reason, credential: expiresAt === null ? null : { expiresAt } });
}

function judged(expected: Expected, text: string, status = 200, sentAt = 10, answeredAt = 20): Judgement {
  return judge(expected, { sentAt, answeredAt, answer: { status, body: Buffer.from(text), closes: false } });
}

for (const [name, expected, text, status, judgement] of [
  ['the decision and reason that are known', GREEN, body('admit/ok'), 200, 'right'],
  ['the same of another code', GREEN, body('admit/ok', EXPIRES + 1), 200, 'wrong'],
  ['the same without a credential', GREEN, body('admit/ok', null), 200, 'wrong'],
  ['another decision', GREEN, body('refuse/revoked'), 200, 'wrong'],
  ['another reason', FORGED, body('refuse/damaged', null), 200, 'wrong'],
  ['a green forgery', FORGED, body('admit/ok'), 200, 'wrong'],
  ['what is not JSON', GREEN, 'admit', 200, 'wrong'],
  ['overload in place of a decision', GREEN, body('indeterminate/overloaded', null), 200, 'shed'],
  ['any other doubt in place of a decision', GREEN, body('indeterminate/status_stale'), 200, 'wrong'],
  ['503', GREEN, '{}', 503, 'shed'],
  ['429', GREEN, '{}', 429, 'shed'],
  ['500', GREEN, '{}', 500, 'wrong'],
  ['503 in place of 400', { status: 400 }, '{}', 503, 'shed'],
  ['400 where the request is none', { status: 400 }, '{}', 400, 'right'],
  ['a decision where the request is none', { status: 400 }, body('admit/ok'), 200, 'wrong'],
] as const) {
  t.test(`${name} is ${judgement}`, async (t) => {
    t.equal(judged(expected, text, status), judgement);
  });
}

t.test('before, during and after a revocation', async (t) => {
  const expected: Expected = { ...GREEN, revocation: { askedAt: 100, doneAt: 200 } };
  const green = body('admit/ok');
  const red = body('refuse/revoked');
  for (const [sentAt, answeredAt, ifGreen, ifRed] of [
    [50, 99, 'right', 'wrong'],
    [50, 100, 'right', 'right'],
    [150, 160, 'right', 'right'],
    [199, 900, 'right', 'right'],
    [200, 201, 'wrong', 'right'],
  ] as const) {
    t.equal(judged(expected, green, 200, sentAt, answeredAt), ifGreen, `green, ${sentAt} to ${answeredAt}`);
    t.equal(judged(expected, red, 200, sentAt, answeredAt), ifRed, `red, ${sentAt} to ${answeredAt}`);
  }
});
