// Issues credentials and changes their state. Plans are pure; the ledger makes them durable; the mirror follows.

import { encodeBase64url } from '../codec/base64url.js';
import { canonicalJson } from '../codec/json.js';
import { encodeClaims } from '../credential/claims.js';
import type { KindTable } from '../credential/kind.js';
import type { CodeContent } from '../envelope/code-content.js';
import { encodeYimaJws } from '../envelope/yima-jws.js';
import { encodeYm1 } from '../envelope/ym1.js';
import { YimaError } from '../errors/yima-error.js';
import type { Signer } from '../signature/ports.js';
import type { Sha256, Sha256Hex } from '../signature/public-key.js';
import type { StatusArena } from '../status/arena.js';
import type { StatePublisher } from './bulk-change.js';
import { isColoured } from './colour-credentials.js';
import type {
  Issued,
  IssueRequest,
  Registry,
  StateChange,
  StateChanged,
  TranslationRequest,
} from './commands.js';
import type { Form } from './form.js';
import { createIndexAllocator, type IndexAllocator } from './index-allocator.js';
import { type CheckedRequest, checkIssueRequest } from './issue-request.js';
import { issuedBody } from './issued-body.js';
import { type Ledger, nothingToWrite, onlyRow, type Plan } from './ledger.js';
import type { Clock, KeyRing, Random } from './ports.js';
import { checkAlone, checkSingleCap, singleChange } from './single-change.js';
import { nextState } from './state-change.js';
import type { IdempotencyRow, ListRow, ReleasedEncoding, Store, StoredCredential } from './store.js';
import { createTimedIds, newTimedId } from './timed-id.js';
import {
  type CheckedTranslation,
  checkTranslation,
  type ReadSource,
  translatedEntry,
  withLevel,
} from './translation.js';

export interface RegistryDeps {
  readonly store: Store;
  readonly ledger: Ledger;
  readonly keyRing: KeyRing;
  /** Signs demo credentials, and nothing else; null: none are issued here. */
  readonly demo: DemoIssuer | null;
  readonly kinds: KindTable;
  readonly arena: Pick<StatusArena, 'addList' | 'set'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly sha256: Sha256;
  readonly sha256Hex: Sha256Hex;
  /** The ordinary verifier's verdict on the credential alone: true when its outcome is `valid`. */
  readonly isValid: (code: string) => boolean;
  /** Reads codes that are to be translated; null: this node is not the hub. */
  readonly readSource: ReadSource | null;
  readonly settings: RegistrySettings;
}

export interface DemoIssuer {
  /** `iss` of demo credentials, another than that of real ones. */
  readonly issuer: string;
  readonly keyRing: KeyRing;
}

export interface RegistrySettings {
  /** `iss` of everything issued here but demo credentials. */
  readonly issuer: string;
  /** Region prefix that this node may issue for. */
  readonly region: string;
  /** Prefix of the list URIs, ending in `/`. */
  readonly statusBase: string;
  /** Entries of a new status list. */
  readonly listEntries: number;
  /** Codes with a colour that one principal may revoke in 24 hours; 0: no limit. */
  readonly singleRevocationsPerDay: number;
}

