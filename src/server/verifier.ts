// The ordinary verifier of this node: one closure that HTTP, CLI and issuing call.

import { createNodeVerify, inflateZlib } from '../adapters/crypto-node.js';
import { KINDS } from '../core/credential/kind-table.js';
import type { Ledger } from '../core/issue/ledger.js';
import type { Clock } from '../core/issue/ports.js';
import type { StatusArena } from '../core/status/arena.js';
import type { KeyTable } from '../core/trust/key-record.js';
import type { Answer } from '../core/verify/answer.js';
import type { KnownCodes } from '../core/verify/known-codes.js';
import { verifyCode } from '../core/verify/verify-code.js';

export interface VerifierDeps {
  readonly keys: () => KeyTable;
  readonly status: StatusArena;
  readonly ledger: Ledger;
  readonly clock: Clock;
  /** null: every signature is checked. */
  readonly known: KnownCodes | null;
}

export function createVerifier({
  keys,
  status,
  ledger,
  clock,
  known,
}: VerifierDeps): (code: string) => Answer {
  const verify = createNodeVerify();
  return (code) => {
    const now = clock();
    // This process writes every change itself, so the arena is current as long as no write's outcome is in doubt.
    if (ledger.isCertain()) status.confirm(now);
    return verifyCode(code, {
      keys: keys(),
      verify,
      inflate: inflateZlib,
      kinds: KINDS,
      known,
      context: { now, status, clockFloor: ledger.head()?.at ?? 0, maxTrustAgeSeconds: null },
    });
  };
}
