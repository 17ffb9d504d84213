// The answer out of what the rungs found. Personal data only on `admit` and `hold`; nothing of a code whose signature is unproven.

import { showClaims } from '../credential/claims.js';
import type { Claims, PolicyRule } from '../credential/kind.js';
import type { PolicyDecision } from '../credential/policy.js';
import { REASONS, type ReasonCode } from '../errors/reasons.js';
import type { Answer, AnswerCredential, ShownClaim } from './answer.js';
import { countText, durationText, reasonText, type TextParams, timeText } from './answer-text.js';
import type { StatusFinding } from './check-status.js';
import type { VerifyContext } from './context.js';
import { foreignTitle, showForeign } from './foreign-kinds.js';
import { checksOf, type Ladder } from './ladder.js';
import type { Prepared, Ready } from './prepare.js';
import type { Recognition } from './recognition.js';

/** What the rungs of a proven credential found; null where a rung did not apply or was not reached. */
export interface Findings {
  readonly outcome: AnswerCredential['outcome'];
  readonly claims: Claims | null;
  readonly status: StatusFinding | null;
  /** Whether the holder's device signed it now. */
  readonly isDeviceSigned: boolean;
  readonly replay: Answer['replay'];
  readonly recognition: Recognition | null;
  readonly policy: PolicyDecision | null;
}

export function trustAgeSeconds({ trustAsOf }: Prepared, { now }: VerifyContext): number {
  return Math.max(0, now - trustAsOf);
}

/** Of a text that never became a credential of a trusted issuer: nothing it says is repeated. */
export function unprovenAnswer(
  reason: ReasonCode,
  ladder: Ladder,
  prepared: Prepared,
  context: VerifyContext,
): Answer {
  const { decision, tone, next } = REASONS[reason];
  return {
    decision,
    reason,
    tone,
    text: reasonText(reason, { t: timeText(prepared.trustAsOf) }),
    next,
    credential: null,
    checks: checksOf(ladder),
    statusAgeSeconds: null,
    trustAgeSeconds: trustAgeSeconds(prepared, context),
    assurance: null,
    replay: 'not_applicable',
    recognition: null,
    policy: null,
  };
}

export function provenAnswer(
  reason: ReasonCode,
  ladder: Ladder,
  prepared: Ready,
  findings: Findings,
  context: VerifyContext,
): Answer {
  const { status, policy } = findings;
  const { decision, tone, next } = REASONS[reason];
  return {
    decision,
    reason,
    tone,
    text: reasonText(reason, textParams(reason, prepared, findings, context)),
    next,
    credential: describe(reason, prepared, findings),
    checks: checksOf(ladder),
    statusAgeSeconds: status?.ageSeconds ?? null,
    trustAgeSeconds: trustAgeSeconds(prepared, context),
    assurance:
      prepared.parsed.format !== 'yima' ? 'foreign' : findings.isDeviceSigned ? 'device-signed' : 'static',
    replay: findings.replay,
    recognition: findings.recognition,
    policy: policy === null ? null : policyOf(policy),
  };
}

/** One object for a rule as long as it is in use, so that its text is written once. */
const named = new WeakMap<PolicyRule, NonNullable<Answer['policy']>>();

function policyOf({ policy: { id, version }, rule }: PolicyDecision): NonNullable<Answer['policy']> {
  if (rule === null) return { id, version, rule: null };
  const known = named.get(rule);
  if (known !== undefined && known.id === id && known.version === version) return known;
  const name = Object.freeze({ id, version, rule: rule.id });
  named.set(rule, name);
  return name;
}

function describe(
  reason: ReasonCode,
  { parsed, kind }: Ready,
  { outcome, status, claims }: Findings,
): AnswerCredential {
  const meaning = status?.meaning ?? null;
  return {
    outcome,
    envelope: parsed.envelope,
    kind: kind?.name ?? String(parsed.kind),
    kindTitle: kind?.title ?? foreignTitle(String(parsed.kind)),
    issuer: parsed.issuer,
    issuedAt: parsed.issuedAt,
    expiresAt: parsed.expiresAt,
    status: meaning,
    subject: subjectOf(reason, { parsed, kind }, claims),
  };
}

/** For the match with an ID card, so only when the bearer may still be let in. */
function subjectOf(
  reason: ReasonCode,
  { parsed, kind }: Pick<Ready, 'parsed' | 'kind'>,
  claims: Claims | null,
): readonly ShownClaim[] | null {
  const { decision } = REASONS[reason];
  if (decision !== 'admit' && decision !== 'hold') return null;
  if (kind !== undefined && claims !== null) return showClaims(kind, claims);
  return parsed.format !== 'yima' && parsed.claims.form === 'json' ? showForeign(parsed.claims.values) : null;
}

function textParams(
  reason: ReasonCode,
  prepared: Ready,
  { status, policy }: Findings,
  context: VerifyContext,
): TextParams {
  const { issuedAt, notBefore, expiresAt } = prepared.parsed;
  const { now, clockFloor } = context;
  switch (reason) {
    case 'expired':
      return { exp: timeText(expiresAt ?? now), now: timeText(now) };
    case 'not_yet_valid':
      return { nbf: timeText(Math.max(issuedAt ?? 0, notBefore ?? 0)), now: timeText(now) };
    case 'status_stale':
      return { age: durationText(status?.ageSeconds ?? 0) };
    case 'trust_stale':
      return { age: durationText(trustAgeSeconds(prepared, context)) };
    case 'clock_untrusted':
      return { n: countText(Math.ceil(((clockFloor ?? now) - now) / 60)) };
    case 'held_by_policy':
    case 'refused_by_policy':
      return policy === null
        ? {}
        : { region: context.policies.authorityOf(policy.policy), rule: policy.text };
    default:
      return {};
  }
}
