// Proofs of a device's key are good once. Only those of keys that something is bound to are kept, and few a key, so that nobody fills it.

import { PROOF_SECONDS } from '../envelope/holder-proof.js';
import { YimaError } from '../errors/yima-error.js';
import type { Clock } from './ports.js';

export interface ProofUses {
  /** @throws YimaError `unauthenticated`, rule `replayed`; `rate_limited` for too many of one key, `unavailable` for too many of all */
  readonly use: (device: string, id: string) => void;
}

/** A proof is accepted so long either way. */
const KEPT_SECONDS = 2 * PROOF_SECONDS;
const MOST_A_KEY = 60;
const MOST_KEYS = 50_000;

export function createProofUses(clock: Clock): ProofUses {
  const used = new Map<string, Map<string, number>>();
  const forget = (now: number): void => {
    for (const [device, ids] of used) {
      const newest = Math.max(...ids.values());
      if (newest + KEPT_SECONDS < now) used.delete(device);
    }
  };
  return {
    use: (device, id) => {
      const now = clock();
      const ids = used.get(device) ?? new Map<string, number>();
      for (const [known, at] of ids) if (at + KEPT_SECONDS < now) ids.delete(known);
      if (ids.has(id)) {
        throw new YimaError('unauthenticated', 'This proof was used before; sign a new one.', {
          rule: 'replayed',
        });
      }
      if (ids.size >= MOST_A_KEY)
        throw new YimaError('rate_limited', 'Too many requests of one device; wait and try again.', {
          retryAfterSeconds: KEPT_SECONDS,
        });
      if (!used.has(device) && used.size >= MOST_KEYS) forget(now);
      if (!used.has(device) && used.size >= MOST_KEYS)
        throw new YimaError('unavailable', 'Too many devices at once; try again.');
      ids.set(id, now);
      used.set(device, ids);
    },
  };
}
