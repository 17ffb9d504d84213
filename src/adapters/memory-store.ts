// The store port in memory: the same answers as SQLite, nothing durable, and it fails on command.

import { YimaError } from '../core/errors/yima-error.js';
import { API_KEY_ENTRY_TYPES } from '../core/issue/api-key-log.js';
import { continuesLog } from '../core/issue/log.js';
import type { OfferRow } from '../core/issue/offer-rows.js';
import { OVERRIDE_ENTRY_TYPE, SITE_ENTRY_TYPES } from '../core/issue/site-log.js';
import {
  type ApiKeyRow,
  type Change,
  type CredentialRow,
  checkPageLimit,
  type EncodingRow,
  type IdempotencyRow,
  type ListRow,
  type LogRow,
  type ReleasedEncoding,
  type StateUpdate,
  type Store,
  type StoredCredential,
} from '../core/issue/store.js';
import { STATUS_REVOKED } from '../core/status/published-value.js';
import {
  createDecisionTables,
  type DecisionTables,
  decisionReads,
  writeDecisions,
} from './memory-store/decisions.js';
import { createHeldTables, type HeldTables, heldReads, writeHeld } from './memory-store/held.js';
import { conflict, createJournal, type Journal } from './memory-store/journal.js';
import { offerReads, writeOffers } from './memory-store/offers.js';
import { scopeReads } from './memory-store/scopes.js';
import { createTrustTables, type TrustTables, trustReads, writeTrust } from './memory-store/trust.js';

const VALUES_BATCH = 1_000;
const API_KEY_ENTRIES: ReadonlySet<string> = new Set(API_KEY_ENTRY_TYPES);

const SITE_ENTRIES: ReadonlySet<string> = new Set(SITE_ENTRY_TYPES);

export interface MemoryStore extends Store {
  /** The next commit throws `store_failed`: `before` writing anything, or `after` having written it all. */
  readonly failNext: (when: 'before' | 'after') => void;
}

export function createMemoryStore(): MemoryStore {
  const tables = createTables();
  let failure: 'before' | 'after' | null = null;
  let open = true;

  const read = <T>(answer: () => T): T => {
    if (!open) throw failed('The store is closed.');
    return answer();
  };
  const commit = (change: Change): void => {
    const when = failure;
    failure = null;
    if (when === 'before') throw failed('Told to fail before writing.');
    applyWhole(tables, change);
    if (when === 'after') throw failed('Told to fail after writing.');
  };

  return {
    commit: async (change) => read(() => commit(change)),
    head: async () => read(() => tables.log.at(-1)),
    findCredential: async (id) => read(() => stored(tables, id)),
    findSuccessor: async (id) =>
      read(() => {
        const successor = tables.successors.get(id);
        return successor === undefined ? undefined : stored(tables, successor);
      }),
    findKind: async (id) => read(() => kindOf(tables, id)),
    findByShortId: async (shortId) => read(() => withShortId(tables, shortId)),
    findIdempotency: async (principal, key) => read(() => tables.idempotency.get(pair(principal, key))),
    lists: async () => read(() => lists(tables)),
    era: async () => read(() => Math.max(0, ...tables.eras.keys())),
    statusValues: (list) => statusValues(tables, list, read),
    log: async (after, limit) =>
      read(() => tables.log.slice(Math.max(0, after), Math.max(0, after) + checkPageLimit(limit))),
    credentials: async (after, limit) => read(() => page(tables, after, checkPageLimit(limit))),
    credentialsOf: async (device, since, limit) =>
      read(() => boundTo(tables, device, since).slice(0, checkPageLimit(limit))),
    overdue: async (now, limit) => read(() => overdue(tables, now).slice(0, checkPageLimit(limit))),
    apiKeys: async () => read(() => [...tables.apiKeys.values()].sort((a, b) => (a.id < b.id ? -1 : 1))),
    apiKeyLog: async () => read(() => tables.log.filter(({ type }) => API_KEY_ENTRIES.has(type))),
    siteLog: async () => read(() => tables.log.filter(({ type }) => SITE_ENTRIES.has(type))),
    lastOverride: async (actor) =>
      read(() => tables.log.findLast((row) => row.type === OVERRIDE_ENTRY_TYPE && row.actor === actor)),
    ...decisionReads(tables.decisions, read),
    ...offerReads(tables.offers, read),
    ...heldReads(tables.held, read),
    ...trustReads(tables.trust, read),
    ...scopeReads(() => page(tables, '', tables.credentials.size), read),
    close: async () => {
      open = false;
    },
    failNext: (when) => {
      failure = when;
    },
  };
}

interface Tables {
  readonly log: LogRow[];
  readonly lists: Map<number, ListRow>;
  readonly eras: Map<number, true>;
  readonly credentials: Map<string, CredentialRow>;
  /** By the id of what each replaces. */
  readonly successors: Map<string, string>;
  /** By list and counter. */
  readonly encodings: Map<string, ReleasedEncoding>;
  /** The keys of each credential's encodings, in the order of their release. */
  readonly released: Map<string, string[]>;
  readonly idempotency: Map<string, IdempotencyRow>;
  readonly apiKeys: Map<string, ApiKeyRow>;
  readonly decisions: DecisionTables;
  readonly offers: Map<string, OfferRow>;
  readonly held: HeldTables;
  readonly trust: TrustTables;
}

