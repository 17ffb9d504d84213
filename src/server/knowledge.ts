// What a process must know to judge codes and callers by itself, and how it hears of what becomes different.

import type { RegionalPolicy } from '../core/credential/kind.js';
import type { PolicyTable } from '../core/credential/policy-table.js';
import type { ApiKeyTable, HeldApiKey } from '../core/issue/api-key-table.js';
import type { Confirmation, ListShape, StatusArena } from '../core/status/arena.js';
import type { Moment } from '../core/status/moment.js';
import type { KeyRecord, KeyTable, TablePatch } from '../core/trust/key-record.js';
import type { Sightings } from '../core/verify/sightings.js';
import type { TrustMark } from '../http/trust-desk.js';
import type { TrustNewsBoard } from './trust-network/news.js';
import type { LedgerSight } from './verifier.js';

export interface Knowledge {
  readonly keys: () => KeyTable;
  readonly status: StatusArena;
  readonly policies: () => PolicyTable;
  readonly apiKeys: ApiKeyTable;
  /** Which versions of trust documents there are. */
  readonly trustNews: TrustNewsBoard;
  readonly ledger: LedgerSight;
  /** Where live codes were shown. */
  readonly sightings: Sightings;
}

/** One change of the knowledge, as plain data. */
export type Update =
  /** A list begins, with every value 0. */
  | { readonly type: 'list'; readonly shape: ListShape }
  /** All values of a list, which has this shape from now on. */
  | { readonly type: 'packed'; readonly shape: ListShape; readonly packed: Uint8Array }
  | {
      readonly type: 'value';
      readonly base: string;
      readonly number: number;
      readonly index: number;
      readonly value: number;
      /** What it was until now. */
      readonly before: number;
    }
  | ({ readonly type: 'confirm' } & Confirmation)
  /** The whole key table; tombstones are in it as records whose state is `revoked`. */
  | { readonly type: 'keys'; readonly records: readonly KeyRecord[]; readonly asOf: number }
  /** Whole records out of the key table and into it. */
  | ({ readonly type: 'keys-patch'; readonly asOf: number } & TablePatch)
  /** All policies, and the region prefix of this node. */
  | { readonly type: 'policies'; readonly policies: readonly RegionalPolicy[]; readonly region: string }
  /** Newer versions of trust documents; what they change in the key table comes before. */
  | { readonly type: 'trust-news'; readonly marks: readonly TrustMark[] }
  | { readonly type: 'api-key'; readonly key: HeldApiKey }
  | { readonly type: 'api-keys'; readonly keys: readonly HeldApiKey[] }
  /** Presentations that were seen elsewhere, packed. */
  | { readonly type: 'sightings'; readonly packed: Uint8Array }
  /** Until this second of the machine's steady clock all other nodes are heard. */
  | { readonly type: 'sightings-shared'; readonly until: number };

/** Says how current everything is that was told before it. */
export interface Pulse {
  /** Whether no write's outcome is in doubt. */
  readonly isCertain: boolean;
  /** Of our own lists: the prefix of their URIs, and when their values were last known to be current. */
  readonly base: string;
  readonly asOf: Moment;
  /** A time that has certainly passed, epoch seconds: the ledger's newest entry's. */
  readonly floor: number;
}

/** Where the owner of the knowledge tells its changes: nobody, or workers. */
export interface Followers {
  /** Called after the change was made here, in the same turn. */
  readonly publish: (update: Update) => void;
  /** Resolves when everything published so far holds wherever codes are judged. */
  readonly settled: () => Promise<void>;
}

/** One process is all there is. */
export const NO_FOLLOWERS: Followers = { publish: () => undefined, settled: async () => undefined };
