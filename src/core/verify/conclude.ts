// The rungs after cryptography. `admit` only when every rung that applies passed; the first refusal decides, where nothing
// refuses the first "cannot tell" does, and only then the policy is asked, which may refuse what was to be held.

import { localDate } from '../codec/calendar.js';
import type { Claims } from '../credential/kind.js';
import { REGION } from '../credential/kinds/common-fields.js';
import { applyPolicy, type PolicyDecision } from '../credential/policy.js';
import type { ReasonCode } from '../errors/reasons.js';
import type { KeyRecord } from '../trust/key-record.js';
import type { Answer, AnswerCredential } from './answer.js';
import { checkCard } from './check-card.js';
import { checkPresentation } from './check-presentation.js';
import { checkStatus, type StatusFinding } from './check-status.js';
import { checkTime } from './check-time.js';
import { type Findings, provenAnswer, trustAgeSeconds, unprovenAnswer } from './compose-answer.js';
import type { VerifyContext } from './context.js';
import { climb, createLadder, type Ladder, reasonOf, skip } from './ladder.js';
import type { Candidate, Prepared, Presented, Ready } from './prepare.js';
import { isFalseTranslation, recognitionOf } from './recognition.js';

const POLICY_REASONS = { admit: null, hold: 'held_by_policy', refuse: 'refused_by_policy' } as const;

/**
 * Decides.
 * @param results for each of `prepared.checks`, in order, the candidate whose key verified the signature, or null; what is left out
 *   counts as null
 */
export function conclude(
  prepared: Prepared,
  results: readonly (Candidate | null)[],
  context: VerifyContext,
): Answer {
  const ladder = createLadder();
  if (prepared.refusal !== null) {
    const { rung, reason } = prepared.refusal;
    if (rung === 'key') climb(ladder, 'envelope', null);
    climb(ladder, rung, reason);
    return unprovenAnswer(reason, ladder, prepared, context);
  }
  const record = judgeSignature(ladder, prepared, results);
  if (record === null) return unprovenAnswer('bad_signature', ladder, prepared, context);
  const findings = judge(ladder, prepared, record, results, context);
  return provenAnswer(reasonOf(ladder), ladder, prepared, findings, context);
}

/**
 * The outcome that `conclude` tells of the credential, for whom no answer has to be written.
 * @returns null when it is not proven
 */
export function concludeOutcome(
  prepared: Prepared,
  results: readonly (Candidate | null)[],
  context: VerifyContext,
): AnswerCredential['outcome'] | null {
  if (prepared.refusal !== null) return null;
  const ladder = createLadder();
  const record = judgeSignature(ladder, prepared, results);
  return record === null ? null : judgeCredential(ladder, prepared, record, results, context).outcome;
}

/** The key that the credential is proven by; null: none. */
function judgeSignature(
  ladder: Ladder,
  prepared: Ready,
  results: readonly (Candidate | null)[],
): KeyRecord | null {
  climb(ladder, 'envelope', null);
  climb(ladder, 'key', null);
  const record = verifiedKey(prepared, results);
  climb(ladder, 'signature', record === null ? 'bad_signature' : null);
  return record;
}

/** The key of the credential's signature: known before, or found among the candidates of its check. */
function verifiedKey({ signer, checks }: Ready, results: readonly (Candidate | null)[]): KeyRecord | null {
  if (signer !== null) return signer;
  return checks[0].candidates.find((record) => record === results[0]) ?? null;
}

/** Whether the last check, which is the device's, has found its key. */
function isByDevice(
  { check }: Presented,
  { checks }: Ready,
  results: readonly (Candidate | null)[],
): boolean {
  const result = results[checks.length - 1];
  return check.candidates.some((device) => device === result);
}