function createTables(): Tables {
  return {
    log: [],
    lists: new Map(),
    eras: new Map(),
    credentials: new Map(),
    successors: new Map(),
    encodings: new Map(),
    released: new Map(),
    idempotency: new Map(),
    apiKeys: new Map(),
    decisions: createDecisionTables(),
    offers: new Map(),
    held: createHeldTables(),
    trust: createTrustTables(),
  };
}

function kindOf({ credentials }: Tables, id: string): Pick<CredentialRow, 'kind' | 'demo'> | undefined {
  const row = credentials.get(id);
  return row === undefined ? undefined : { kind: row.kind, demo: row.demo };
}

const pair = (first: string | number, second: string | number): string => JSON.stringify([first, second]);
const failed = (message: string): YimaError => new YimaError('store_failed', message);

function applyWhole(tables: Tables, change: Change): void {
  const journal = createJournal();
  try {
    if (!continuesLog(tables.log.at(-1), change.log)) throw conflict();
    writeRows(tables, change, journal);
    tables.log.push(...change.log);
  } catch (error) {
    journal.takeBack();
    throw error;
  }
}

function writeRows(tables: Tables, change: Change, journal: Journal): void {
  for (const row of change.lists ?? [])
    journal.put(tables.lists, row.number, grown(tables.lists.get(row.number), row));
  if (change.era !== undefined) {
    if (change.era <= Math.max(0, ...tables.eras.keys())) throw conflict();
    journal.put(tables.eras, change.era, true);
  }
  for (const row of change.credentials ?? []) addCredential(tables, row, journal);
  for (const row of change.encodings ?? []) writeEncoding(tables, row, journal);
  for (const state of change.states ?? []) writeState(tables, state, journal, 'for good');
  for (const state of change.restored ?? []) writeState(tables, state, journal, 'as told');
  for (const row of change.idempotency ?? []) {
    if (!tables.credentials.has(row.credentialId)) throw failed('A reference dangles.');
    journal.add(tables.idempotency, pair(row.principal, row.key), { ...row });
  }
  for (const row of change.apiKeys ?? []) {
    const known = tables.apiKeys.get(row.id);
    if (known === undefined && isKeyTaken(tables, row)) throw conflict();
    journal.put(tables.apiKeys, row.id, withdrawn(known, row));
  }
  writeDecisions(tables.decisions, change, journal, (id) => tables.credentials.has(id));
  writeOffers(tables.offers, change.offers ?? [], journal, (id) => tables.credentials.has(id));
  writeHeld(tables.held, change, journal, {
    isProposal: (id) => tables.decisions.proposals.has(id),
    isCredential: (id) => tables.credentials.has(id),
  });
  writeTrust(tables.trust, change.trust ?? {}, journal);
}

function addCredential(tables: Tables, row: CredentialRow, journal: Journal): void {
  journal.add(tables.credentials, row.id, { ...row });
  if (row.replaces === null) return;
  if (!tables.credentials.has(row.replaces)) throw failed('A reference dangles.');
  journal.add(tables.successors, row.replaces, row.id);
}

function writeEncoding(tables: Tables, row: ReleasedEncoding, journal: Journal): void {
  if (!tables.credentials.has(row.credentialId) || !tables.lists.has(row.list))
    throw failed('A reference dangles.');
  if (row.shortId !== null && withShortId(tables, row.shortId) !== undefined) throw conflict();
  const key = pair(row.list, row.counter);
  journal.add(tables.encodings, key, { ...row });
  journal.append(tables.released, row.credentialId, key);
}

function isKeyTaken({ apiKeys }: Tables, { publicKey }: ApiKeyRow): boolean {
  return publicKey !== null && [...apiKeys.values()].some((known) => known.publicKey === publicKey);
}

/** Of a known list only the counter changes, and it grows, and once what is given up. */
function grown(known: ListRow | undefined, row: ListRow): ListRow {
  if (row.next < 0 || row.next > row.entries) throw failed('A counter is outside its list.');
  if (known === undefined) return { ...row, seed: row.seed.slice() };
  const unchanged =
    known.kind === row.kind &&
    known.bits === row.bits &&
    known.entries === row.entries &&
    known.seed.join() === row.seed.join();
  if (!unchanged || row.next <= known.next || known.burntFrom !== null) throw conflict();
  return { ...known, next: row.next, burntFrom: row.burntFrom };
}

