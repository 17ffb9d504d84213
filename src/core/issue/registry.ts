// Issues credentials and changes their state. Plans are pure; the ledger makes them durable; the mirror follows.

import { canonicalJson } from '../codec/json.js';
import { unknownShortId } from '../codec/short-id.js';
import { YimaError } from '../errors/yima-error.js';
import { STATUS_REVOKED } from '../status/published-value.js';
import {
  checkEncodingRequest,
  createEncodingPlanner,
  demoSigning,
  type EncodingPlanner,
  endedByRequest,
} from './add-encoding.js';
import type { StatePublisher } from './bulk-change.js';
import { isColoured } from './colour-credentials.js';
import type {
  Issued,
  IssueHeld,
  IssueRequest,
  Registry,
  StateChange,
  StateChanged,
  TranslationRequest,
} from './commands.js';
import { encode } from './encode-code.js';
import type { HeldIssuesDeps } from './held-issues.js';
import type { HeldIssueRow } from './held-rows.js';
import { createIndexAllocator } from './index-allocator.js';
import type { IssueQuota } from './issue-quota.js';
import { type CheckedRequest, checkHeldRequest, checkIssueRequest } from './issue-request.js';
import { issuedBody } from './issued-body.js';
import { codeUseOf } from './key-budget.js';
import { nothingToWrite, onlyRow, type Plan } from './ledger.js';
import { checkCurrent, replacedBy } from './lineage.js';
import type { Issuing, RegistryDeps, Signing } from './registry-deps.js';
import { reissueSome } from './reissue.js';
import { burntIndices } from './restored-backup.js';
import { readHeldContent } from './second-look.js';
import { checkAlone, checkSingleCap, singleChange } from './single-change.js';
import { nextState } from './state-change.js';
import type { IdempotencyRow, ListRow, Store, StoredCredential } from './store.js';
import { createTimedIds, newTimedId } from './timed-id.js';
import { type CheckedTranslation, checkTranslation, translatedEntry, withLevel } from './translation.js';

/** A registry, and what else adds encodings to its credentials. */
export interface OwnRegistry extends Registry, StatePublisher {
  readonly issueHeld: HeldIssuesDeps['issueHeld'];
  readonly planner: EncodingPlanner;
}

/** Loads every list and published value into the arena, then serves commands. */
export async function createRegistry(deps: RegistryDeps): Promise<OwnRegistry> {
  const { store, arena, settings } = deps;
  const kindOfList = new Map<number, string>();
  const holdList = (row: ListRow): void => {
    kindOfList.set(row.number, row.kind);
    arena.addList({ base: settings.statusBase, number: row.number, bits: row.bits, entries: row.entries });
  };
  const lists = await store.lists();
  for (const row of lists) {
    holdList(row);
    for (const index of burntIndices(row, deps.sha256)) {
      arena.set(settings.statusBase, row.number, index, STATUS_REVOKED);
    }
    for await (const batch of store.statusValues(row.number)) {
      for (const { index, value } of batch) arena.set(settings.statusBase, row.number, index, value);
    }
  }
  const allocator = createIndexAllocator(lists, {
    sha256: deps.sha256,
    random: deps.random,
    entries: settings.listEntries,
    above: await store.era(),
    onNewList: holdList,
  });
  const issuing: Issuing = { ...deps, allocator, newId: createTimedIds(deps.random) };
  const publish = (stored: StoredCredential): void => {
    for (const { list, index, value } of stored.encodings) arena.set(settings.statusBase, list, index, value);
  };

  const planner = createEncodingPlanner(issuing, publish);

  const changeState: Registry['changeState'] = async (actor, id, change) => {
    const found = await store.findKind(id);
    if (found === undefined) throw noSuchCredential();
    const isCounted = isColoured(found, deps.kinds) && settings.singleRevocationsPerDay > 0;
    const subjects = [`credential:${id}`, ...(isCounted ? [`single:${actor}`] : [])];
    return deps.ledger.submit(subjects, () => planStateChange(deps, publish, actor, id, change));
  };

  const planOne = (signing: Signing, principal: string, request: IssueRequest): Promise<Plan<Issued>> =>
    planIssue(issuing, signing, principal, request, (now) =>
      checkIssueRequest(request, deps.kinds, settings.region, now),
    );
  const issue: Registry['issue'] = async (principal, request) => {
    const signing = await signingFor(deps, request);
    return deps.ledger.submit(subjectOf(principal, request), () => planOne(signing, principal, request));
  };

  return {
    issue,
    request: async (principal, request) => {
      const { secondLook } = deps;
      if (request.demo === true || !secondLook.isFor(request.kind)) return issue(principal, request);
      const signing = await signingFor(deps, request);
      return deps.ledger.submit<Issued | IssueHeld>(
        subjectOf(principal, request),
        async () =>
          (await secondLook.plan(principal, request)) ?? (await planOne(signing, principal, request)),
      );
    },
    issueHeld: async (row, submit) => {
      const signing = await signingFor(deps, row);
      return submit((waiting, content) => {
        const request = heldRequest(waiting, content);
        return planIssue({ ...issuing, quota: UNCOUNTED }, signing, waiting.principal, request, (now) =>
          checkHeldRequest(request, deps.kinds, now),
        );
      });
    },
    translate: async (principal, request) => {
      const signing = await signingFor(deps, request);
      return deps.ledger.submit(subjectOf(principal, request), async () => {
        const check = (now: number) => checkTranslation(request, deps.readSource, deps.sha256, now);
        return withLevel(await planIssue(issuing, signing, principal, request, check), publish, store);
      });
    },
    reissue: (actor, kid, step) => reissueSome(issuing, publish, actor, kid, step),
    addEncoding: async (actor, id, request) => {
      checkEncodingRequest(request);
      const { form, deviceKey = null, reason } = request;
      const signing = await planner.signingFor((await getStored(store, id)).credential, form);
      return deps.ledger.submit([`credential:${id}`], async () => {
        const stored = await getStored(store, id);
        await checkCurrent(store, stored);
        const at = deps.clock();
        const endOf = endedByRequest(stored, request, at);
        return planner.plan(signing, stored, { form, deviceKey, endOf, actor, at, why: { reason } });
      });
    },
    changeState,
    reportLost: async (actor, shortId, reason) => {
      const paper = await store.findByShortId(shortId);
      if (paper === undefined) throw unknownShortId();
      const { credentialId: id } = paper;
      const { encodings } = await getStored(store, id);
      const encoding = 1 + encodings.findIndex(({ shortId: each }) => each === shortId);
      return changeState(actor, id, { action: 'revoke', encoding, reason });
    },
    find: async (id) => {
      const stored = await store.findCredential(id);
      return stored && { ...stored, replacedBy: await replacedBy(store, id) };
    },
    findPaper: (shortId) => store.findByShortId(shortId),
    lists: () => kindOfList,
    publish,
    planner,
  };
}

