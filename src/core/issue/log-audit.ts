// Checks the whole log and holds the store against it: every state and decision that the log tells must be the one that is stored.
// An edit of the database file that bypasses the log shows up here. Page by page, so that nobody waits for the whole.

import { hexHash, type Sha256 } from '../signature/public-key.js';
import { isApiKeyAsTold, replayApiKey, type ToldApiKeys } from './api-key-log.js';
import { isAppealAsTold, replayAppeal, type ToldAppeals } from './appeal-log.js';
import { isRuleAsTold, replayRule, ruleKey, type ToldRules } from './colour-rule-log.js';
import { isOfferAsTold, replayOffer, type ToldOffers } from './offer-log.js';
import { isProposalAsTold, replayProposal, type ToldProposals } from './proposal-log.js';
import { PAGE_ROWS, readLog } from './read-log.js';
import type { LogRow, Store } from './store.js';
import { addColourChange, differingChanges, type ToldColourChanges } from './told-colour-changes.js';
import { isIssuedAsTold, isStateAsTold, replayCredential, type ToldCredentials } from './told-credentials.js';
import { findStrayTrust, replayTrust, type ToldTrust, trustTold } from './trust-log.js';

/** What is not stored as the log tells, at most 100 ids of each sort. */
export interface Strays {
  readonly strayCredentials: readonly string[];
  /** They open nothing after the next start. */
  readonly strayApiKeys: readonly string[];
  readonly strayProposals: readonly string[];
  /** Id and version, with a space between. */
  readonly strayRules: readonly string[];
  /** Changes of colours: ids of proposals, invocations or single acts. */
  readonly strayChanges: readonly string[];
  readonly strayAppeals: readonly string[];
  /** Offers to phones. */
  readonly strayOffers: readonly string[];
  /** `root VERSION`, `list AUTHORITY`, `dead AUTHORITY THUMBPRINT` of the trust network. */
  readonly strayTrust: readonly string[];
}

export interface LogAudit extends Strays {
  readonly ok: boolean;
  /** Entries that were read. */
  readonly entries: number;
  /** The first entry that does not follow from the one before; null when the chain holds. */
  readonly brokenAt: number | null;
  /** Hash of the newest entry that holds; null for an empty log. */
  readonly head: string | null;
}

export interface AuditDeps {
  readonly store: Store;
  readonly sha256: Sha256;
  /** Resolves after a whole turn of the event loop; called after every page, so that other work runs in between. */
  readonly nextTurn: () => Promise<void>;
}

interface ToldAll {
  readonly credentials: ToldCredentials;
  readonly apiKeys: ToldApiKeys;
  readonly proposals: ToldProposals;
  readonly rules: ToldRules;
  readonly changes: ToldColourChanges;
  readonly appeals: ToldAppeals;
  readonly offers: ToldOffers;
  readonly trust: ToldTrust;
}

const MOST_STRAYS = 100;
const NO_STRAYS: Strays = {
  strayCredentials: [],
  strayApiKeys: [],
  strayProposals: [],
  strayRules: [],
  strayChanges: [],
  strayAppeals: [],
  strayOffers: [],
  strayTrust: [],
};

/**
 * Reads the log from the first entry to what is the newest at the start, then everything that it tells of. What changes
 * meanwhile is not judged. Memory grows with the credentials (about 300 bytes each).
 */
export async function auditLog(deps: AuditDeps): Promise<LogAudit> {
  const told: ToldAll = {
    credentials: new Map(),
    apiKeys: new Map(),
    proposals: new Map(),
    rules: new Map(),
    changes: new Map(),
    appeals: new Map(),
    offers: new Map(),
    trust: new Map(),
  };
  const end = (await deps.store.head())?.seq ?? 0;
  const read = await readLog(deps, undefined, end, (row) => replay(told, row, deps.sha256));
  const head = read.last?.hash ?? null;
  const broken = { ok: false, head, ...NO_STRAYS };
  if (read.brokenAt !== null) return { ...broken, entries: read.brokenAt, brokenAt: read.brokenAt };

  const found: Strays = {
    strayCredentials: await findStrayCredentials(deps, told.credentials),
    strayApiKeys: await findStrayApiKeys(deps, told.apiKeys),
    strayProposals: await findStrayProposals(deps, told.proposals),
    strayRules: await findStrayRules(deps, told.rules),
    strayChanges: await findStrayChanges(deps, told.changes),
    strayAppeals: await findStrayAppeals(deps, told.appeals),
    strayOffers: await findStrayOffers(deps, told.offers),
    strayTrust: await findStrayTrust(deps.store, told.trust),
  };
  const changed = new Set<string>();
  const newest = (await deps.store.head())?.seq ?? 0;
  const since = await readLog(deps, read.last, newest, (row) => noteChanged(changed, row));
  if (since.brokenAt !== null) return { ...broken, entries: since.brokenAt, brokenAt: since.brokenAt };

  const strays = onlySettled(found, changed);
  const ok = Object.values(strays).every((ids: readonly string[]) => ids.length === 0);
  return { ok, entries: end, brokenAt: null, head, ...strays };
}

function onlySettled(found: Strays, changed: ReadonlySet<string>): Strays {
  const settled = (ids: readonly string[]) => ids.filter((id) => !changed.has(id)).slice(0, MOST_STRAYS);
  return {
    strayCredentials: settled(found.strayCredentials),
    strayApiKeys: settled(found.strayApiKeys),
    strayProposals: settled(found.strayProposals),
    strayRules: settled(found.strayRules),
    strayChanges: settled(found.strayChanges),
    strayAppeals: settled(found.strayAppeals),
    strayOffers: settled(found.strayOffers),
    strayTrust: settled(found.strayTrust),
  };
}

