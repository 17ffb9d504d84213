// The ordinary verifier of this node: one closure that HTTP, CLI and issuing call.

import { inflateRaw, inflateZlib } from '../adapters/crypto-node.js';
import type { PolicyTable } from '../core/credential/policy-table.js';
import type { Clock } from '../core/issue/ports.js';
import type { StatusArena } from '../core/status/arena.js';
import type { Moment, Steady } from '../core/status/moment.js';
import type { KeyTable } from '../core/trust/key-record.js';
import type { Answer } from '../core/verify/answer.js';
import { verifyCode } from '../core/verify/verify-code.js';
import type { Judging } from './judging.js';

/** What verifying asks of the ledger. */
export interface LedgerSight {
  /** Confirms our own lists where this process writes every change itself and no write's outcome is in doubt. */
  readonly confirm: (now: Moment) => void;
  /** A time that has certainly passed, epoch seconds. */
  readonly floor: () => number;
}

export interface VerifierDeps {
  readonly keys: () => KeyTable;
  readonly status: StatusArena;
  readonly policies: () => PolicyTable;
  /** The ledger, or what is known of it here. */
  readonly ledger: LedgerSight;
  readonly clock: Clock;
  readonly steady: Steady;
  readonly judging: Judging;
}

export function createVerifier({
  keys,
  status,
  policies,
  ledger,
  clock,
  steady: steadyNow,
  judging,
}: VerifierDeps): (code: string) => Answer {
  const { signatures, kinds, known } = judging;
  let table: KeyTable | null = null;
  /** A table that was swapped in tells the backend whose keys to be quick with. */
  const currentKeys = (): KeyTable => {
    const current = keys();
    if (current !== table) signatures.retain(current.records.map(({ key }) => key));
    table = current;
    return current;
  };
  return (code) => {
    const now = clock();
    const steady = steadyNow();
    ledger.confirm({ epoch: now, steady });
    return verifyCode(code, {
      keys: currentKeys(),
      verify: signatures.verify,
      inflate: inflateZlib,
      inflateRaw,
      kinds,
      known,
      context: {
        now,
        steady,
        status,
        policies: policies(),
        clockFloor: ledger.floor(),
        maxTrustAgeSeconds: null,
      },
    });
  };
}
