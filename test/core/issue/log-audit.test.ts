import { setImmediate } from 'node:timers/promises';
import t from 'tap';
import { randomBytes, sha256 } from '../../../src/adapters/crypto-node.js';
import { KINDS } from '../../../src/core/credential/kind-table.js';
import { createApiKeys } from '../../../src/core/issue/api-keys.js';
import { auditLog, type LogAudit } from '../../../src/core/issue/log-audit.js';
import type { ApiKeyRow, LogRow, Store, StoredCredential } from '../../../src/core/issue/store.js';
import { issueRequest, openMemoryOffice } from '../../support/office.js';

function audit(store: Store, nextTurn: () => Promise<void> = setImmediate): Promise<LogAudit> {
  return auditLog({ store, sha256, nextTurn });
}

/** The store with what it reads changed on the way, as an edit of the database file would. */
function edited(
  store: Store,
  edit: { row?: (row: LogRow) => LogRow; credential?: (stored: StoredCredential) => StoredCredential },
): Store {
  return {
    ...store,
    log: async (after, limit) => (await store.log(after, limit)).map((row) => edit.row?.(row) ?? row),
    credentials: async (after, limit) =>
      (await store.credentials(after, limit)).map((stored) => edit.credential?.(stored) ?? stored),
  };
}

t.test('a store that is as its log tells is found sound, and every kind of edit is found', async (t) => {
  const { registry, store } = await openMemoryOffice();
  const issued = await registry.issue('office', issueRequest('food-handler', { forms: ['screen', 'paper'] }));
  const { id } = issued.credential;
  await registry.changeState('x', id, { action: 'revoke', form: 'paper', reason: 'lost' });
  await registry.changeState('x', id, { action: 'suspend', reason: 'check' });
  await registry.changeState('x', id, { action: 'revoke', reason: 'fraud' });

  const sound = await audit(store);
  t.match(sound, { ok: true, entries: 4, brokenAt: null, strayCredentials: [], strayApiKeys: [] });
  t.equal(sound.head, (await store.head())?.hash);

  const edits: readonly [string, Partial<StoredCredential['credential']>][] = [
    ['un-revoked', { revoked: false }],
    ['reinstated', { suspended: false }],
    ['recoloured', { level: 0x0d }],
    ['made a demo', { demo: true }],
    ['moved to another region', { region: '440106' }],
    ['prolonged', { expiresAt: 4_000_000_000 }],
  ];
  for (const [name, change] of edits) {
    const store2 = edited(store, {
      credential: ({ credential, encodings }) => ({ credential: { ...credential, ...change }, encodings }),
    });
    t.match(await audit(store2), { ok: false, strayCredentials: [id] }, name);
  }
  const value = edited(store, {
    credential: ({ credential, encodings }) => ({
      credential,
      encodings: encodings.map((encoding) => ({ ...encoding, value: 0 })),
    }),
  });
  t.match(await audit(value), { ok: false, strayCredentials: [id] }, 'published value cleared');
  const swapped = edited(store, {
    credential: ({ credential, encodings }) => ({
      credential,
      encodings: encodings.map((encoding) => ({
        ...encoding,
        shortId: encoding.shortId === null ? null : '7K3QMXW2PD41',
      })),
    }),
  });
  t.match(await audit(swapped), { ok: false, strayCredentials: [id] }, 'another short id beside a code');
  const log = edited(store, { row: (row) => (row.seq === 3 ? { ...row, body: '{}' } : row) });
  t.match(await audit(log), { ok: false, brokenAt: 3 }, 'a log entry was rewritten');
});

t.test('a credential that the log does not know, or that is gone, is stray', async (t) => {
  const { registry, store } = await openMemoryOffice();
  const { credential } = await registry.issue('office', issueRequest());
  const gone = { ...store, credentials: async () => [] };
  t.match(await audit(gone), { ok: false, strayCredentials: [credential.id] });
  const foreign = edited(store, {
    credential: (stored) => ({ ...stored, credential: { ...stored.credential, id: 'x'.repeat(26) } }),
  });
  t.match(await audit(foreign), { ok: false });
});

t.test('an API key that is not as the log tells is stray', async (t) => {
  const { ledger, store } = await openMemoryOffice();
  const clock = () => 1_790_000_000;
  const table = { hold: () => undefined, replace: () => undefined };
  const keys = await createApiKeys({
    store,
    ledger,
    clock,
    random: randomBytes,
    sha256,
    kinds: KINDS,
    table,
  });
  const live = await keys.create('local', { name: 'a', scopes: ['verify'], expiresAt: null });
  const dead = await keys.create('local', { name: 'b', scopes: ['verify'], expiresAt: null });
  const revoked = await keys.revoke('local', dead.row.id);
  t.match(await audit(store), { ok: true, strayApiKeys: [] });
  const { id } = live.row;
  const edits: readonly [string, readonly ApiKeyRow[], readonly string[]][] = [
    ['never logged', [live.row, revoked, { ...live.row, id: 'q'.repeat(16) }], ['q'.repeat(16)]],
    ['gone', [revoked], [id]],
    ['more scopes', [{ ...live.row, scopes: ['admin'] }, revoked], [id]],
    ['another secret', [{ ...live.row, hash: 'ab'.repeat(32) }, revoked], [id]],
    ['revocation taken back', [live.row, dead.row], [dead.row.id]],
    ['revoked, but not in the log', [{ ...live.row, revokedAt: 1_790_000_001 }, revoked], [id]],
  ];
  for (const [name, rows, strayApiKeys] of edits) {
    const found = await audit({ ...store, apiKeys: async () => rows });
    t.strictSame([found.ok, found.strayCredentials, found.strayApiKeys], [false, [], strayApiKeys], name);
  }
});

t.test('what changes during the check is not judged, and an edit beside it is still found', async (t) => {
  const { registry, store } = await openMemoryOffice();
  const issued = await registry.issue('office', issueRequest());
  const victim = await registry.issue('office', issueRequest());
  let turns = 0;
  const change = async () => {
    turns += 1;
    if (turns > 1) return;
    await registry.issue('office', issueRequest());
    await registry.changeState('x', issued.credential.id, { action: 'revoke', reason: 'fraud' });
  };
  const found = await audit(store, change);
  t.match(found, { ok: true, entries: 2, strayCredentials: [] });
  turns = 0;
  const demo = edited(store, {
    credential: ({ credential, encodings }) => ({
      credential: credential.id === victim.credential.id ? { ...credential, demo: true } : credential,
      encodings,
    }),
  });
  t.match(await audit(demo, change), { ok: false, strayCredentials: [victim.credential.id] });
});

t.test('a turn of the event loop lies between pages of at most 200 rows', async (t) => {
  const { registry, store } = await openMemoryOffice();
  await Promise.all(Array.from({ length: 450 }, () => registry.issue('office', issueRequest())));
  const steps: string[] = [];
  const watched: Store = {
    ...store,
    log: async (after, limit) => {
      steps.push('page');
      t.ok(limit <= 200);
      return store.log(after, limit);
    },
    credentials: async (after, limit) => {
      steps.push('page');
      t.ok(limit <= 200);
      return store.credentials(after, limit);
    },
  };
  t.match(await audit(watched, async () => void steps.push('turn')), { ok: true, entries: 450 });
  t.notMatch(steps.join(' '), 'page page');
});