function replay(told: ToldAll, row: LogRow, sha256: Sha256): void {
  replayApiKey(told.apiKeys, row);
  replayProposal(told.proposals, row, sha256);
  replayRule(told.rules, row);
  replayAppeal(told.appeals, row, sha256);
  replayOffer(told.offers, row);
  replayTrust(told.trust, row);
  replayCredential(told.credentials, told.changes, row, sha256);
}

/** Ids of different things differ in length or in 80 random bits, so one set holds all. */
function noteChanged(changed: Set<string>, row: LogRow): void {
  for (const key of trustTold(row)) changed.add(key);
  const body = JSON.parse(row.body) as {
    readonly [name in 'credential' | 'id' | 'proposal' | 'change' | 'offer']?: string | null;
  } & { readonly credentials?: readonly string[]; readonly rule?: string; readonly version?: number };
  const { credential, id: own, proposal, change, offer, credentials = [] } = body;
  for (const id of [credential, own, proposal, change, offer, ...credentials])
    if (typeof id === 'string') changed.add(id);
  const { rule: id, version } = body;
  if (id !== undefined && version !== undefined) changed.add(ruleKey({ id, version }));
}

/** All of them, also those that changed meanwhile. Those that are stored leave `told`. */
async function findStrayCredentials(
  { store, sha256, nextTurn }: AuditDeps,
  told: ToldCredentials,
): Promise<string[]> {
  const strays: string[] = [];
  let after = '';
  for (;;) {
    const page = await store.credentials(after, PAGE_ROWS);
    for (const stored of page) {
      const { id } = stored.credential;
      const known = told.get(id);
      const isAsTold =
        known !== undefined && isIssuedAsTold(known, stored, sha256) && isStateAsTold(known, stored);
      if (!isAsTold) strays.push(id);
      told.delete(id);
      after = id;
    }
    if (page.length < PAGE_ROWS) break;
    await nextTurn();
  }
  for (const id of told.keys()) strays.push(id);
  return strays;
}

async function findStrayApiKeys({ store, sha256 }: AuditDeps, told: ToldApiKeys): Promise<string[]> {
  const stored = await store.apiKeys();
  const strays = stored.filter((row) => !isApiKeyAsTold(told.get(row.id), row, sha256)).map(({ id }) => id);
  const present = new Set(stored.map(({ id }) => id));
  return [...strays, ...[...told.keys()].filter((id) => !present.has(id))];
}

async function findStrayProposals(
  { store, sha256, nextTurn }: AuditDeps,
  told: ToldProposals,
): Promise<string[]> {
  const strays: string[] = [];
  let after = '';
  for (;;) {
    const page = await store.proposals(after, PAGE_ROWS);
    for (const row of page) {
      if (!isProposalAsTold(told.get(row.id), row, sha256)) strays.push(row.id);
      told.delete(row.id);
      after = row.id;
    }
    if (page.length < PAGE_ROWS) break;
    await nextTurn();
  }
  return [...strays, ...told.keys()];
}

async function findStrayOffers({ store, sha256, nextTurn }: AuditDeps, told: ToldOffers): Promise<string[]> {
  const sha256Hex = hexHash(sha256);
  const strays: string[] = [];
  let after = '';
  for (;;) {
    const page = await store.offers(after, PAGE_ROWS);
    for (const row of page) {
      if (!isOfferAsTold(told.get(row.id), row, sha256Hex)) strays.push(row.id);
      told.delete(row.id);
      after = row.id;
    }
    if (page.length < PAGE_ROWS) break;
    await nextTurn();
  }
  return [...strays, ...told.keys()];
}

async function findStrayAppeals(
  { store, sha256, nextTurn }: AuditDeps,
  told: ToldAppeals,
): Promise<string[]> {
  const strays: string[] = [];
  let after = '';
  for (;;) {
    const page = await store.appeals(after, PAGE_ROWS);
    for (const row of page) {
      if (!isAppealAsTold(told.get(row.id), row, sha256)) strays.push(row.id);
      told.delete(row.id);
      after = row.id;
    }
    if (page.length < PAGE_ROWS) break;
    await nextTurn();
  }
  return [...strays, ...told.keys()];
}

async function findStrayRules({ store }: AuditDeps, told: ToldRules): Promise<string[]> {
  const stored = await store.colourRules();
  const strays = stored.filter((row) => !isRuleAsTold(told.get(ruleKey(row)), row)).map(ruleKey);
  const present = new Set(stored.map(ruleKey));
  return [...strays, ...[...told.keys()].filter((key) => !present.has(key))];
}

async function findStrayChanges(
  { store, sha256, nextTurn }: AuditDeps,
  told: ToldColourChanges,
): Promise<string[]> {
  const sums: ToldColourChanges = new Map();
  let after = { changeId: '', credentialId: '' };
  for (;;) {
    const page = await store.allColourChanges(after, PAGE_ROWS);
    for (const row of page) addColourChange(sums, row, sha256);
    after = page.at(-1) ?? after;
    if (page.length < PAGE_ROWS) break;
    await nextTurn();
  }
  return differingChanges(told, sums);
}
