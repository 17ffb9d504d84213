// The whole ladder in one call, for callers whose signature backend answers at once. No promise on the way.

import type { VerifySignature } from '../signature/ports.js';
import type { KeyRecord, KeyTable } from '../trust/key-record.js';
import type { Answer } from './answer.js';
import { conclude } from './conclude.js';
import type { VerifyContext } from './context.js';
import { type PrepareDeps, prepare, type SignatureCheck, type Unproven } from './prepare.js';

export interface VerifyDeps extends PrepareDeps {
  readonly keys: KeyTable;
  readonly verify: VerifySignature;
  readonly context: VerifyContext;
}

/** Judges any text. Bad input is an answer, never an exception. */
export function verifyCode(text: string, deps: VerifyDeps): Answer {
  const prepared = prepare(text, deps.keys, deps);
  if (prepared.refusal !== null || prepared.signer !== null) return conclude(prepared, [], deps.context);
  const results = prepared.checks.map((check) => findSigner(check, deps.verify));
  remember(prepared, results[0] ?? null, deps);
  return conclude(prepared, results, deps.context);
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
