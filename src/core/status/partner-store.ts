// What the nodes of a cluster share about other authorities' lists: who fetches, what was fetched, what is missed. The port stands
// here; whoever can write to the store can keep lists back, and nothing else, since every node verifies what it takes from it.

import type { ListForm } from './list-forms.js';

/** RFC 9110, 8.8.3: an entity tag of a length that is kept, and that a header takes as it is. */
export const ENTITY_TAG = /^(?:W\/)?"[\x21\x23-\x7e]{0,250}"$/;

/** A token as it came. */
export interface StoredList {
  readonly uri: string;
  readonly form: ListForm;
  readonly etag: string | null;
  /** `iat`, epoch seconds. */
  readonly issuedAt: number;
  readonly body: Uint8Array;
}

/** Lists that one answer of the store names. */
export const MAX_NEWS = 1_024;

export interface StoreNews {
  /** The store began anew since the last call: what was put before may be gone. */
  readonly isAnew: boolean;
  /** At most `MAX_NEWS` a call; so many: there may be more. */
  readonly lists: readonly Pick<StoredList, 'uri' | 'issuedAt'>[];
}

/** All of it rejects within seconds when the store does not answer. */
export interface PartnerStore {
  /** Takes the lock, or keeps it for another while. True: this node fetches for all. */
  readonly lead: () => Promise<boolean>;
  /** @returns false, and nothing is put, when this node holds the lock no more */
  readonly put: (list: StoredList) => Promise<boolean>;
  /** What was put since the last call. @param fromStart whenever it was put */
  readonly news: (fromStart: boolean) => Promise<StoreNews>;
  readonly get: (uri: string) => Promise<StoredList | undefined>;
  /** Tells whoever leads that codes name these lists. */
  readonly ask: (uris: readonly string[]) => Promise<void>;
  /** Takes what was asked for; at most `MAX_NEWS`. */
  readonly asked: () => Promise<readonly string[]>;
  /** Another node may lead at once. */
  readonly release: () => Promise<void>;
}
