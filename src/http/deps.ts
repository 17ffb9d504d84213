// What the HTTP surfaces need of everything else, declared beside its consumer; the composition root provides it.
// Nothing here knows a database, a key file or the environment.

import type { FastifyBaseLogger } from 'fastify';
import type { Registry as MetricsRegistry } from 'prom-client';
import type { KindTable } from '../core/credential/kind.js';
import type { Text } from '../core/errors/reasons.js';
import type { ApiKeys } from '../core/issue/api-keys.js';
import type { Appeals } from '../core/issue/appeals.js';
import type { Claims } from '../core/issue/claims.js';
import type { IssueRequest, Registry, StateChanged } from '../core/issue/commands.js';
import type { CredentialRecord } from '../core/issue/credential-record.js';
import type { ColourRuleRow } from '../core/issue/decision-rows.js';
import type { HeldIssues } from '../core/issue/held-issues.js';
import type { Holder } from '../core/issue/holder.js';
import type { KeySpent } from '../core/issue/key-budget.js';
import type { LogAudit } from '../core/issue/log-audit.js';
import type { LogRestored, RestoreRequest } from '../core/issue/log-restore.js';
import type { NewApiKey } from '../core/issue/new-api-key.js';
import type { Offers } from '../core/issue/offers.js';
import type { Clock, CodeUse } from '../core/issue/ports.js';
import type { Principal } from '../core/issue/principal.js';
import type { Proposals } from '../core/issue/proposals.js';
import type { RegistryDeps } from '../core/issue/registry-deps.js';
import type { Revocations } from '../core/issue/revocations.js';
import type { InvokeRule } from '../core/issue/rule-invocation.js';
import type { SignedHeads } from '../core/issue/signed-head.js';
import type { SiteTable } from '../core/issue/site-table.js';
import type { Sites } from '../core/issue/sites.js';
import type { ApiKeyRow, LogRow } from '../core/issue/store.js';
import type { VerifySignature } from '../core/signature/ports.js';
import type { KeyRecord } from '../core/trust/key-record.js';
import type { Answer } from '../core/verify/answer.js';
import type { Showing } from '../core/verify/showing.js';
import type { TrustSurface } from './trust-desk.js';

export interface AppDeps {
  readonly registry: Pick<
    Registry,
    'issue' | 'request' | 'translate' | 'find' | 'findPaper' | 'reissue' | 'addEncoding'
  > & {
    readonly changeState: (...args: Parameters<Registry['changeState']>) => Promise<PublishedChange>;
    readonly reportLost: (...args: Parameters<Registry['reportLost']>) => Promise<PublishedChange>;
  };
  /** The whole ladder with the node's own key table, status view and clock. Never throws, never waits. */
  readonly verify: (code: string, showing?: Showing) => Answer;
  /** What a code that this node signed says. */
  readonly readOwn: RegistryDeps['readOwn'];
  /** The public JWK set of the node's own keys, retired ones included. */
  readonly jwks: () => Promise<Readonly<Record<string, unknown>>>;
  readonly statusLists: StatusLists;
  readonly access: Access;
  readonly sites: SiteDesk;
  /** Requests that wait for a second person. */
  readonly heldIssues: Pick<HeldIssues, 'find' | 'claim'>;
  readonly qr: QrRenderer;
  readonly kinds: KindTable;
  readonly log: LogReader;
  readonly keys: KeyAdministration;
  readonly decisions: Decisions;
  /** The word of holders against changes of their colours. */
  readonly appeals: Appeals;
  /** Offers to phones, and what wallets claim with them. */
  readonly claims: ClaimDesk;
  /** What phones ask for by proof of their key. */
  readonly holder: Holder;
  /** Public JWKs of the keys that SD-JWTs are signed with. */
  readonly sdJwtKeys: () => Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** For proofs of keys that nobody listed. */
  readonly verifySignature: VerifySignature;
  /** What a holder may read about his own credential. @throws YimaError `not_found` */
  readonly record: (id: string) => Promise<CredentialRecord>;
  readonly revocations: Revocations;
  /** null: this node is in no network of trust lists, and `/trust/*` does not exist. */
  readonly trust: TrustSurface | null;
  /** null: this node plays no demo, and `/demo/*` does not exist. */
  readonly demo: DemoDeps | null;
  /** The certificate (PEM) of this node's own TLS authority as it is now; null without one. */
  readonly tlsAuthority: () => string | null;
  /** null: `/health/*` does not exist here. */
  readonly health: Health | null;
  /** Where the HTTP figures are registered and `/metrics` reads from. */
  readonly metrics: MetricsRegistry;
  readonly clock: Clock;
}

