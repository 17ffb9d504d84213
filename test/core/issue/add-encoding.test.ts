import { setImmediate } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { generatePrivateJwk, sha256 } from '../../../src/adapters/crypto-node.js';
import { createMemoryStore } from '../../../src/adapters/memory-store.js';
import { openDatabase } from '../../../src/adapters/sqlite/database.js';
import { createSqliteStore } from '../../../src/adapters/sqlite/store.js';
import { encodeBase64url } from '../../../src/core/codec/base64url.js';
import { auditLog } from '../../../src/core/issue/log-audit.js';
import { restoreFromLog } from '../../../src/core/issue/log-restore.js';
import type { Change, Store, StoredCredential } from '../../../src/core/issue/store.js';
import { parsePublicJwk } from '../../../src/core/signature/public-jwk.js';
import type { PublicKey } from '../../../src/core/signature/public-key.js';
import { thumbprint } from '../../../src/core/signature/thumbprint.js';
import { readContent } from '../../../src/server/source-code.js';
import {
  issueRequest,
  type Office,
  openMemoryOffice,
  openOffice,
  STATUS_BASE,
} from '../../support/office.js';
import { privateFolder } from '../../support/open-node.js';
import { refuses } from '../../support/refusal.js';
import { ROOT } from '../../support/shared.js';

const reason = 'test';

function deviceKey(algorithm: 'ES256' | 'Ed25519' = 'ES256'): PublicKey {
  const { d: _secret, ...jwk } = generatePrivateJwk(algorithm);
  return parsePublicJwk(jwk);
}

const nameOf = (key: PublicKey): string => encodeBase64url(thumbprint(key, sha256));
const codes = ({ encodings }: StoredCredential): string[] => encodings.map(({ code }) => code);
const audit = (store: Store) => auditLog({ store, sha256, nextTurn: setImmediate });

for (const algorithm of ['ES256', 'Ed25519'] as const) {
  t.test(`a code bound to an ${algorithm} key is valid, and of no use without the device`, async (t) => {
    const { registry, verify, store } = await openMemoryOffice();
    const { credential } = await registry.issue('office', issueRequest());
    const key = deviceKey(algorithm);
    const added = await registry.addEncoding('office', credential.id, {
      form: 'device',
      deviceKey: key,
      reason,
    });
    t.equal(added.number, 2);
    const code = codes(added)[1] ?? '';
    t.match(verify(code), {
      decision: 'refuse',
      reason: 'holder_mismatch',
      credential: { outcome: 'valid' },
    });
    t.same(readContent(code).deviceKey, key);
    t.ok(code.length <= 350, `${code.length} characters`);
    t.match(await store.credentialsOf(nameOf(key), 0, 10), [{ credential: { id: credential.id } }]);
    t.same(await store.credentialsOf(nameOf(deviceKey()), 0, 10), []);
  });
}

t.test('a new phone ends the one before in the same transaction, an office may let both live', async (t) => {
  const { registry, verify, store } = await openMemoryOffice();
  const { credential, encodings } = await registry.issue('office', issueRequest());
  const { id } = credential;
  const add = (keepDevices: boolean) =>
    registry.addEncoding('office', id, { form: 'device', deviceKey: deviceKey(), keepDevices, reason });
  await add(false);
  const kept = await add(true);
  t.same(
    kept.encodings.map(({ revoked }) => revoked),
    [false, false, false],
  );
  const moved = await add(false);
  t.same(
    moved.encodings.map(({ revoked, value }) => [revoked, value]),
    [
      [false, 0],
      [true, 1],
      [true, 1],
      [false, 0],
    ],
  );
  t.equal(verify(codes(moved)[1] ?? '').reason, 'revoked');
  t.equal(verify(codes(moved)[3] ?? '').reason, 'holder_mismatch');
  t.equal(verify(encodings[0]?.code ?? '').decision, 'admit', 'what is bound to no device stays');
  t.equal(new Set(moved.encodings.map(({ index }) => index)).size, 4, 'each has an index of its own');
  t.match(await audit(store), { ok: true });
});

