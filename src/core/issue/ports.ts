// What issuing needs of the outside besides the store. Each is one function type, so that tests pass their own.

import type { Signer } from '../signature/ports.js';
import type { KeyRecord } from '../trust/key-record.js';

/** Epoch seconds, integer. */
export type Clock = () => number;

/** Cryptographically strong random bytes. */
export type Random = (length: number) => Uint8Array;

/** The node's own signing keys. */
export interface KeyRing {
  /** The key that signs now for this use. */
  readonly signer: (use: 'credential' | 'status') => Signer;
  /** Own public keys as trust entries: current, announced and retired. */
  readonly records: () => readonly KeyRecord[];
}
