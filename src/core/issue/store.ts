// The store port: reads, and one write - an atomic, durable change. Adapters: sqlite, memory (a twin that can fail).

import { YimaError } from '../errors/yima-error.js';
import type { DecisionReads, DecisionWrites } from './decision-rows.js';
import type { Form } from './form.js';
import type { HeldReads, HeldWrites } from './held-rows.js';
import type { OfferReads, OfferWrites } from './offer-rows.js';
import type { RevocationScope, ScopeCounted, Window } from './scope.js';
import type { TrustReads, TrustWrites } from './trust-rows.js';

/** One credential: what was decided about one subject. Holds no personal data besides what its encodings carry. */
export interface CredentialRow {
  /** Opaque, unguessable, 26 lower-case base32 characters. */
  readonly id: string;
  readonly kind: string;
  readonly region: string;
  /** Who issued: the API principal, the person at the desk, and what they relied on. */
  readonly principal: string;
  readonly operator: string;
  readonly evidence: string;
  readonly issuedAt: number;
  /** null: without end (长期). */
  readonly expiresAt: number | null;
  readonly revoked: boolean;
  readonly suspended: boolean;
  /** The status value underneath (0, or a colour 0x0C-0x0E), kept while suspended. */
  readonly level: number;
  /** Issued by the loopback demo; only such may be recoloured without two people. */
  readonly demo: boolean;
  /** What the office calls the batch it was issued in; null without one. */
  readonly batch: string | null;
  /** The credential that it was issued in place of, when that one's key was withdrawn; null for any other. Nothing has two successors. */
  readonly replaces: string | null;
}

export interface EncodingRow {
  readonly credentialId: string;
  readonly form: Form;
  readonly list: number;
  readonly index: number;
  /** The text in the symbol, or the compact JWS. */
  readonly code: string;
  /** What is printed under a paper's symbol, without hyphens; null for other forms, and for paper from before there were any. */
  readonly shortId: string | null;
  /** base64url key id of the signing key. */
  readonly kid: string;
  /** Dies alone (lost paper), whatever the credential's state. */
  readonly revoked: boolean;
  /** The published value, computed: revoked before suspended before level. */
  readonly value: number;
  /** base64url RFC 7638 thumbprint of the device's key that it is bound to; null: to none. */
  readonly device: string | null;
  /** When it is to be revoked by itself, since a fresh one took its place, epoch seconds; null: as long as the credential. */
  readonly endsAt: number | null;
}

/** An encoding on its way into the store, with the counter that its index was made from: a list gives each counter once. */
export interface ReleasedEncoding extends EncodingRow {
  readonly counter: number;
}

export interface ListRow {
  readonly number: number;
  readonly kind: string;
  readonly bits: 2 | 4;
  readonly entries: number;
  /** 32 random bytes that key the permutation from counter to index. */
  readonly seed: Uint8Array;
  /** Counters below this are allocated. The store raises it past every counter that it holds an encoding for. */
  readonly next: number;
  /** Counters from here on were given up when a backup was restored: their indices are revoked, whoever has them. null: none. */
  readonly burntFrom: number | null;
}

/** A link of the append-only chain: hash = SHA-256 over the JSON array [seq, at, actor, type, body, prev]. */
export interface LogRow {
  /** 1, 2, 3, ... without a gap. */
  readonly seq: number;
  readonly at: number;
  /** API principal or `local`. */
  readonly actor: string;
  readonly type: string;
  /** Canonical JSON; no personal data. */
  readonly body: string;
  /** Hex SHA-256 of the entry before; 64 zeros for the first. */
  readonly prev: string;
  readonly hash: string;
}

export interface IdempotencyRow {
  readonly principal: string;
  readonly key: string;
  /** Hex SHA-256 of the request body. */
  readonly requestHash: string;
  readonly credentialId: string;
  readonly at: number;
}

