// The whole ladder in one call, for callers whose signature backend answers at once. No promise on the way.

import type { VerifySignature } from '../signature/ports.js';
import type { KeyRecord, KeyTable } from '../trust/key-record.js';
import type { Answer, AnswerCredential } from './answer.js';
import { conclude, concludeOutcome } from './conclude.js';
import type { VerifyContext } from './context.js';
import {
  type Candidate,
  type PrepareDeps,
  type Prepared,
  prepare,
  type SignatureCheck,
  type Unproven,
} from './prepare.js';

export interface VerifyDeps extends PrepareDeps {
  readonly keys: KeyTable;
  readonly verify: VerifySignature;
  readonly context: VerifyContext;
}

const NOTHING_CHECKED = [] as const;

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

function findSigners(prepared: Prepared, deps: VerifyDeps): readonly (Candidate | null)[] {
  if (prepared.refusal !== null) return NOTHING_CHECKED;
  const { verify } = deps;
  if (prepared.signer !== null) {
    const [device] = prepared.checks;
    return device === undefined ? NOTHING_CHECKED : [findSigner(device, verify)];
  }
  const [issuers, device] = prepared.checks;
  const signer = findSigner(issuers, verify);
  remember(prepared, signer, deps);
  return device === undefined || signer === null ? [signer] : [signer, findSigner(device, verify)];
}

function remember(
  { fingerprint, parsed, kind, readClaims, readDevice }: Unproven,
  signer: KeyRecord | null,
  { keys, known = null }: VerifyDeps,
): void {
  if (known === null || fingerprint === null || signer === null) return;
  known.add(fingerprint, { parsed, kind, readClaims, readDevice, signer }, keys);
}

function findSigner<C extends Candidate>(
  { candidates, message, signature }: SignatureCheck & { readonly candidates: readonly C[] },
  verify: VerifySignature,
): C | null {
  for (const candidate of candidates) if (verify(candidate.key, message, signature)) return candidate;
  return null;
}
