// The ordinary verifier of this node, which HTTP, CLI and issuing call.

import { inflateRaw, inflateZlib } from '../adapters/crypto-node.js';
import type { PolicyTable } from '../core/credential/policy-table.js';
import type { Clock } from '../core/issue/ports.js';
import type { StatusArena } from '../core/status/arena.js';
import type { Moment, Steady } from '../core/status/moment.js';
import type { KeyTable } from '../core/trust/key-record.js';
import type { Answer } from '../core/verify/answer.js';
import { SHOWN_ANYWHERE, type Showing } from '../core/verify/showing.js';
import type { Sightings } from '../core/verify/sightings.js';
import { type VerifyDeps, verifyCode, verifyOutcome } from '../core/verify/verify-code.js';
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
  readonly sightings: Pick<Sightings, 'see'>;
  readonly clock: Clock;
  readonly steady: Steady;
  readonly judging: Judging;
}

export interface Verifier {
  /** @param showing where it is shown; nowhere in particular when absent */
  readonly verify: (code: string, showing?: Showing) => Answer;
  /** Whether the credential's outcome is `valid`, by the same rungs, without the words around it. */
  readonly isValid: (code: string) => boolean;
}

export function createVerifier({
  keys,
  status,
  policies,
  ledger,
  sightings,
  clock,
  steady: steadyNow,
  judging,
}: VerifierDeps): Verifier {
  const { signatures, kinds, known } = judging;
  let table: KeyTable | null = null;
  /** A table that was swapped in tells the backend whose keys to be quick with. */
  const currentKeys = (): KeyTable => {
    const current = keys();
    if (current !== table) signatures.retain(current.records.map(({ key }) => key));
    table = current;
    return current;
  };
  const depsNow = (showing: Showing): VerifyDeps => {
    const now = clock();
    const steady = steadyNow();
    ledger.confirm({ epoch: now, steady });
    return {
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
        showing,
        sightings,
      },
    };
  };
  return {
    verify: (code, showing = SHOWN_ANYWHERE) => verifyCode(code, depsNow(showing)),
    isValid: (code) => verifyOutcome(code, depsNow(SHOWN_ANYWHERE)) === 'valid',
  };
}