t.test('lost paper is replaced: only it dies', async (t) => {
  const { registry, verify } = await openMemoryOffice();
  const { credential } = await registry.issue(
    'office',
    issueRequest('food-handler', { forms: ['screen', 'paper'] }),
  );
  const added = await registry.addEncoding('office', credential.id, { form: 'paper', replaces: 2, reason });
  t.same(
    codes(added).map((code) => verify(code).decision),
    ['admit', 'refuse', 'admit'],
  );
  for (const replaces of [1, 2, 9]) {
    const again = registry.addEncoding('office', credential.id, { form: 'paper', replaces, reason });
    await refuses(t, again, 'invalid_request');
  }
});

t.test('of several of one form the one that is meant is named by its number', async (t) => {
  const { registry } = await openMemoryOffice();
  const { credential } = await registry.issue('office', issueRequest('food-handler', { forms: ['paper'] }));
  await registry.addEncoding('office', credential.id, { form: 'paper', reason });
  const revoke = (which: { form?: 'paper'; encoding?: number }) =>
    registry.changeState('office', credential.id, { action: 'revoke', reason, ...which });
  await refuses(t, revoke({ form: 'paper' }), 'conflict');
  await refuses(t, revoke({ encoding: 3 }), 'invalid_request');
  const changed = await revoke({ encoding: 2 });
  t.same(
    changed.encodings.map(({ revoked }) => revoked),
    [false, true],
  );
  t.equal((await revoke({ form: 'paper' })).encodings[0]?.revoked, true, 'now there is only one');
});

t.test('it has the state of its credential, and changes with it', async (t) => {
  const { registry, verify } = await openMemoryOffice();
  const { credential } = await registry.issue('office', issueRequest('health-code', { demo: true }));
  const { id } = credential;
  await registry.changeState('demo', id, { action: 'set-level', level: 'red', reason });
  const added = await registry.addEncoding('demo', id, { form: 'screen', reason });
  t.equal(verify(codes(added)[1] ?? '').reason, 'refused_by_policy');
  await registry.changeState('demo', id, { action: 'set-level', level: 'green', reason });
  t.equal(verify(codes(added)[1] ?? '').decision, 'admit');
});

t.test('what is revoked or has expired gets no further code', async (t) => {
  const { registry, now } = await openMemoryOffice();
  const revoked = await registry.issue('office', issueRequest());
  await registry.changeState('x', revoked.credential.id, { action: 'revoke', reason });
  const add = (id: string) => registry.addEncoding('office', id, { form: 'screen', reason });
  await refuses(t, add(revoked.credential.id), 'conflict');
  const expired = await registry.issue('office', issueRequest('health-code', { validSeconds: 60 }));
  now.at += 60;
  await refuses(t, add(expired.credential.id), 'conflict');
  await refuses(t, add('a'.repeat(26)), 'not_found');
});

t.test('a request that contradicts itself, or a key that is none, is refused', async (t) => {
  const { registry } = await openMemoryOffice();
  const { credential } = await registry.issue('office', issueRequest());
  const add = (request: object) =>
    registry.addEncoding('office', credential.id, { form: 'device', reason, ...request });
  await refuses(t, add({}), 'invalid_request');
  await refuses(t, add({ form: 'paper', deviceKey: deviceKey() }), 'invalid_request');
  await refuses(t, add({ form: 'sd-jwt', deviceKey: deviceKey() }), 'invalid_request');
  await refuses(t, add({ form: 'screen', reason: '' }), 'invalid_request');
  await refuses(t, add({ deviceKey: { algorithm: 'Ed25519', x: new Uint8Array(32) } }), 'key_refused');
  const off = { algorithm: 'ES256', x: new Uint8Array(32), y: new Uint8Array(32) };
  await refuses(t, add({ deviceKey: off }), 'key_refused');
  await refuses(t, add({ deviceKey: { ...off, algorithm: 'ES384' } }), 'key_refused');
});