export interface ClaimDesk {
  readonly makeOffer: Offers['make'];
  readonly withdrawOffer: Offers['withdraw'];
  readonly findOffer: Offers['find'];
  readonly redeem: Offers['redeem'];
  readonly nonce: () => Promise<string>;
  readonly claim: Claims['claim'];
}

export type StatusTokenForm = 'jwt' | 'cwt';

export interface StatusToken {
  readonly body: string | Uint8Array;
  /** With its quotes, ready for the header. */
  readonly etag: string;
  /** Seconds that caches may keep it; not past the token's `exp`. */
  readonly maxAgeSeconds: number;
}

export interface StatusLists {
  /** The signed token of one list, undefined when the node has no such list. */
  readonly token: (list: number, form: StatusTokenForm, now: number) => Promise<StatusToken | undefined>;
  /** URIs of the lists that anybody may read (Token Status List 9.3). */
  readonly aggregation: () => Promise<readonly string[]>;
  /** Whether a list shows colours, so that reading it needs scope `verify`. True for a list whose kind is unknown, false where there is no such list. */
  readonly isRestricted: (list: number) => Promise<boolean>;
}

export interface Access {
  /**
   * Judges `yk_<id>_<secret>` in constant time for one id, without waiting and without throwing.
   * Undefined for anything else than a live key.
   */
  readonly check: (presented: string) => Principal | undefined;
  /** The only time that the secret exists outside its holder. */
  readonly create: (actor: string, request: NewApiKey) => Promise<{ row: ApiKeyRow; secret: string }>;
  readonly list: () => Promise<readonly ApiKeyRow[]>;
  /** As `create`, for a key that is there. @throws YimaError `not_found`, `conflict`, `forbidden`, `invalid_request` */
  readonly rotate: ApiKeys['rotate'];
  /** @throws YimaError `not_found`, `conflict`, `forbidden` */
  readonly confirm: (actor: string, id: string) => Promise<ApiKeyRow>;
  /** @throws YimaError `not_found` */
  readonly revoke: (actor: string, id: string) => Promise<ApiKeyRow>;
}

/** Checkpoints with a device of their own. */
export interface SiteDesk extends Sites, Pick<SiteTable, 'check'> {
  /** What their pages judge by. */
  readonly knowledge: () => ScanKnowledge;
}

/** A knowledge document, ready to be sent. */
export interface ScanKnowledge {
  readonly body: Uint8Array;
  readonly gzipped: Uint8Array;
  /** With its quotes. */
  readonly etag: string;
}

/** What takes two people, and what rules do. */
export interface Decisions extends Pick<Proposals, 'propose' | 'decide' | 'find' | 'list'> {
  readonly rules: () => Promise<readonly ColourRuleRow[]>;
  readonly invoke: InvokeRule;
}

export interface QrRenderer {
  /** @param scale CSS pixels a module */
  readonly svg: (text: string, scale: number) => string;
  /** @param scale pixels a module */
  readonly png: (text: string, scale: number) => Uint8Array;
  /** An SVG for paper, which is folded and stained: level Q, sized by whoever places it. @throws YimaError `too_large` */
  readonly printed: (text: string) => string;
}

export interface LogReader {
  readonly head: () => Promise<LogRow | undefined>;
  /** Recomputes the whole chain and holds the stored credentials against it. */
  readonly check: () => Promise<LogAudit>;
  /** Entries with seq > after, ascending, at most `limit` (1 to 1,000). */
  readonly read: (after: number, limit: number) => Promise<readonly LogRow[]>;
  /** Sets the stored credentials back to what the log tells. @throws YimaError `conflict` where the log itself was changed */
  readonly restore: (actor: string, request: RestoreRequest) => Promise<LogRestored>;
  /** The newest entry, signed for a witness. @throws YimaError `not_found` while nothing is logged */
  readonly signHead: SignedHeads['sign'];
  /** Holds the log against a head that was signed before. @throws YimaError `invalid_request` when it is no head of this node */
  readonly checkHead: SignedHeads['check'];
}

/** Keys that people change by hand. */
export type RotatedUse = CodeUse | 'status';

