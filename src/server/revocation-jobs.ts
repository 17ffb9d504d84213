// Scoped revocations at the pace of a node that serves: a pause after every transaction, another try when the store failed.

import { setTimeout as pause } from 'node:timers/promises';
import { sha256 } from '../adapters/crypto-node.js';
import { KINDS } from '../core/credential/kind-table.js';
import {
  createRevocationJobs,
  type RevocationJobs,
  type RevocationJobsDeps,
} from '../core/issue/revocation-jobs.js';
import { createRetryTimer } from './retry-timer.js';

/** Between two transactions, which take some 40 ms each: the rest of the time is everybody else's. */
const PAUSE_MS = 15;
const RETRY_MS = 1_000;

export function openRevocationJobs(
  deps: Pick<RevocationJobsDeps, 'store' | 'ledger' | 'clock' | 'publish' | 'settled'>,
): RevocationJobs {
  const retry = createRetryTimer(RETRY_MS);
  const jobs = createRevocationJobs({
    ...deps,
    kinds: KINDS,
    sha256,
    nextTurn: () => pause(PAUSE_MS),
    later: retry.later,
  });
  return {
    ...jobs,
    close: async () => {
      retry.stop();
      await jobs.close();
    },
  };
}
