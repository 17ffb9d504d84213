// The rungs after cryptography. `admit` only when every rung that applies passed; the first refusal decides, where nothing
// refuses the first "cannot tell" does, and only then the policy is asked.

import { localDate } from '../codec/calendar.js';
import type { Claims } from '../credential/kind.js';
import { REGION } from '../credential/kinds/common-fields.js';
import { applyPolicy, type PolicyDecision } from '../credential/policy.js';
import type { KeyRecord } from '../trust/key-record.js';
import type { Answer, AnswerCredential } from './answer.js';
import { checkCard } from './check-card.js';
import { checkStatus, type StatusFinding } from './check-status.js';
import { checkTime } from './check-time.js';
import { type Findings, provenAnswer, trustAgeSeconds, unprovenAnswer } from './compose-answer.js';
import type { VerifyContext } from './context.js';
import { climb, createLadder, type Ladder, skip } from './ladder.js';
import type { Prepared, Ready } from './prepare.js';
import { isFalseTranslation, recognitionOf } from './recognition.js';

const POLICY_REASONS = { admit: null, hold: 'held_by_policy', refuse: 'refused_by_policy' } as const;

/**
 * Decides.
 * @param results for each of `prepared.checks`, in order, the candidate whose key verified the signature, or null
 */
export function conclude(
  prepared: Prepared,
  results: readonly (KeyRecord | null)[],
  context: VerifyContext,
): Answer {
  const ladder = createLadder();
  if (prepared.refusal !== null) {
    const { rung, reason } = prepared.refusal;
    if (rung === 'key') climb(ladder, 'envelope', null);
    climb(ladder, rung, reason);
    return unprovenAnswer(reason, ladder, prepared, context);
  }
  climb(ladder, 'envelope', null);
  climb(ladder, 'key', null);
  const record = verifiedKey(prepared, results);
  if (record === null) {
    climb(ladder, 'signature', 'bad_signature');
    return unprovenAnswer('bad_signature', ladder, prepared, context);
  }
  climb(ladder, 'signature', null);
  const findings = judge(ladder, prepared, record, context);
  return provenAnswer(ladder.refusal ?? ladder.doubt ?? 'ok', ladder, prepared, findings, context);
}

/** The key of the credential's signature: known before, or once every check has found one among its own candidates. */
function verifiedKey({ signer, checks }: Ready, results: readonly (KeyRecord | null)[]): KeyRecord | null {
  if (signer !== null) return signer;
  const all = checks.every(({ candidates }, i) => candidates.some((record) => record === results[i]));
  return all ? (results[0] ?? null) : null;
}

function judge(ladder: Ladder, prepared: Ready, record: KeyRecord, context: VerifyContext): Findings {
  let claims: Claims | null = null;
  let status: StatusFinding | null = null;
  let policy: PolicyDecision | null = null;
  judgeTrust(ladder, prepared, record, context);
  climb(ladder, 'time', checkTime(prepared.parsed, prepared.kind, record, context));
  if (ladder.refusal === null) claims = judgeClaims(ladder, prepared, record);
  if (ladder.refusal === null) status = judgeStatus(ladder, prepared, record, context);
  if (ladder.refusal === null) judgeHolder(ladder, prepared);
  const outcome = outcomeOf(ladder);
  if (ladder.refusal === null && ladder.doubt === null) {
    policy = judgePolicy(ladder, prepared, claims, status, context);
  }
  const recognition = claims === null ? null : recognitionOf(claims, record, context.policies.region);
  return { outcome, claims, status, recognition, policy };
}

/** Old trust cannot say that a key is still good. */
function judgeTrust(ladder: Ladder, prepared: Ready, record: KeyRecord, context: VerifyContext): void {
  const { maxTrustAgeSeconds, now } = context;
  const isOld = maxTrustAgeSeconds !== null && trustAgeSeconds(prepared, context) > maxTrustAgeSeconds;
  const hasEnded = record.trustedUntil !== null && record.trustedUntil < now;
  if (isOld || hasEnded) climb(ladder, 'key', 'trust_stale');
}

/** The claims under the kind's names; null where they break its table or the verifier has none. */
function judgeClaims(ladder: Ladder, { parsed, kind, readClaims }: Ready, record: KeyRecord): Claims | null {
  if (kind === undefined && parsed.fault === null) {
    skip(ladder, 'claims');
    return null;
  }
  const claims = readClaims();
  climb(ladder, 'claims', claims === null ? 'invalid_claims' : null);
  if (claims === null || !isFalseTranslation(claims, record)) return claims;
  climb(ladder, 'key', 'issuer_out_of_scope');
  return null;
}

function judgeStatus(
  ladder: Ladder,
  { parsed, kind }: Ready,
  record: KeyRecord,
  context: VerifyContext,
): StatusFinding | null {
  const finding = findStatus(parsed, kind, record, context);
  if (finding === null) {
    skip(ladder, 'status');
    return null;
  }
  climb(ladder, 'status', finding.reason);
  return finding;
}

/** null: the code has no status that could be looked up. */
function findStatus(
  { status, issuedAt }: Ready['parsed'],
  kind: Ready['kind'],
  record: KeyRecord,
  context: VerifyContext,
): StatusFinding | null {
  if (status === null) return null;
  if ('rid' in status) return checkCard(status.rid, issuedAt, record);
  const now = { epoch: context.now, steady: context.steady };
  return checkStatus(status, record.statusBase, kind, context.status, now);
}

/** A bound credential proves nothing unless the device shows it itself. */
function judgeHolder(ladder: Ladder, { parsed }: Ready): void {
  if (parsed.deviceKey === null) skip(ladder, 'holder');
  else climb(ladder, 'holder', 'holder_mismatch');
}

/** Apart from any policy, and from whose hands a bound code is in. */
function outcomeOf({ refusal, doubt }: Ladder): AnswerCredential['outcome'] {
  if (refusal !== null && refusal !== 'holder_mismatch') return 'invalid';
  return doubt === null ? 'valid' : 'indeterminate';
}

/** Without a table of claims nobody can have decided for the kind. */
function judgePolicy(
  ladder: Ladder,
  { kind }: Ready,
  claims: Claims | null,
  status: StatusFinding | null,
  { now, policies }: VerifyContext,
): PolicyDecision | null {
  const policy =
    kind === undefined || claims === null ? null : policies.find(kind, String(claims[REGION.name]), now);
  if (policy === null || claims === null) {
    climb(ladder, 'policy', 'no_policy');
    return null;
  }
  const statusWord = status?.meaning?.word ?? '';
  const decided = applyPolicy(policy, { statusWord, claims, today: localDate(now) });
  climb(ladder, 'policy', POLICY_REASONS[decided.decision]);
  return decided;
}