function judge(
  ladder: Ladder,
  prepared: Ready,
  record: KeyRecord,
  results: readonly (Candidate | null)[],
  context: VerifyContext,
): Findings {
  const { outcome, claims, status, isDeviceSigned } = judgeCredential(
    ladder,
    prepared,
    record,
    results,
    context,
  );
  const replay = isDeviceSigned ? judgeReplay(ladder, prepared.presented, context) : 'not_applicable';
  let policy: PolicyDecision | null = null;
  if (ladder.refusal === null && ladder.doubt === null) {
    policy = judgePolicy(ladder, prepared, claims, status, context);
  }
  const recognition = claims === null ? null : recognitionOf(claims, record, context.policies.region);
  return { outcome, claims, status, isDeviceSigned, replay, recognition, policy };
}

/** Every rung below the policy. */
function judgeCredential(
  ladder: Ladder,
  prepared: Ready,
  record: KeyRecord,
  results: readonly (Candidate | null)[],
  context: VerifyContext,
): Pick<Findings, 'outcome' | 'claims' | 'status' | 'isDeviceSigned'> {
  let claims: Claims | null = null;
  let status: StatusFinding | null = null;
  let isDeviceSigned = false;
  judgeTrust(ladder, prepared, record, context);
  climb(ladder, 'time', judgeTime(prepared, record, context));
  if (ladder.refusal === null) claims = judgeClaims(ladder, prepared, record);
  if (ladder.refusal === null) status = judgeStatus(ladder, prepared, record, context);
  if (ladder.refusal === null) isDeviceSigned = judgeHolder(ladder, prepared, results);
  return { outcome: outcomeOf(ladder), claims, status, isDeviceSigned };
}

/** The credential's times, then the presentation's: a clock that is wrong by itself cannot say that a live code is old. */
function judgeTime(
  { parsed, kind, presented }: Ready,
  record: KeyRecord,
  context: VerifyContext,
): ReasonCode | null {
  const reason = checkTime(parsed, kind, record, context);
  if (reason !== null || presented === null) return reason;
  return checkPresentation(presented.presentation, context);
}

/** Old trust cannot say that a key is still good. */
function judgeTrust(ladder: Ladder, prepared: Ready, record: KeyRecord, context: VerifyContext): void {
  const { maxTrustAgeSeconds, now } = context;
  const isOld = maxTrustAgeSeconds !== null && trustAgeSeconds(prepared, context) > maxTrustAgeSeconds;
  const hasEnded = record.trustedUntil !== null && record.trustedUntil < now;
  if (isOld || hasEnded) climb(ladder, 'key', 'trust_stale');
}

/** The claims under the kind's names; null where they break its table or the verifier has none. */
function judgeClaims(
  ladder: Ladder,
  { parsed, kind, readClaims, presented }: Ready,
  record: KeyRecord,
): Claims | null {
  // Signatures under such a key prove nothing, and its issuer should not have bound a credential to it.
  if (presented?.readDevice?.() === null) {
    climb(ladder, 'claims', 'invalid_claims');
    return null;
  }
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

/**
 * A bound credential proves nothing unless its device shows it, and no device can show an unbound one.
 * @returns whether the device's signature is sound
 */
function judgeHolder(ladder: Ladder, prepared: Ready, results: readonly (Candidate | null)[]): boolean {
  const { parsed, presented } = prepared;
  if (presented === null && parsed.deviceKey === null) {
    skip(ladder, 'holder');
    return false;
  }
  const isDeviceSigned = presented !== null && isByDevice(presented, prepared, results);
  climb(ladder, 'holder', isDeviceSigned ? null : 'holder_mismatch');
  return isDeviceSigned;
}

/** Only of sound presentations: others may not fill the memory. */
function judgeReplay(
  ladder: Ladder,
  presented: Presented | null,
  { sightings, showing, now, steady }: VerifyContext,
): Answer['replay'] {
  if (presented === null || sightings === null) return 'not_applicable';
  const { isElsewhere, reach } = sightings.see(presented.presentation, showing, { epoch: now, steady });
  if (isElsewhere) climb(ladder, 'holder', 'replayed');
  return reach;
}

/** Apart from any policy, and from whose hands a bound code is in. An old presentation ends the climb before that is known. */
function outcomeOf({ refusal, doubt }: Ladder): AnswerCredential['outcome'] {
  if (refusal === 'presentation_expired') return 'indeterminate';
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
