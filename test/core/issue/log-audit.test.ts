import t from 'tap';
import { sha256 } from '../../../src/adapters/crypto-node.js';
import { auditLog } from '../../../src/core/issue/log-audit.js';
import type { LogRow, Store, StoredCredential } from '../../../src/core/issue/store.js';
import { issueRequest, openMemoryOffice } from '../../support/office.js';

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
  const issued = await registry.issue('office', issueRequest('health-code', { forms: ['screen', 'paper'] }));
  const { id } = issued.credential;
  await registry.changeState('x', id, { action: 'revoke', form: 'paper', reason: 'lost' });
  await registry.changeState('x', id, { action: 'suspend', reason: 'check' });
  await registry.changeState('x', id, { action: 'revoke', reason: 'fraud' });

  const sound = await auditLog(store, sha256);
  t.match(sound, { ok: true, entries: 4, brokenAt: null, strayCredentials: [] });
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
    t.match(await auditLog(store2, sha256), { ok: false, strayCredentials: [id] }, name);
  }
  const value = edited(store, {
    credential: ({ credential, encodings }) => ({
      credential,
      encodings: encodings.map((encoding) => ({ ...encoding, value: 0 })),
    }),
  });
  t.match(await auditLog(value, sha256), { ok: false, strayCredentials: [id] }, 'published value cleared');
  const log = edited(store, { row: (row) => (row.seq === 3 ? { ...row, body: '{}' } : row) });
  t.match(await auditLog(log, sha256), { ok: false, brokenAt: 3 }, 'a log entry was rewritten');
});

t.test('a credential that the log does not know, or that is gone, is stray', async (t) => {
  const { registry, store } = await openMemoryOffice();
  const { credential } = await registry.issue('office', issueRequest());
  const gone = { ...store, credentials: async () => [] };
  t.match(await auditLog(gone, sha256), { ok: false, strayCredentials: [credential.id] });
  const foreign = edited(store, {
    credential: (stored) => ({ ...stored, credential: { ...stored.credential, id: 'x'.repeat(26) } }),
  });
  t.match(await auditLog(foreign, sha256), { ok: false });
});
