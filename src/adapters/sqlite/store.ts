// The store port on SQLite: every change is one immediate transaction, durable before `commit` resolves.

import { setImmediate as nextTurn } from 'node:timers/promises';
import { continuesLog } from '../../core/issue/log.js';
import {
  type Change,
  type CredentialRow,
  checkPageLimit,
  type EncodingRow,
  type LogRow,
  type Store,
  type StoredCredential,
} from '../../core/issue/store.js';
import type { OpenDatabase } from './database.js';
import { prepareDecisionReads, prepareDecisionWrites } from './decision-statements.js';
import { decisionReads, writeDecisions } from './decision-store.js';
import { createHeldWrites, heldReads } from './held-store.js';
import { createOfferWrites, offerReads } from './offer-store.js';
import { scopeReads } from './scope-statements.js';
import { createRestore, writeState } from './state-writes.js';
import { prepareReads, prepareWrites } from './statements.js';
import { requireOneRow, storeConflict, translateErrors } from './store-errors.js';
import { createTrustWrites, trustReads } from './trust-store.js';

const VALUES_BATCH = 10_000;

type Reads = ReturnType<typeof prepareReads>;
type Writes = ReturnType<typeof prepareWrites>;

/**
 * A store over a database from `openDatabase`, which it closes with itself.
 * Triggers keep a slip of the hand from bringing back what was revoked, but who can write to the file can drop them: then
 * the check against the log finds it. A log that was rewritten whole no longer ends in a head that others have seen, and
 * signatures cannot be made here at all.
 */
export function createSqliteStore({ client, db }: OpenDatabase): Store {
  const reads = prepareReads({ client, db });
  const writes = prepareWrites({ client, db });
  const decisions = prepareDecisionWrites(client, db);
  const restore = createRestore({ client, db });
  const writeOffers = createOfferWrites(db);
  const writeHeld = createHeldWrites(db);
  const writeTrust = createTrustWrites(client);
  const apply = client.transaction((change: Change): void => {
    writeLog(writes, change.log);
    writeChange(writes, change);
    if (change.restored !== undefined && change.restored.length > 0) restore(change.restored);
    writeDecisions(decisions, change);
    writeOffers(change.offers ?? []);
    writeHeld(change);
    if (change.trust !== undefined) writeTrust(change.trust);
  });

  return {
    commit: async (change) => translateErrors(() => apply.immediate(change)),
    head: async () => translateErrors(() => reads.head.get()),
    findCredential: async (id) =>
      translateErrors(() => withEncodings(reads, reads.credential.all({ id }))[0]),
    findSuccessor: async (id) => translateErrors(() => withEncodings(reads, reads.successor.all({ id }))[0]),
    findKind: async (id) => translateErrors(() => kindOf(reads, id)),
    findByShortId: async (shortId) => translateErrors(() => reads.byShortId.get({ shortId })),
    findIdempotency: async (principal, key) =>
      translateErrors(() => reads.idempotency.get({ principal, key })),
    lists: async () => translateErrors(() => reads.lists.all()),
    era: async () => translateErrors(() => reads.era.get() ?? 0),
    statusValues: (list) => statusValues(reads, list),
    log: async (after, limit) =>
      translateErrors(() => reads.log.all({ after, limit: checkPageLimit(limit) })),
    credentials: async (after, limit) =>
      translateErrors(() =>
        withEncodings(reads, reads.credentials.all({ after, limit: checkPageLimit(limit) })),
      ),
    credentialsOf: async (device, since, limit) =>
      translateErrors(() =>
        reads.credentialsOf
          .all({ device, since, limit: checkPageLimit(limit) })
          .flatMap((row) => withEncodings(reads, [row])),
      ),
    overdue: async (now, limit) =>
      translateErrors(() => reads.overdue.all({ now, limit: checkPageLimit(limit) }).map(({ id }) => id)),
    apiKeys: async () => translateErrors(() => reads.apiKeys.all()),
    apiKeyLog: async () => translateErrors(() => reads.apiKeyLog.all()),
    siteLog: async () => translateErrors(() => reads.siteLog.all()),
    lastOverride: async (actor) => translateErrors(() => reads.lastOverride.get({ actor })),
    ...decisionReads(prepareDecisionReads(db)),
    ...scopeReads(db),
    ...offerReads(db),
    ...heldReads(db),
    ...trustReads(client),
    close: async () => translateErrors(() => void client.close()),
  };
}

/**
 * First of all, since whoever does not continue the stored log knows an older store, and may write nothing. That its first row
 * follows the newest one, and no other, is for the primary key to say.
 */
function writeLog(writes: Writes, rows: readonly LogRow[]): void {
  const before = (rows[0]?.seq ?? 0) - 1;
  const hash = writes.hashOf.get(before);
  if (!continuesLog(hash === undefined ? undefined : { seq: before, hash }, rows)) throw storeConflict();
  for (const row of rows) writes.addLog(row);
}

function writeChange(writes: Writes, change: Change): void {
  for (const row of change.lists ?? []) requireOneRow(writes.putList.run({ ...row }));
  if (change.era !== undefined) requireOneRow(writes.addEra.run(change.era, change.era));
  for (const row of change.credentials ?? []) writes.addCredential(row);
  for (const row of change.encodings ?? []) writes.addEncoding(row);
  for (const state of change.states ?? []) writeState(writes, state);
  for (const row of change.idempotency ?? []) writes.addIdempotency(row);
  for (const row of change.apiKeys ?? []) requireOneRow(writes.putApiKey.run({ ...row }));
}

function kindOf(reads: Reads, id: string): Pick<CredentialRow, 'kind' | 'demo'> | undefined {
  const row = reads.kindOf.get(id);
  return row === undefined ? undefined : { kind: row.kind, demo: row.demo !== 0 };
}

/** @param rows consecutive credentials in id order */
function withEncodings(reads: Reads, rows: readonly CredentialRow[]): StoredCredential[] {
  const first = rows[0]?.id;
  const last = rows.at(-1)?.id;
  if (first === undefined || last === undefined) return [];
  const released = new Map<string, EncodingRow[]>(rows.map(({ id }) => [id, []]));
  for (const encoding of reads.encodings.all({ first, last }))
    released.get(encoding.credentialId)?.push(encoding);
  return rows.map((credential) => ({ credential, encodings: released.get(credential.id) ?? [] }));
}

/** Lets the event loop turn between batches, so that loading a large list does not stop the answers. */
async function* statusValues(reads: Reads, list: number) {
  let after = -1;
  for (;;) {
    const batch = translateErrors(() => reads.values.all({ list, after, limit: VALUES_BATCH }));
    const last = batch.at(-1);
    if (last === undefined) return;
    yield batch;
    if (batch.length < VALUES_BATCH) return;
    after = last.index;
    await nextTurn();
  }
}
