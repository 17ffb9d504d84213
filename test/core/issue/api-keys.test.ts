import t from 'tap';
import { randomBytes, sha256, timingSafeEqual } from '../../../src/adapters/crypto-node.js';
import { createMemoryStore } from '../../../src/adapters/memory-store.js';
import { createApiKeyTable } from '../../../src/core/issue/api-key-table.js';
import { type ApiKeysDeps, createApiKeys } from '../../../src/core/issue/api-keys.js';
import { createLedger } from '../../../src/core/issue/ledger.js';
import type { ApiKeyRow } from '../../../src/core/issue/store.js';
import { refuses } from '../../support/refusal.js';

async function open(now = { at: 1_790_000_000 }) {
  const store = createMemoryStore();
  const ledger = await createLedger({
    store,
    sha256,
    defer: (run) => setImmediate(run),
    later: () => undefined,
  });
  const deps = { store, ledger, clock: () => now.at, random: randomBytes, sha256 };
  return { store, now, deps, keys: await openKeys(deps) };
}

/** With the table that they are held in. */
async function openKeys(deps: Omit<ApiKeysDeps, 'table'>) {
  const table = createApiKeyTable({ ...deps, equalSecrets: timingSafeEqual });
  return { ...(await createApiKeys({ ...deps, table })), check: table.check };
}

t.test('a key opens what its scopes say, until it expires or is revoked, also after a restart', async (t) => {
  const { keys, now, deps } = await open();
  const { secret, row } = await keys.create('local', {
    name: 'gate 1',
    scopes: ['verify'],
    expiresAt: now.at + 60,
  });
  t.same(keys.check(secret), { id: row.id, scopes: ['verify'] });
  const again = await openKeys(deps);
  t.same(again.check(secret), { id: row.id, scopes: ['verify'] });
  now.at += 60;
  t.equal(keys.check(secret), undefined, 'expired');
  const lasting = await keys.create('local', { name: 'gate 2', scopes: ['verify'], expiresAt: null });
  await keys.revoke('local', lasting.row.id);
  t.equal(keys.check(lasting.secret), undefined, 'revoked');
  t.equal((await openKeys(deps)).check(lasting.secret), undefined, 'revoked for good');
});

t.test('anything but the whole key is refused', async (t) => {
  const { keys } = await open();
  const { secret } = await keys.create('local', { name: 'gate', scopes: ['verify'], expiresAt: null });
  const other = await keys.create('local', { name: 'other', scopes: ['admin'], expiresAt: null });
  const [, id] = secret.split('_');
  const [, , otherSecret] = other.secret.split('_');
  const rows = [
    '',
    'yk_',
    secret.slice(0, -1),
    `${secret}a`,
    secret.toUpperCase(),
    ` ${secret}`,
    `yk_${id}_${otherSecret}`,
  ];
  for (const row of rows) t.equal(keys.check(row), undefined);
});

t.test('no secret is stored', async (t) => {
  const { keys, store } = await open();
  const { secret } = await keys.create('local', { name: 'gate', scopes: ['verify'], expiresAt: null });
  const [, , bare = ''] = secret.split('_');
  const stored = JSON.stringify([await store.apiKeys(), await store.log(0, 10)]);
  t.notOk(stored.includes(bare));
});

t.test(
  'a key without scope, with a scope that does not exist, a strange name or a past end is refused',
  async (t) => {
    const { keys, now } = await open();
    const sound = { name: 'gate', scopes: ['verify'] as const, expiresAt: null };
    await refuses(t, keys.create('local', { ...sound, scopes: [] }), 'invalid_request', 'scopes');
    await refuses(
      t,
      keys.create('local', { ...sound, scopes: ['root' as 'admin'] }),
      'invalid_request',
      'scopes',
    );
    await refuses(t, keys.create('local', { ...sound, name: 'a\nb' }), 'invalid_request', 'name');
    await refuses(t, keys.create('local', { ...sound, expiresAt: now.at }), 'invalid_request', 'expiresAt');
  },
);

t.test('a revocation of unknown outcome holds when it was written, and can be asked for again', async (t) => {
  for (const when of ['before', 'after'] as const) {
    const { keys, store } = await open();
    const { secret, row } = await keys.create('local', { name: 'gate', scopes: ['verify'], expiresAt: null });
    store.failNext(when);
    await refuses(t, keys.revoke('local', row.id), 'store_failed');
    t.equal(keys.check(secret) === undefined, when === 'after', `failed ${when} writing`);
    t.not((await keys.revoke('local', row.id)).revokedAt, null);
    t.equal(keys.check(secret), undefined);
  }
});

t.test('of a creation of unknown outcome the list tells what was written', async (t) => {
  for (const when of ['before', 'after'] as const) {
    const { keys, store } = await open();
    store.failNext(when);
    const creation = keys.create('local', { name: 'gate', scopes: ['verify'], expiresAt: null });
    await refuses(t, creation, 'store_failed');
    t.equal((await keys.list()).length, when === 'after' ? 1 : 0, `failed ${when} writing`);
  }
});

t.test('a stored key that is not as the log tells opens nothing', async (t) => {
  const { keys, deps, store } = await open();
  const { secret, row } = await keys.create('local', { name: 'gate', scopes: ['verify'], expiresAt: null });
  const forged = await open();
  const other = await forged.keys.create('local', { name: 'gate', scopes: ['admin'], expiresAt: null });
  const opened = async (presented: string, rows: readonly ApiKeyRow[]) => {
    const edited = await openKeys({ ...deps, store: { ...store, apiKeys: async () => rows } });
    return edited.check(presented) !== undefined;
  };
  t.ok(await opened(secret, [row]));
  t.notOk(await opened(other.secret, [row, other.row]), 'never logged');
  t.notOk(await opened(secret, [{ ...row, scopes: ['verify', 'admin'] }]), 'more scopes');
  t.notOk(await opened(secret, [{ ...row, expiresAt: 4_000_000_000 }]), 'another end');
  const [, , otherSecret = ''] = other.secret.split('_');
  const swapped = { ...row, salt: other.row.salt, hash: other.row.hash };
  t.notOk(await opened(`yk_${row.id}_${otherSecret}`, [swapped]), 'another secret');
  await keys.revoke('local', row.id);
  t.notOk(await opened(secret, [row]), 'the revocation taken back');
});
