import t from 'tap';
import { randomBytes, sha256, sha256Hex, timingSafeEqual } from '../../../src/adapters/crypto-node.js';
import { createMemoryStore } from '../../../src/adapters/memory-store.js';
import { KINDS } from '../../../src/core/credential/kind-table.js';
import { createApiKeyTable } from '../../../src/core/issue/api-key-table.js';
import { type ApiKeysDeps, createApiKeys } from '../../../src/core/issue/api-keys.js';
import { createLedger } from '../../../src/core/issue/ledger.js';
import type { ApiKeyRow } from '../../../src/core/issue/store.js';
import { newPerson } from '../../support/officers.js';
import { refusal, refuses } from '../../support/refusal.js';

async function open(now = { at: 1_790_000_000 }) {
  const store = createMemoryStore();
  const ledger = await createLedger({
    store,
    sha256Hex,
    defer: (run) => setImmediate(run),
    later: () => undefined,
  });
  const deps = { store, ledger, clock: () => now.at, random: randomBytes, sha256, kinds: KINDS };
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

/** Two administrators whose keys have nothing to do with each other. */
async function openWithAdmins() {
  const opened = await open();
  const admin = async (by: string, name: string) =>
    (await opened.keys.create(by, { name, scopes: ['admin'], expiresAt: null })).row.id;
  return { ...opened, admin, a: await admin('local', 'a'), b: await admin('local', 'b') };
}

const officer = (publicKey: unknown = newPerson().publicKey) =>
  ({ name: 'officer', scopes: ['officer'], expiresAt: null, publicKey }) as const;
const service = { name: 'rules', scopes: ['rules'], expiresAt: null } as const;

t.test(
  'officers and rule services count once another administrator confirmed them, also after a restart',
  async (t) => {
    const { keys, deps, a, b } = await openWithAdmins();
    for (const request of [officer(), officer(newPerson('ES256').publicKey), service]) {
      const { secret, row } = await keys.create(a, request);
      t.equal(keys.check(secret), undefined, 'not yet');
      t.equal((await openKeys(deps)).check(secret), undefined);
      t.equal(keys.findLive(row.id), undefined);
      t.match(await keys.confirm(b, row.id), { confirmedBy: b, confirmedAt: deps.clock() });
      t.same(keys.check(secret)?.scopes, request.scopes);
      t.same((await openKeys(deps)).check(secret)?.scopes, request.scopes);
      t.match(await refusal(keys.confirm(b, row.id)), { code: 'conflict' }, 'once');
      await keys.revoke(a, row.id);
      t.equal(keys.check(secret), undefined);
    }
  },
);

t.test('a key for which the wrong one asks, or that holds too much, is refused', async (t) => {
  const { keys, a } = await openWithAdmins();
  const sound = officer();
  const jwk = sound.publicKey as Readonly<Record<string, unknown>>;
  const rows: readonly [what: string, by: string, request: object, expected: object][] = [
    ['an officer by the socket', 'local', {}, { code: 'forbidden', rule: 'local' }],
    [
      'a rule service by the socket',
      'local',
      { ...service, publicKey: null },
      { code: 'forbidden', rule: 'local' },
    ],
    [
      'an officer who makes keys',
      a,
      { scopes: ['officer', 'admin'] },
      { code: 'invalid_request', field: 'scopes' },
    ],
    [
      'a rule service that makes keys',
      a,
      { scopes: ['rules', 'admin'], publicKey: null },
      { code: 'invalid_request', field: 'scopes' },
    ],
    ['both of the two', a, { scopes: ['officer', 'rules'] }, { code: 'invalid_request', field: 'scopes' }],
    ['an officer without a key', a, { publicKey: null }, { code: 'invalid_request', field: 'publicKey' }],
    ['a gate with a key', a, { scopes: ['verify'] }, { code: 'invalid_request', field: 'publicKey' }],
    ['a private key', a, { publicKey: { ...jwk, d: 'AA' } }, { code: 'key_refused', rule: 'jwk_private' }],
    ['a weak key', a, { publicKey: { ...jwk, x: 'A'.repeat(43) } }, { code: 'key_refused' }],
    ['no key at all', a, { publicKey: 'x' }, { code: 'key_refused', rule: 'jwk_form' }],
  ];
  for (const [what, by, change, expected] of rows)
    t.match(await refusal(keys.create(by, { ...sound, ...change })), expected, what);
});

t.test('no two officers have one public key, not even after the first is revoked', async (t) => {
  const { keys, a } = await openWithAdmins();
  const request = officer();
  const together = await Promise.allSettled([keys.create(a, request), keys.create(a, request)]);
  t.same(together.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
  const [made] = (await keys.list()).filter(({ publicKey }) => publicKey !== null);
  await keys.revoke(a, made?.id ?? '');
  const reordered = Object.fromEntries(Object.entries(request.publicKey as object).reverse());
  await refuses(t, keys.create(a, { ...request, publicKey: reordered }), 'conflict', 'publicKey');
});

t.test('who confirms is a live administrator of another origin', async (t) => {
  const { keys, admin, a, b, now } = await openWithAdmins();
  const { row } = await keys.create(a, officer());
  const gate = await keys.create('local', { name: 'gate', scopes: ['verify'], expiresAt: null });
  const child = await admin(a, 'child');
  const grandchild = await admin(child, 'grandchild');
  const gone = await admin('local', 'gone');
  await keys.revoke('local', gone);
  const rows = [
    ['who made it', a, 'same_origin'],
    ['a key that the maker made', child, 'same_origin'],
    ['a key that this one made', grandchild, 'same_origin'],
    ['the socket', 'local', 'local'],
    ['nobody', 'q'.repeat(16), 'local'],
    ['the officer', row.id, 'local'],
    ['a gate', gate.row.id, 'local'],
    ['a revoked administrator', gone, 'local'],
  ] as const;
  for (const [who, id, rule] of rows)
    t.match(await refusal(keys.confirm(id, row.id)), { code: 'forbidden', rule }, who);
  const ofChild = await keys.create(child, officer());
  t.match(await refusal(keys.confirm(a, ofChild.row.id)), { rule: 'same_origin' }, 'the maker’s maker');
  await refuses(t, keys.confirm(b, 'q'.repeat(16)), 'not_found');
  await refuses(t, keys.confirm(b, gate.row.id), 'conflict');
  const expired = await keys.create(a, { ...officer(), expiresAt: now.at + 1 });
  now.at += 1;
  await refuses(t, keys.confirm(b, expired.row.id), 'conflict');
  await keys.revoke(b, a);
  t.match(
    await refusal(keys.confirm(b, row.id)),
    { rule: 'maker_gone' },
    'made by a key that was revoked since',
  );
});

t.test('a confirmation of unknown outcome holds when it was written', async (t) => {
  for (const when of ['before', 'after'] as const) {
    const { keys, store, a, b } = await openWithAdmins();
    const { secret, row } = await keys.create(a, officer());
    store.failNext(when);
    await refuses(t, keys.confirm(b, row.id), 'store_failed');
    t.equal(keys.check(secret) !== undefined, when === 'after', `failed ${when} writing`);
  }
});

t.test('a confirmation, a maker or a public key that was edited is not as the log tells', async (t) => {
  const { keys, deps, store, a, b } = await openWithAdmins();
  const { secret, row } = await keys.create(a, officer());
  const opened = async (change: Partial<ApiKeyRow>) => {
    const others = (await store.apiKeys()).filter(({ id }) => id !== row.id);
    const known = (await store.apiKeys()).find(({ id }) => id === row.id) ?? row;
    const rows = [...others, { ...known, ...change }];
    return (
      (await openKeys({ ...deps, store: { ...store, apiKeys: async () => rows } })).check(secret) !==
      undefined
    );
  };
  t.notOk(await opened({ confirmedBy: b, confirmedAt: 1 }), 'confirmed by nobody');
  await keys.confirm(b, row.id);
  t.ok(await opened({}));
  t.notOk(await opened({ publicKey: '{}' }));
  t.notOk(await opened({ createdBy: 'local' }));
  t.notOk(await opened({ confirmedBy: a }));
});

t.test('a key from before makers were kept still opens what it did', async (t) => {
  const { keys, deps, store, a } = await openWithAdmins();
  const rows = (await store.apiKeys()).map((row) => ({ ...row, createdBy: null }));
  const again = await openKeys({ ...deps, store: { ...store, apiKeys: async () => rows } });
  t.ok(again.findLive(a));
  t.equal(again.makerOf(a), 'local', 'the log tells who made it');
  t.ok(keys.findLive(a));
});

t.test('a rotated key has two secrets for a while, then one, also after a restart', async (t) => {
  const { keys, now, deps } = await open();
  const first = await keys.create('local', { name: 'desk', scopes: ['issue'], expiresAt: now.at + 100 });
  const { id } = first.row;
  const second = await keys.rotate('local', id, { overlapSeconds: 60, expiresAt: now.at + 1_000 });
  t.not(second.secret, first.secret);
  for (const { secret } of [first, second]) t.match(keys.check(secret), { id }, 'one and the same principal');
  now.at += 59;
  t.ok((await openKeys(deps)).check(first.secret), 'also after a restart');
  now.at += 1;
  for (const table of [keys, await openKeys(deps)]) {
    t.equal(table.check(first.secret), undefined, 'the old one has ended');
    t.ok(table.check(second.secret));
  }
  now.at += 200;
  t.ok(keys.check(second.secret), 'past the end that the key had before');
  const third = await keys.rotate(id, id, { overlapSeconds: 60 });
  const fourth = await keys.rotate('local', id, { overlapSeconds: 0 });
  for (const { secret } of [second, third])
    t.equal(keys.check(secret), undefined, 'after a theft none but the newest');
  t.ok(keys.check(fourth.secret));
  await keys.revoke('local', id);
  t.equal((await openKeys(deps)).check(fourth.secret), undefined);
  await refuses(t, keys.rotate('local', id, { overlapSeconds: 0 }), 'conflict');
});

t.test('a revoked key has no secret left, the old one included', async (t) => {
  const { keys, deps } = await open();
  const { secret, row } = await keys.create('local', { name: 'desk', scopes: ['issue'], expiresAt: null });
  await keys.rotate('local', row.id, { overlapSeconds: 60 });
  await keys.revoke('local', row.id);
  for (const table of [keys, await openKeys(deps)]) t.equal(table.check(secret), undefined);
});

t.test(
  'who rotates a key is an administrator, or whoever it is where two people have to be two',
  async (t) => {
    const { keys, a, b } = await openWithAdmins();
    const { row } = await keys.create(a, officer());
    const gate = await keys.create(a, { name: 'gate', scopes: ['verify'], expiresAt: null });
    await refuses(t, keys.rotate(row.id, row.id, { overlapSeconds: 1 }), 'conflict');
    await keys.confirm(b, row.id);
    const at = { overlapSeconds: 1 };
    for (const admin of [a, b, 'local'])
      t.match(
        await refusal(keys.rotate(admin, row.id, at)),
        { code: 'forbidden', rule: 'not_your_key' },
        admin,
      );
    const { secret } = await keys.rotate(row.id, row.id, at);
    t.match(keys.check(secret), { id: row.id, scopes: ['officer'] }, 'and it is confirmed still');
    t.match(await refusal(keys.rotate(row.id, row.id, { ...at, expiresAt: null })), { rule: 'own_end' });
    await refuses(t, keys.rotate(gate.row.id, row.id, at), 'not_found');
    await refuses(t, keys.rotate(a, 'q'.repeat(16), at), 'not_found');
    for (const overlapSeconds of [-1, 0.5, 2_592_001, Number.NaN])
      await refuses(t, keys.rotate(a, gate.row.id, { overlapSeconds }), 'invalid_request', 'overlapSeconds');
    await refuses(t, keys.rotate(a, gate.row.id, { ...at, expiresAt: 1 }), 'invalid_request', 'expiresAt');
  },
);

t.test('a secret, an end of an old one or a bound that was edited is not as the log tells', async (t) => {
  const { keys, deps, store, now } = await open();
  const request = { name: 'desk', scopes: ['issue'], expiresAt: null, region: '3301' } as const;
  const first = await keys.create('local', request);
  const { row, secret } = await keys.rotate('local', first.row.id, { overlapSeconds: 60 });
  const opened = async (change: Partial<ApiKeyRow>) => {
    const edited = { ...store, apiKeys: async () => [{ ...row, ...change }] };
    const again = await openKeys({ ...deps, store: edited });
    return again.check(secret) ?? again.check(first.secret);
  };
  t.match(await opened({}), { reach: { region: '3301', kinds: null } });
  const edits: readonly Partial<ApiKeyRow>[] = [
    { oldEndsAt: now.at + 1_000_000 },
    { oldHash: row.hash, oldSalt: row.salt },
    { oldHash: null, oldSalt: null, oldEndsAt: null },
    { salt: first.row.salt, hash: first.row.hash },
    { region: null },
    { region: '33' },
    { kinds: ['health-code'] },
    { site: 'east' },
    { expiresAt: now.at + 5 },
  ];
  for (const change of edits) t.equal(await opened(change), undefined, JSON.stringify(change));
});

t.test('bounds go with the duties that they bind', async (t) => {
  const { keys, a } = await openWithAdmins();
  const office = { name: 'desk', scopes: ['issue', 'revoke'], expiresAt: null } as const;
  const gate = { ...office, scopes: ['verify'] } as const;
  const bounds = { region: '330102', kinds: ['health-code'] };
  const { secret } = await keys.create(a, { ...office, ...bounds });
  t.match(keys.check(secret), { reach: bounds });
  t.match(keys.check((await keys.create(a, { ...gate, site: 'East' })).secret), { place: 'East' });
  const rows = [
    [{ ...office, region: '99' }, 'region'],
    [{ ...office, region: '' }, 'region'],
    [{ ...gate, region: '33' }, 'region'],
    [{ ...office, kinds: [] }, 'kinds'],
    [{ ...office, kinds: ['nothing'] }, 'kinds'],
    [{ ...office, kinds: ['health-code', 'health-code'] }, 'kinds'],
    [{ ...gate, kinds: ['health-code'] }, 'kinds'],
    [{ ...office, site: 'East' }, 'site'],
    [{ ...gate, site: '' }, 'site'],
    [{ ...gate, site: 'a\nb' }, 'site'],
    [{ ...office, scopes: ['issue', 'admin'], region: '33' }, 'region'],
    [{ ...office, scopes: ['revoke', 'audit'], kinds: ['health-code'] }, 'kinds'],
    [{ ...office, scopes: ['verify', 'admin'], site: 'East' }, 'site'],
  ] as const;
  for (const [request, field] of rows) await refuses(t, keys.create(a, request), 'invalid_request', field);
});