/** Loads every list and published value into the arena, then serves commands. */
export async function createRegistry(deps: RegistryDeps): Promise<Registry & StatePublisher> {
  const { store, arena, settings } = deps;
  const kindOfList = new Map<number, string>();
  const holdList = (row: ListRow): void => {
    kindOfList.set(row.number, row.kind);
    arena.addList({ base: settings.statusBase, number: row.number, bits: row.bits, entries: row.entries });
  };
  const lists = await store.lists();
  for (const row of lists) {
    holdList(row);
    for await (const batch of store.statusValues(row.number)) {
      for (const { index, value } of batch) arena.set(settings.statusBase, row.number, index, value);
    }
  }
  const allocator = createIndexAllocator(lists, {
    sha256: deps.sha256,
    random: deps.random,
    entries: settings.listEntries,
    onNewList: holdList,
  });
  const issuing: Issuing = { ...deps, allocator, newId: createTimedIds(deps.random) };
  const publish = (stored: StoredCredential): void => {
    for (const { list, index, value } of stored.encodings) arena.set(settings.statusBase, list, index, value);
  };

  return {
    issue: (principal, request) =>
      deps.ledger.submit(subjectOf(principal, request), () =>
        planIssue(issuing, principal, request, (now) =>
          checkIssueRequest(request, deps.kinds, settings.region, now),
        ),
      ),
    translate: (principal, request) =>
      deps.ledger.submit(subjectOf(principal, request), async () => {
        const check = (now: number) => checkTranslation(request, deps.readSource, deps.sha256, now);
        return withLevel(await planIssue(issuing, principal, request, check), publish, store);
      }),
    changeState: async (actor, id, change) => {
      const { credential } = await getStored(store, id);
      const isCounted = isColoured(credential, deps.kinds) && settings.singleRevocationsPerDay > 0;
      const subjects = [`credential:${id}`, ...(isCounted ? [`single:${actor}`] : [])];
      return deps.ledger.submit(subjects, () => planStateChange(deps, publish, actor, id, change));
    },
    find: (id) => store.findCredential(id),
    lists: () => kindOfList,
    publish,
  };
}

async function getStored(store: Store, id: string): Promise<StoredCredential> {
  const stored = await store.findCredential(id);
  if (stored === undefined) throw new YimaError('not_found', 'There is no such credential here.');
  return stored;
}

async function planStateChange(
  deps: RegistryDeps,
  publish: StatePublisher['publish'],
  actor: string,
  id: string,
  change: StateChange,
): Promise<Plan<StateChanged>> {
  const { store, kinds, clock } = deps;
  const stored = await getStored(store, id);
  checkAlone(stored, change, kinds);
  const next = nextState(stored, change, kinds);
  if (next === null) return nothingToWrite({ ...stored, entry: null });
  const at = clock();
  const { credential } = stored;
  const hasColour = isColoured(credential, kinds);
  if (hasColour) await checkSingleCap(store, actor, deps.settings.singleRevocationsPerDay, at);
  const act = { id: newTimedId(at, deps.random), actor, at };
  return {
    entries: [
      {
        at,
        actor,
        type: next.type,
        body: { ...next.body, ...(hasColour ? { change: act.id, by: 'single', colour: true } : {}) },
      },
    ],
    change: {
      states: [next.update],
      ...(hasColour
        ? { colourChanges: [singleChange(credential, next.stored.credential, change, act)] }
        : {}),
    },
    unsure: async () => {
      const settled = await store.findCredential(id);
      if (settled !== undefined) publish(settled);
    },
    done: (rows) => {
      publish(next.stored);
      return { ...next.stored, entry: onlyRow(rows) };
    },
  };
}

/** What each issue takes from the one before. */
interface Issuing extends RegistryDeps {
  readonly allocator: IndexAllocator;
  readonly newId: (now: number) => string;
}

type Ordered = IssueRequest | TranslationRequest;

/** One idempotency key, one request at a time, whatever it asks for. */
function subjectOf(principal: string, { idempotencyKey }: Ordered): readonly string[] {
  return idempotencyKey === undefined ? [] : [`issue:${principal}:${idempotencyKey}`];
}