export interface ApiKeyRow {
  /** Public part of the key, 16 lower-case base32 characters. */
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly string[];
  /** Hex, 16 bytes. */
  readonly salt: string;
  /** Hex SHA-256 of salt bytes || secret text. */
  readonly hash: string;
  readonly createdAt: number;
  readonly expiresAt: number | null;
  readonly revokedAt: number | null;
  /** API key id of who made it, or `local`; null in rows from before it was kept, when the log alone tells. */
  readonly createdBy: string | null;
  /** Canonical JSON of the JWK that an officer signs with; null for everybody else. No two keys have the same. */
  readonly publicKey: string | null;
  /** Who confirmed it, for keys that need that. */
  readonly confirmedBy: string | null;
  readonly confirmedAt: number | null;
  /** How far an office reaches (reach.ts); null: as far as the node. */
  readonly region: string | null;
  readonly kinds: readonly string[] | null;
  /** The checkpoint that it stands for; null: for none in particular. */
  readonly site: string | null;
  /** Of the secret before the present one, which opens the same until then; null where none was rotated out. */
  readonly oldSalt: string | null;
  readonly oldHash: string | null;
  readonly oldEndsAt: number | null;
}

/** A credential's new state and the values its encodings publish from now on. */
export interface StateUpdate {
  readonly credentialId: string;
  readonly revoked: boolean;
  readonly suspended: boolean;
  readonly level: number;
  readonly encodings: readonly {
    readonly list: number;
    readonly index: number;
    readonly revoked: boolean;
    readonly value: number;
    readonly endsAt: number | null;
  }[];
}

/** Everything that one command, or one group of commands, changes. Applied whole or not at all. */
export interface Change extends DecisionWrites, OfferWrites, HeldWrites {
  /** Never empty: what is not logged does not happen. Continues the store's chain at head + 1. */
  readonly log: readonly LogRow[];
  /** New lists, or known ones with a higher `next`, and what is given up of them. */
  readonly lists?: readonly ListRow[];
  /** Above every era before: the store is a backup that was restored. */
  readonly era?: number;
  readonly credentials?: readonly CredentialRow[];
  readonly encodings?: readonly ReleasedEncoding[];
  readonly states?: readonly StateUpdate[];
  /** States as the log tells them, over rows that somebody edited: the one write by which something revoked comes back. */
  readonly restored?: readonly StateUpdate[];
  readonly idempotency?: readonly IdempotencyRow[];
  /** New keys, or known ones with the revocation or the confirmation set, or with a new secret and the present one as the old. */
  readonly apiKeys?: readonly ApiKeyRow[];
  readonly trust?: TrustWrites;
}

export interface StoredCredential {
  readonly credential: CredentialRow;
  /** In the order of their release. */
  readonly encodings: readonly EncodingRow[];
}

const MAX_PAGE_ROWS = 1_000;
const MAX_WINDOW_ROWS = 10_000;

/** @throws YimaError `invalid_request` unless `limit` is a whole number from 1 to 1,000 */
export function checkPageLimit(limit: number): number {
  if (Number.isInteger(limit) && limit >= 1 && limit <= MAX_PAGE_ROWS) return limit;
  throw new YimaError('invalid_request', `A page holds 1 to ${MAX_PAGE_ROWS} rows.`, { field: 'limit' });
}

/** @throws YimaError `invalid_request` unless it looks at a whole number of rows from 1 to 10,000 */
export function checkWindow(window: Window): Window {
  const { rows } = window;
  if (Number.isInteger(rows) && rows >= 1 && rows <= MAX_WINDOW_ROWS) return window;
  throw new YimaError('invalid_request', `A window has 1 to ${MAX_WINDOW_ROWS} rows.`, { field: 'rows' });
}

export interface ScopePage {
  /** In id order. */
  readonly credentials: readonly StoredCredential[];
  /** Where the following window begins; null when there is none. */
  readonly next: string | null;
}

