// Whether an answer is right, known from how the code was made. Times are those of one monotonic clock, in milliseconds.

import type { Decision, ReasonCode } from '../../src/core/errors/reasons.js';
import type { HttpAnswer } from '../support/raw-http.js';

/** A revocation that is asked for while the code is shown. */
export interface Revocation {
  /** When the request to revoke left; Infinity before. */
  askedAt: number;
  /** When it was acknowledged; Infinity before. */
  doneAt: number;
}

export type Expected =
  | {
      readonly decision: Decision;
      readonly reason: ReasonCode;
      /** The answer must be about the code with this expiry; null where it says nothing of a credential. */
      readonly expiresAt: number | null;
      readonly revocation?: Revocation;
    }
  /** The request itself is refused. */
  | { readonly status: 400 };

export interface Exchange {
  readonly sentAt: number;
  readonly answeredAt: number;
  readonly answer: HttpAnswer;
}

/** shed: the node said that it is too busy, which is neither right nor wrong. */
export type Judgement = 'right' | 'wrong' | 'shed';

const SHED_STATUSES: readonly number[] = [429, 503];

export function judge(expected: Expected, { sentAt, answeredAt, answer }: Exchange): Judgement {
  if (SHED_STATUSES.includes(answer.status)) return 'shed';
  if ('status' in expected) return answer.status === expected.status ? 'right' : 'wrong';
  const said = answer.status === 200 ? readVerdict(answer.body) : null;
  if (said === null) return 'wrong';
  if (said.verdict === 'indeterminate/overloaded') return 'shed';
  const allowed = allowedVerdicts(expected, sentAt, answeredAt);
  return allowed.includes(said.verdict) && said.expiresAt === expected.expiresAt ? 'right' : 'wrong';
}

/** A scan that leaves after a revocation was acknowledged must see it; one that is answered before it was asked for cannot. */
function allowedVerdicts(
  { decision, reason, revocation }: Exclude<Expected, { status: number }>,
  sentAt: number,
  answeredAt: number,
): readonly string[] {
  const before = `${decision}/${reason}`;
  if (revocation === undefined || answeredAt < revocation.askedAt) return [before];
  return sentAt >= revocation.doneAt ? ['refuse/revoked'] : [before, 'refuse/revoked'];
}

interface Said {
  /** `decision/reason` */
  readonly verdict: string;
  readonly expiresAt: unknown;
}

function readVerdict(body: Buffer): Said | null {
  try {
    const { decision, reason, credential } = JSON.parse(body.toString('utf8'));
    return { verdict: `${decision}/${reason}`, expiresAt: credential?.expiresAt ?? null };
  } catch {
    return null;
  }
}

/** What came, in a few words that name nobody. */
export function describeAnswer({ status, body }: HttpAnswer): string {
  const said = status === 200 ? readVerdict(body) : null;
  return said === null ? `status ${status}` : `${said.verdict}, expires ${String(said.expiresAt)}`;
}

export function describeExpected(expected: Expected): string {
  if ('status' in expected) return `status ${expected.status}`;
  const { decision, reason, expiresAt, revocation } = expected;
  const live = revocation === undefined ? '' : ', revoked during the run';
  return `${decision}/${reason}, expires ${String(expiresAt)}${live}`;
}