/** @param check fixes what is issued now */
async function planIssue(
  deps: Issuing,
  principal: string,
  request: Ordered,
  check: (now: number) => CheckedRequest | CheckedTranslation,
): Promise<Plan<Issued>> {
  const now = deps.clock();
  const { allocator, newId } = deps;
  const idempotency = idempotencyRow(deps, principal, request, now);
  if (idempotency !== null) {
    const earlier = await findEarlier(deps.store, idempotency);
    if (earlier !== null) return nothingToWrite({ ...earlier, replayed: true });
  }
  const checked = check(now);
  const id = idempotency?.credentialId ?? newId(now);
  const isDemo = 'demo' in request && request.demo === true;
  const signing = signingFor(deps, isDemo);
  const encoded = checked.forms.map((form) => encode(deps, allocator, signing, checked, id, form));
  const stored: StoredCredential = {
    credential: {
      id,
      kind: checked.kind.name,
      region: checked.region,
      principal,
      operator: request.operator,
      evidence: request.evidence,
      issuedAt: checked.issuedAt,
      expiresAt: checked.expiresAt,
      revoked: false,
      suspended: false,
      level: checked.level,
      demo: isDemo,
      batch: ('batch' in request ? request.batch : undefined) ?? null,
    },
    encodings: encoded.map(({ encoding: { counter: _counter, ...encoding } }) => encoding),
  };
  return {
    entries: [
      { at: now, actor: principal, type: 'issued', body: issuedBody(deps.sha256Hex, stored) },
      ...('source' in checked ? [translatedEntry(stored, checked, principal)] : []),
    ],
    change: {
      lists: encoded.flatMap(({ newList }) => newList ?? []),
      credentials: [stored.credential],
      encodings: encoded.map(({ encoding }) => encoding),
      ...(idempotency === null ? {} : { idempotency: [idempotency] }),
    },
    done: () => {
      for (const { list } of stored.encodings) allocator.settled(list);
      return { ...stored, replayed: false };
    },
  };
}

/** The row that a new credential under this key would have; null without a key. */
function idempotencyRow(
  { sha256Hex, newId }: Issuing,
  principal: string,
  { idempotencyKey, ...request }: Ordered,
  at: number,
): IdempotencyRow | null {
  if (idempotencyKey === undefined) return null;
  const requestHash = sha256Hex(canonicalJson(request));
  return { principal, key: idempotencyKey, requestHash, credentialId: newId(at), at };
}

async function findEarlier(store: Store, asked: IdempotencyRow): Promise<StoredCredential | null> {
  const known = await store.findIdempotency(asked.principal, asked.key);
  if (known === undefined) return null;
  if (known.requestHash !== asked.requestHash) {
    throw new YimaError(
      'idempotency_conflict',
      'This idempotency key was used for a different request; take a new one.',
    );
  }
  const stored = await store.findCredential(known.credentialId);
  if (stored === undefined)
    throw new YimaError('store_failed', 'The store lacks a credential that it acknowledged.');
  return stored;
}

/** In whose name a credential is signed, and with what. */
interface Signing {
  readonly issuer: string;
  readonly signer: Signer;
}

/** A demo credential is never signed as a real one. */
function signingFor({ demo, keyRing, settings }: RegistryDeps, isDemo: boolean): Signing {
  if (!isDemo) return { issuer: settings.issuer, signer: keyRing.signer('credential') };
  if (demo === null) throw new YimaError('forbidden', 'This node issues no demo credentials.');
  return { issuer: demo.issuer, signer: demo.keyRing.signer('demo') };
}

/** Allocates, signs and verifies one encoding. */
function encode(
  deps: RegistryDeps,
  allocator: IndexAllocator,
  { issuer, signer }: Signing,
  checked: CheckedRequest,
  credentialId: string,
  form: Form,
): { encoding: ReleasedEncoding; newList: ListRow | null } {
  const { list, counter, index, newList } = allocator.allocate(checked.kind);
  const content: CodeContent = {
    issuer,
    issuedAt: checked.issuedAt,
    notBefore: null,
    expiresAt: checked.expiresAt,
    kind: { number: checked.kind.number, name: checked.kind.name },
    status: { list, index, uri: `${deps.settings.statusBase}${list}` },
    claims: { cbor: encodeClaims(checked.kind, checked.claims), json: checked.claims },
    deviceKey: null,
  };
  const code = form === 'jws' ? encodeYimaJws(content, signer) : encodeYm1(content, signer);
  if (!deps.isValid(code)) {
    throw new YimaError('internal', 'The verifier does not accept what was just signed; nothing was issued.');
  }
  const kid = encodeBase64url(signer.kid);
  return {
    encoding: { credentialId, form, list, counter, index, code, kid, revoked: false, value: checked.level },
    newList,
  };
}
