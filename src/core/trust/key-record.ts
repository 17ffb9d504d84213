// One trusted key and what it may be used for: the row of the flat table that verification looks keys up in.

import type { PublicKey } from '../signature/public-key.js';

/** Whose rules a code follows: ours (`YM1`, JWS), or a foreign format's. */
export type CodeFormat = 'yima' | 'eu-dcc' | 'shc' | 'nzcp';

export const KEY_USES = ['credential', 'status', 'list', 'log'] as const;
export type KeyUse = (typeof KEY_USES)[number];

/**
 * announced: published, signs nothing yet. active: signs. retired: signs no more, still verifies what it signed inside
 * its window. removed: gone from use. revoked: nothing it ever signed is trusted; never leaves this state.
 */
export const KEY_STATES = ['announced', 'active', 'retired', 'removed', 'revoked'] as const;
export type KeyState = (typeof KEY_STATES)[number];

export interface KeyScope {
  /** Region prefix of 0, 2, 4 or 6 digits, normalised (XPCC is 66); '' covers all. */
  readonly region: string;
  /** Kind names the key may sign; null for any. */
  readonly kinds: readonly string[] | null;
}

/**
 * What is known of the SMART Health Cards that were revoked under a key, one by one.
 * @see SMART Health Cards Framework, section Revocation
 */
export interface CardRevocations {
  /** The list's version that the key's issuer has announced (`crlVersion`); null: none. */
  readonly announced: number | null;
  /** null: no sound list is held. */
  readonly list: CardList | null;
}

export interface CardList {
  /** How often its issuer has changed it. */
  readonly version: number;
  /** Identifiers (`rid`), each with the time before which a card must have been issued to be revoked, epoch seconds; null: any time. */
  readonly revoked: ReadonlyMap<string, number | null>;
}

export interface KeyRecord {
  readonly format: CodeFormat;
  /** The `iss` it signs for; null where the format trusts a key for any issuer (EU DCC: a signer certificate). */
  readonly issuer: string | null;
  /** base64url of the key id's bytes. Not unique: several records may share one. */
  readonly kid: string;
  readonly key: PublicKey;
  readonly use: KeyUse;
  readonly scope: KeyScope;
  /** The window in which it may sign, epoch seconds, both inclusive; null for no bound. */
  readonly notBefore: number | null;
  readonly notAfter: number | null;
  readonly state: KeyState;
  /** Prefix of its status lists' URIs, ending in `/`; null where the format or issuer has none. */
  readonly statusBase: string | null;
  /** What vouches for the key says so until then, epoch seconds, inclusive; null: as long as it is in the table. */
  readonly trustedUntil: number | null;
  /** The authority whose list says so, so that two who say the same are two records, each with an end of its own; absent for files and rings. */
  readonly listedBy?: string;
  /** Of SMART Health Cards alone; absent where the key's issuer revokes no single card. */
  readonly cards?: CardRevocations;
}

/** A key that its authority revoked and of which nothing but the id could be read. */
export type Tombstone = Pick<KeyRecord, 'format' | 'issuer' | 'kid'>;

/** What becomes different in a table: whole records out and in. */
export interface TablePatch {
  readonly remove: readonly KeyRecord[];
  readonly add: readonly KeyRecord[];
}

/** The look-up that verification uses: flat, prepared at load, swapped whole. */
export interface KeyTable {
  /**
   * All records for one key id, at most 4 tried by the caller.
   * @param issuer the code's `iss`; records with issuer null match any issuer of their format
   * @param kid base64url of the key id's bytes
   */
  readonly find: (format: CodeFormat, issuer: string | null, kid: string) => readonly KeyRecord[];
  readonly records: readonly KeyRecord[];
  /** When the table was last known to be current, epoch seconds. */
  readonly asOf: number;
}