/** Of a known key that lives only confirmation and revocation change, each once, or the secret, which becomes the old one. */
function withdrawn(known: ApiKeyRow | undefined, row: ApiKeyRow): ApiKeyRow {
  if (known === undefined) return { ...row };
  const isSame = (parts: (row: ApiKeyRow) => unknown): boolean =>
    JSON.stringify(parts(known)) === JSON.stringify(parts(row));
  const confirms = known.confirmedBy === null && row.confirmedBy !== null;
  const keepsConfirmation = isSame(({ confirmedBy, confirmedAt }) => [confirmedBy, confirmedAt]);
  const goesOn = isSame(secretsOf) && (row.revokedAt !== null || confirms);
  const isSound = goesOn ? confirms || keepsConfirmation : keepsConfirmation && rotates(known, row);
  if (!isSame(keptParts) || known.revokedAt !== null || !isSound) throw conflict();
  return { ...row };
}

function rotates(known: ApiKeyRow, { hash, oldSalt, oldHash, oldEndsAt, revokedAt }: ApiKeyRow): boolean {
  const isOld = oldSalt === known.salt && oldHash === known.hash && oldEndsAt !== null;
  return hash !== known.hash && isOld && revokedAt === null;
}

function secretsOf({ salt, hash, expiresAt, oldSalt, oldHash, oldEndsAt }: ApiKeyRow): unknown[] {
  return [salt, hash, expiresAt, oldSalt, oldHash, oldEndsAt];
}

function keptParts(row: ApiKeyRow): unknown[] {
  const { name, scopes, createdAt, createdBy, publicKey, region, kinds, site } = row;
  return [name, scopes, createdAt, createdBy, publicKey, region, kinds, site];
}

/** A row that is revoked, or publishes 1, does not come back, unless the log tells that it never was. */
function writeState(
  tables: Tables,
  { encodings, ...state }: StateUpdate,
  journal: Journal,
  revocation: 'for good' | 'as told',
): void {
  const { credentialId, revoked, suspended, level } = state;
  const isForGood = revocation === 'for good';
  const credential = tables.credentials.get(credentialId);
  if (credential === undefined || (isForGood && credential.revoked && !revoked)) throw conflict();
  journal.put(tables.credentials, credentialId, { ...credential, revoked, suspended, level });
  for (const next of encodings) {
    const known = released(tables, credentialId).find(
      ({ list, index }) => list === next.list && index === next.index,
    );
    if (known === undefined || (isForGood && known.revoked && !next.revoked)) throw conflict();
    if (isForGood && known.value === STATUS_REVOKED && next.value !== STATUS_REVOKED) throw conflict();
    const key = pair(known.list, known.counter);
    journal.put(tables.encodings, key, {
      ...known,
      revoked: next.revoked,
      value: next.value,
      endsAt: next.endsAt,
    });
  }
}

/** Each with its counter past every one that an encoding has. */
function lists(tables: Tables): ListRow[] {
  const next = new Map([...tables.lists.values()].map((row) => [row.number, row.next]));
  for (const { list, counter } of tables.encodings.values())
    next.set(list, Math.max(next.get(list) ?? 0, counter + 1));
  return [...tables.lists.values()]
    .map((row) => ({ ...row, next: next.get(row.number) ?? row.next }))
    .sort((a, b) => a.number - b.number);
}

function released(tables: Tables, credentialId: string): ReleasedEncoding[] {
  return (tables.released.get(credentialId) ?? []).flatMap((key) => tables.encodings.get(key) ?? []);
}

function withShortId({ encodings }: Tables, shortId: string): EncodingRow | undefined {
  for (const { counter: _counter, ...encoding } of encodings.values())
    if (encoding.shortId === shortId) return encoding;
  return undefined;
}

function stored(tables: Tables, id: string): StoredCredential | undefined {
  const credential = tables.credentials.get(id);
  if (credential === undefined) return undefined;
  const encodings = released(tables, id).map(({ counter: _counter, ...encoding }) => encoding);
  return { credential, encodings };
}

function page(tables: Tables, after: string, limit: number): StoredCredential[] {
  const ids = [...tables.credentials.keys()].filter((id) => id > after).sort();
  return ids.slice(0, limit).flatMap((id) => stored(tables, id) ?? []);
}

function boundTo(tables: Tables, device: string, since: number): StoredCredential[] {
  const isMeant = ({ credential: { expiresAt }, encodings }: StoredCredential): boolean =>
    (expiresAt === null || expiresAt > since) && encodings.some((encoding) => encoding.device === device);
  return page(tables, '', tables.credentials.size)
    .filter(isMeant)
    .reverse()
    .sort((a, b) => b.credential.issuedAt - a.credential.issuedAt);
}

function overdue(tables: Tables, now: number): string[] {
  const live = [...tables.encodings.values()].filter(
    ({ endsAt, revoked }) => endsAt !== null && endsAt <= now && !revoked,
  );
  return [...new Set(live.map(({ credentialId }) => credentialId))];
}

async function* statusValues(tables: Tables, list: number, read: <T>(answer: () => T) => T) {
  const values = read(() =>
    [...tables.encodings.values()]
      .filter((encoding) => encoding.list === list && encoding.value !== 0)
      .map(({ index, value }) => ({ index, value }))
      .sort((a, b) => a.index - b.index),
  );
  for (let from = 0; from < values.length; from += VALUES_BATCH)
    yield values.slice(from, from + VALUES_BATCH);
}
