// What issuing needs of the outside besides the store. Each is one function type, so that tests pass their own.

import type { Signer } from '../signature/ports.js';
import type { KeyRecord } from '../trust/key-record.js';

/** Epoch seconds, integer. */
export type Clock = () => number;

/** Cryptographically strong random bytes. */
export type Random = (length: number) => Uint8Array;

/**
 * What a signing key is kept for. `credential-long` signs kinds that last over a year, whose keys are kept longer. Demo credentials never
 * share a key with real ones; `sd-jwt` signs for wallets of others; `log` signs the head of a hub's own log, `witness` cosigns those of others.
 */
export type SigningUse = CodeUse | 'status' | 'demo' | 'sd-jwt' | 'log' | 'witness';

/** What codes are signed with: a key's use among verifiers is `credential` for both. */
export type CodeUse = 'credential' | 'credential-long';

/** Signing keys of one owner. */
export interface KeyRing {
  /** The key that signs now for this use. @throws YimaError `unavailable` when the ring holds none */
  readonly signer: (use: SigningUse) => Signer;
  /** Own public keys as trust entries: current, announced and retired. */
  readonly records: () => readonly KeyRecord[];
}