async function openSqliteOffice(t: Test): Promise<Office & { store: Store }> {
  const store = createSqliteStore(openDatabase(`${privateFolder(t)}/yima.db`, `${ROOT}/migrations`));
  t.teardown(() => store.close());
  return { ...(await openOffice(store)), store };
}

t.test(
  'the log tells of it: an edit of what it is bound to, or of its end, is found and set back',
  async (t) => {
    const { registry, store, ledger, arena, now } = await openMemoryOffice();
    const { credential } = await registry.issue('office', issueRequest());
    const { id } = credential;
    await registry.addEncoding('office', id, { form: 'device', deviceKey: deviceKey(), reason });
    t.match(await audit(store), { ok: true, entries: 2 });
    const stored = await store.findCredential(id);
    const editedBy = (edit: Partial<StoredCredential['encodings'][number]>): Store => ({
      ...store,
      credentials: async () => [
        {
          credential,
          encodings: (stored?.encodings ?? []).map((each, i) => (i === 1 ? { ...each, ...edit } : each)),
        },
      ],
    });
    for (const edit of [
      { device: nameOf(deviceKey()) },
      { device: null },
      { endsAt: 5 },
      { form: 'paper' as const },
    ])
      t.match(
        await audit(editedBy(edit)),
        { ok: false, strayCredentials: [id] },
        String(Object.keys(edit)[0]),
      );

    const head = await store.head();
    const entry = stored?.encodings[1];
    t.ok(head !== undefined && entry !== undefined);
    if (entry === undefined) return;
    const { list, index } = entry;
    const change: Omit<Change, 'log'> = {
      restored: [
        {
          credentialId: id,
          revoked: false,
          suspended: false,
          level: 0,
          encodings: [{ list, index, revoked: false, value: 0, endsAt: 5 }],
        },
      ],
    };
    await ledger.submit([], async () => ({
      entries: [{ at: now.at, actor: 'x', type: 'unrelated', body: {} }],
      change,
      done: () => undefined,
    }));
    t.match(await audit(store), { ok: false });
    const restored = await restoreFromLog(
      { store, ledger, arena, statusBase: STATUS_BASE, clock: () => now.at, sha256, nextTurn: setImmediate },
      'x',
      { dryRun: false, neverServed: true },
    );
    t.equal(restored.restored, 1);
    t.match(await audit(store), { ok: true });
  },
);

t.test('a failed write adds nothing, a restart gives no index again', async (t) => {
  const store = createMemoryStore();
  const office = await openOffice(store);
  const { credential } = await office.registry.issue('office', issueRequest());
  const add = (by: Office) =>
    by.registry.addEncoding('office', credential.id, { form: 'device', deviceKey: deviceKey(), reason });
  store.failNext('before');
  await refuses(t, add(office), 'store_failed');
  t.equal((await store.findCredential(credential.id))?.encodings.length, 1);
  store.failNext('after');
  await refuses(t, add(office), 'store_failed');
  const { encodings } = await add(await office.restart());
  t.equal(new Set(encodings.map(({ index }) => index)).size, 3);
  t.same(
    encodings.map(({ revoked }) => revoked),
    [false, true, false],
    'what had been written after all has ended',
  );
});

t.test('SQLite keeps it the same way', async (t) => {
  const { registry, store } = await openSqliteOffice(t);
  const { credential } = await registry.issue('office', issueRequest());
  const keys = [deviceKey(), deviceKey()];
  for (const key of keys)
    await registry.addEncoding('office', credential.id, { form: 'device', deviceKey: key, reason });
  const [found] = await store.credentialsOf(nameOf(keys[0] as PublicKey), 0, 10);
  t.same(
    found?.encodings.map(({ revoked, device }) => [revoked, device]),
    [
      [false, null],
      [true, nameOf(keys[0] as PublicKey)],
      [false, nameOf(keys[1] as PublicKey)],
    ],
  );
  t.match(await audit(store), { ok: true });
});
