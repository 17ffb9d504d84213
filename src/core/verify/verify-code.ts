// The whole ladder in one call, for callers whose signature backend answers at once. No promise on the way.

import type { VerifySignature } from '../signature/ports.js';
import type { KeyRecord, KeyTable } from '../trust/key-record.js';
import type { Answer, AnswerCredential } from './answer.js';
import { conclude, concludeOutcome } from './conclude.js';
import type { VerifyContext } from './context.js';
import { type PrepareDeps, type Prepared, prepare, type SignatureCheck, type Unproven } from './prepare.js';

export interface VerifyDeps extends PrepareDeps {
  readonly keys: KeyTable;
  readonly verify: VerifySignature;
  readonly context: VerifyContext;
}

/** Judges any text. Bad input is an answer, never an exception. */
export function verifyCode(text: string, deps: VerifyDeps): Answer {
  const prepared = prepare(text, deps.keys, deps);
  return conclude(prepared, findSigners(prepared, deps), deps.context);
}

/**
 * The outcome that `verifyCode` would tell of the credential, for who has just signed it: nobody reads the answer.
 * @returns null when it is not proven
 */
export function verifyOutcome(text: string, deps: VerifyDeps): AnswerCredential['outcome'] | null {
  const prepared = prepare(text, deps.keys, deps);
  return concludeOutcome(prepared, findSigners(prepared, deps), deps.context);
}

function findSigners(prepared: Prepared, deps: VerifyDeps): readonly (KeyRecord | null)[] {
  if (prepared.refusal !== null || prepared.signer !== null) return [];
  const results = prepared.checks.map((check) => findSigner(check, deps.verify));
  remember(prepared, results[0] ?? null, deps);
  return results;
}

function remember(
  { fingerprint, parsed, kind, readClaims }: Unproven,
  signer: KeyRecord | null,
  { keys, known = null }: VerifyDeps,
): void {
  if (known === null || fingerprint === null || signer === null) return;
  known.add(fingerprint, { parsed, kind, readClaims, signer }, keys);
}

function findSigner(
  { candidates, message, signature }: SignatureCheck,
  verify: VerifySignature,
): KeyRecord | null {
  for (const record of candidates) if (verify(record.key, message, signature)) return record;
  return null;
}
