// The commands an issuing office gives, as plain values: what HTTP, CLI and the demo page all speak.

import type { PublicKey } from '../signature/public-key.js';
import type { Form, UnboundForm } from './form.js';
import type { HeldIssueRow } from './held-rows.js';
import type { ScopeGroup } from './scope-count.js';
import type { EncodingRow, LogRow, StoredCredential } from './store.js';

export interface IssueRequest {
  readonly kind: string;
  /** GB/T 2260 code of the issuing region, 6 digits, inside the node's own scope. */
  readonly region: string;
  /** Under the kind's field names, JSON form, full values. */
  readonly claims: Readonly<Record<string, unknown>>;
  /** Default `['screen']`. Each form gets an index of its own. */
  readonly forms?: readonly UnboundForm[];
  /** Default and limit come from the kind. */
  readonly validSeconds?: number;
  /** The person at the desk, 1 to 64 printable characters. */
  readonly operator: string;
  /** What the operator relied on: a file or case reference, 1 to 128 printable characters. */
  readonly evidence: string;
  /** 1 to 128 printable ASCII characters; the same key with the same request gives the same answer. */
  readonly idempotencyKey?: string;
  readonly demo?: boolean;
  /** What the office calls the batch it belongs to, 1 to 64 printable characters. */
  readonly batch?: string;
}

/** Another authority's code that the national hub issues one of its own for. */
export interface TranslationRequest extends Pick<IssueRequest, 'operator' | 'evidence' | 'idempotencyKey'> {
  /** The text in the symbol, or a compact JWS. */
  readonly code: string;
}

export interface Issued extends StoredCredential {
  /** True when an earlier request with the same idempotency key had already made it. */
  readonly replayed: boolean;
}

/** Nothing was signed: a second person has to see it first. */
export interface IssueHeld {
  readonly held: HeldIssueRow;
}

export interface StateChange {
  readonly action: 'revoke' | 'suspend' | 'reinstate' | 'set-level';
  /** Only with `set-level`, only on demo credentials: a status word of the kind, e.g. `yellow`. */
  readonly level?: string;
  /** Only with `revoke`: the one living encoding of this form dies, the credential lives on. */
  readonly form?: Form;
  /** The same, by the encoding's number in the order of release, from 1. */
  readonly encoding?: number;
  /** Why, 1 to 200 characters. */
  readonly reason: string;
}

export interface StateChanged extends StoredCredential {
  /** The log entry that recorded the change; null when it already was so, and nothing was written. */
  readonly entry: LogRow | null;
}

/** A further encoding of a credential that lives. */
export interface EncodingRequest {
  readonly form: UnboundForm | 'device';
  /** With `device`: the key of the holder's device, Ed25519 or ES256. */
  readonly deviceKey?: PublicKey;
  /** With `device`: phones that it is on already stay; otherwise it moves from them to this one. */
  readonly keepDevices?: boolean;
  /** Number of an encoding of the same form, whose place it takes: that one is revoked in the same transaction. */
  readonly replaces?: number;
  /** Why, 1 to 200 printable characters. */
  readonly reason: string;
}

export interface EncodingAdded extends StoredCredential {
  /** Of the new encoding, in the order of release, from 1. */
  readonly number: number;
}

export interface FoundCredential extends StoredCredential {
  /** Under which id it lives on since its key was withdrawn; null where it was not issued anew. */
  readonly replacedBy: string | null;
}

export interface ReissueStep {
  /** `next` of the step before; `''` for the first. */
  readonly after: string;
  /** Only tells what would be done. */
  readonly dryRun: boolean;
}

/** What one step of signing anew has done, or would do. */
export interface Reissued {
  readonly reissued: number;
  /** `reissued` by kind and region. */
  readonly groups: readonly ScopeGroup[];
  /** Of those that the key signed: revoked or about to be by scope, expired, or the demo's. */
  readonly skipped: number;
  /** Where the next step goes on; null: everything was looked at. */
  readonly next: string | null;
}

export interface Registry {
  /**
   * As `issue`, for offices: where the kind has it so, a share of the requests waits for a second person.
   * @throws YimaError as `issue`
   */
  readonly request: (principal: string, request: IssueRequest) => Promise<Issued | IssueHeld>;
  /**
   * Whatever it is, at once: for what nobody has to look at, and under what a surface asks with `request`.
   * Validates, allocates an index a form, signs, verifies the result once, persists, and only then answers.
   * Concurrent requests share one transaction.
   * @throws YimaError `claims_rejected` with the field, `invalid_request`, `idempotency_conflict`, `rate_limited` past the
   *   office's quota, `store_failed`
   */
  readonly issue: (principal: string, request: IssueRequest) => Promise<Issued>;
  /**
   * As `issue`, for what a code of another authority says.
   * @throws YimaError `forbidden` when this node is not the hub, `claims_rejected` for a code that is not fit, and as `issue`
   */
  readonly translate: (principal: string, request: TranslationRequest) => Promise<Issued>;
  /**
   * @throws YimaError `not_found`; `conflict` when the state does not allow the action (a revoked one never comes back)
   */
  readonly changeState: (actor: string, id: string, change: StateChange) => Promise<StateChanged>;
  /**
   * Lost paper: the one encoding that this short id was printed under dies, and the credential lives on.
   * @param shortId as it is stored
   * @throws YimaError `not_found` when it was not printed here, and as `changeState`
   */
  readonly reportLost: (actor: string, shortId: string, reason: string) => Promise<StateChanged>;
  /**
   * One more encoding of a credential, with an index of its own and the state that the credential has.
   * @throws YimaError `not_found`, `invalid_request`, `key_refused`; `conflict` for one that is revoked or has expired
   */
  readonly addEncoding: (actor: string, id: string, request: EncodingRequest) => Promise<EncodingAdded>;
  /**
   * The next of what one key signed, signed anew with the present one; the old ones are revoked.
   * @throws YimaError `conflict` while the key still signs, or no other may
   */
  readonly reissue: (actor: string, kid: string, step: ReissueStep) => Promise<Reissued>;
  readonly find: (id: string) => Promise<FoundCredential | undefined>;
  /** The encoding that this short id, as it is stored, was printed under. */
  readonly findPaper: (shortId: string) => Promise<EncodingRow | undefined>;
  /** The status lists in use: number -> name of their kind. */
  readonly lists: () => ReadonlyMap<number, string>;
}