export interface OwnKey extends KeyRecord {
  readonly signs: RotatedUse;
  /** null: it signs no credentials, not yet or no more. */
  readonly spent: KeySpent | null;
}

export interface KeyAdministration {
  /** The node's own public keys with their states. */
  readonly list: () => Promise<readonly OwnKey[]>;
  /**
   * Makes another key sign from now on, the next of those announced; the one before is retired. Resolves with the key's record.
   * @param fresh a new one instead, and the announced ones are discarded
   */
  readonly rotate: (actor: string, use: RotatedUse, fresh: boolean) => Promise<KeyRecord>;
  /** Makes a key that will sign later, so that others may know it before. */
  readonly announce: (actor: string, use: RotatedUse) => Promise<KeyRecord>;
}

/** A text to try in the demo's verify box. */
export interface DemoSample {
  readonly name: Text;
  readonly code: string;
}

export interface DemoDeps {
  /** A request for a health code of a person who does not exist. */
  readonly newRequest: () => IssueRequest;
  readonly samples: () => Promise<readonly DemoSample[]>;
}

export interface Readiness {
  readonly ok: boolean;
  /** Short words, empty when ok: `draining`, `store_uncertain` (the outcome of a write is in doubt), `feed_ahead_of_database` (our status feed knows of more than our database), `workers_starting` (none serves). */
  readonly reasons: readonly string[];
  readonly feeds: readonly FeedHealth[];
  /** Absent where the node is in no network of trust lists. */
  readonly trust?: TrustHealth;
}

/** How the trust network stands here. */
export interface TrustHealth {
  /** Version of the newest root; null before the first. */
  readonly root: number | null;
  readonly lists: number;
  /** Epoch seconds: when the first document on which keys rest expires, and when the newest was taken. */
  readonly expiresAt: number | null;
  readonly acceptedAt: number | null;
}

/** How well another issuer's status feed is followed. */
export interface FeedHealth {
  readonly issuer: string;
  /** Of what is known of its lists; null: nothing was confirmed yet. */
  readonly ageSeconds: number | null;
  /** Entries of its log that its newest feed entry lacks. */
  readonly lag: number;
  /** Hex; null before the first verified entry. */
  readonly epoch: string | null;
  readonly lastRebuild: { readonly at: number; readonly reason: string } | null;
}

export interface Health {
  readonly ready: () => Readiness;
}

/** A change, and whether every other node could hear of it by the time of the answer. */
export interface PublishedChange extends StateChanged {
  readonly published: boolean;
}

/** How the app runs; values come from the configuration. */
export interface AppOptions {
  /** For the node's own 0600 socket: every request is the principal `local` with all scopes; no limits, pages, demo. */
  readonly local?: boolean;
  /** The package's, as the API's description tells it. */
  readonly version: string;
  /** Prefix of links in answers, without a slash at the end. */
  readonly publicUrl: string;
  /** Addresses and CIDR blocks whose X-Forwarded-For is believed. */
  readonly trustProxy: readonly string[];
  /** Requests a minute for one principal, or one address without a key. 0: no limit. */
  readonly rateLimitPerMinute: number;
  /** The same for `POST /v1/verify` and the lines of batches. */
  readonly verifyRateLimitPerMinute: number;
  /** The same for short ids that are looked up. */
  readonly shortIdRateLimitPerMinute: number;
  readonly log: LogOptions;
  /** How the public port does HTTPS itself: with a certificate of its own making, or a given one; null: it does not. */
  readonly tls: 'self' | 'given' | null;
  /** Folder of the built pages (`index.html`, `assets/`); null: no pages. */
  readonly webRoot: string | null;
  /** For tests; those of server-options.ts otherwise. */
  readonly timeouts?: Timeouts;
}

/** Milliseconds. */
export interface Timeouts {
  /** From the connection's start to the end of the headers; also ends connections that never say anything. */
  readonly headers: number;
  readonly request: number;
  readonly keepAlive: number;
  /** How often overdue connections are looked for. */
  readonly sweep: number;
}

export interface LogOptions {
  /** From `createLogger` in logging.ts; the composition root writes its own lines with it too. */
  readonly logger: Logger;
  /** Share of the requests without an error that are logged, 0 to 1. */
  readonly sample: number;
}

export type Logger = Pick<FastifyBaseLogger, 'fatal' | 'error' | 'warn' | 'info' | 'debug'>;