/** What a store answers about many credentials at once. */
export interface ScopeReads {
  /** @throws YimaError `invalid_request` for a window of another size */
  readonly countScope: (scope: RevocationScope, window: Window) => Promise<ScopeCounted>;
  /** At most `limit` (1 to 1,000) of a window; what the limit leaves out begins the next one. @throws YimaError as `countScope` */
  readonly pageScope: (scope: RevocationScope, window: Window, limit: number) => Promise<ScopePage>;
}

export interface Store extends DecisionReads, OfferReads, HeldReads, ScopeReads, TrustReads {
  /**
   * Applies the change in one transaction and resolves once it is durable (fsync).
   * @throws YimaError `conflict` when the log does not continue the stored head, a row exists already, a row to be changed
   *   is absent, a list's counter or the era would not grow, something revoked, or a published 1, would come back, or what was decided
   *   would be decided again, or a version, a tree or a mark of the trust network would not grow: nothing was written
   * @throws YimaError `store_failed` when the outcome is unknown: read `head` again before the next commit
   */
  readonly commit: (change: Change) => Promise<void>;
  /** The newest log entry, or undefined in a new store. */
  readonly head: () => Promise<LogRow | undefined>;
  readonly findCredential: (id: string) => Promise<StoredCredential | undefined>;
  /** What was issued in place of a credential. */
  readonly findSuccessor: (id: string) => Promise<StoredCredential | undefined>;
  /** What never changes about a credential, for less than the whole. */
  readonly findKind: (id: string) => Promise<Pick<CredentialRow, 'kind' | 'demo'> | undefined>;
  /** The encoding that this was printed under. */
  readonly findByShortId: (shortId: string) => Promise<EncodingRow | undefined>;
  readonly findIdempotency: (principal: string, key: string) => Promise<IdempotencyRow | undefined>;
  readonly lists: () => Promise<readonly ListRow[]>;
  /** When the store last was a backup that is restored (core/issue/restored-backup.ts); 0: never. */
  readonly era: () => Promise<number>;
  /** Every index of a list whose published value is not 0, ascending, in batches, for loading the mirror. */
  readonly statusValues: (
    list: number,
  ) => AsyncIterable<readonly { readonly index: number; readonly value: number }[]>;
  /**
   * Entries with seq > after, ascending, at most `limit` (1 to 1,000).
   * @throws YimaError `invalid_request` for another limit, as does `credentials`
   */
  readonly log: (after: number, limit: number) => Promise<readonly LogRow[]>;
  /** Credentials in id order after `after` (`''`: from the first), with their encodings: for checking the store against its log. */
  readonly credentials: (after: string, limit: number) => Promise<readonly StoredCredential[]>;
  /**
   * Credentials with an encoding that is bound to this device's key, and that had not expired at `since`; the one issued last first,
   * at most `limit` (1 to 1,000).
   */
  readonly credentialsOf: (
    device: string,
    since: number,
    limit: number,
  ) => Promise<readonly StoredCredential[]>;
  /** Ids of credentials with an encoding that lives although its end has come, at most `limit` (1 to 1,000). */
  readonly overdue: (now: number, limit: number) => Promise<readonly string[]>;
  readonly apiKeys: () => Promise<readonly ApiKeyRow[]>;
  /** The log's entries about API keys (`api_key_created`, `api_key_confirmed`, `api_key_rotated`, `api_key_revoked`), ascending; found without reading the log. */
  readonly apiKeyLog: () => Promise<readonly LogRow[]>;
  /** The log's entries about sites (`site_created`, `site_enrolled`, `site_revoked`), ascending; found without reading the log. */
  readonly siteLog: () => Promise<readonly LogRow[]>;
  /** The newest `site_override` of this actor; found without reading the log. */
  readonly lastOverride: (actor: string) => Promise<LogRow | undefined>;
  readonly close: () => Promise<void>;
}