async function getStored(store: Store, id: string): Promise<StoredCredential> {
  const stored = await store.findCredential(id);
  if (stored === undefined) throw noSuchCredential();
  return stored;
}

function noSuchCredential(): YimaError {
  return new YimaError('not_found', 'There is no such credential here.');
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
  await checkCurrent(store, stored);
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
        ? { colourChanges: [singleChange(credential, next.stored.credential, change, next.form, act)] }
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

type Ordered = IssueRequest | TranslationRequest;

/** One idempotency key, one request at a time, whatever it asks for. */
function subjectOf(principal: string, { idempotencyKey }: Ordered): readonly string[] {
  return idempotencyKey === undefined ? [] : [`issue:${principal}:${idempotencyKey}`];
}

/** @param check fixes what is issued now */
async function planIssue(
  deps: Issuing,
  signing: Signing,
  principal: string,
  request: Ordered,
  check: (now: number) => CheckedRequest | CheckedTranslation,
): Promise<Plan<Issued>> {
  const now = deps.clock();
  const { newId } = deps;
  const idempotency = idempotencyRow(deps, principal, request, now);
  if (idempotency !== null) {
    const earlier = await findEarlier(deps.store, idempotency);
    if (earlier !== null) return nothingToWrite({ ...earlier, replayed: true });
  }
  const checked = check(now);
  const id = idempotency?.credentialId ?? newId(now);
  const isDemo = 'demo' in request && request.demo === true;
  const counted = isDemo ? null : deps.quota.take(principal, checked.kind.name, now);
  const encoded = checked.forms.map((form) => encode(deps, signing, checked, id, form));
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
      replaces: null,
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
      ...(counted === null ? {} : { issueCounts: [counted] }),
    },
    done: () => {
      for (const { list } of stored.encodings) deps.allocator.settled(list);
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

/** It was counted when it began to wait. */
const UNCOUNTED: IssueQuota = { take: () => null };

/** Under no idempotency key of its own: what waits has one already, and is issued once. */
function heldRequest(row: HeldIssueRow, content: string): IssueRequest {
  const { claims, forms, validSeconds, batch } = readHeldContent(content);
  const { kind, region, operator, evidence } = row;
  return {
    kind,
    region,
    operator,
    evidence,
    claims,
    ...(forms.length === 0 ? {} : { forms }),
    ...(validSeconds === null ? {} : { validSeconds }),
    ...(batch === null ? {} : { batch }),
  };
}

async function signingFor(
  deps: RegistryDeps,
  request: Ordered | Pick<IssueRequest, 'kind'>,
): Promise<Signing> {
  const { settings } = deps;
  if ('demo' in request && request.demo === true) return demoSigning(deps);
  const kind = 'kind' in request ? deps.kinds.byName(request.kind) : undefined;
  return { issuer: settings.issuer, signer: await deps.reserve(codeUseOf(kind), 1) };
}
