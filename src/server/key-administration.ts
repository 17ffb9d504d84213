// Rotation of the node's own keys: the log tells of a key before it signs anything.

import type { RotatingKeyRing } from '../adapters/keyfile/key-ring.js';
import type { Ledger } from '../core/issue/ledger.js';
import type { Clock } from '../core/issue/ports.js';
import type { KeyAdministration } from '../http/deps.js';

export interface KeyAdministrationDeps {
  readonly keyRing: RotatingKeyRing;
  readonly ledger: Ledger;
  readonly clock: Clock;
  /** Puts the ring's keys into the key table. */
  readonly onChange: () => void;
}

export function createKeyAdministration({
  keyRing,
  ledger,
  clock,
  onChange,
}: KeyAdministrationDeps): KeyAdministration {
  return {
    list: async () => keyRing.records(),
    rotate: async (actor, use) => {
      const record = await keyRing.rotate(use, (kid) =>
        ledger.submit([`key:${use}`], async () => ({
          entries: [{ at: clock(), actor, type: 'key_created', body: { use, kid } }],
          change: {},
          done: () => undefined,
        })),
      );
      onChange();
      return record;
    },
  };
}
