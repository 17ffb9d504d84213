import t from 'tap';
import type { LogRow } from '../../src/core/issue/store.js';
import { bearer, buildTwinApp } from './support/twin-deps.js';

const headers = bearer('admin');

t.test('an API key is shown once, then listed without its secret, then revoked', async (t) => {
  const app = await buildTwinApp(t);
  const payload = { name: 'gate 3', scopes: ['verify'] };
  const made = await app.inject({ method: 'POST', url: '/v1/api-keys', headers, payload });
  t.equal(made.statusCode, 201);
  t.match(made.json(), { name: 'gate 3', scopes: ['verify'], expiresAt: null, key: /^yk_/ });
  const listed = await app.inject({ url: '/v1/api-keys', headers });
  t.equal(listed.json().keys.length, 1);
  t.notMatch(listed.body, /once|never-shown|salt|hash/);
  const gone = await app.inject({ method: 'DELETE', url: `/v1/api-keys/${made.json().id}`, headers });
  t.match(gone.json(), { id: made.json().id, revokedAt: Number });
  t.equal(
    (await app.inject({ method: 'DELETE', url: '/v1/api-keys/zzzzzzzzzzzzzzzz', headers })).statusCode,
    404,
  );
  for (const bad of [
    { scopes: [] },
    { scopes: ['root'] },
    { name: '' },
    { expiresAt: '2030' },
    { expiresAt: -1 },
  ]) {
    const refused = await app.inject({
      method: 'POST',
      url: '/v1/api-keys',
      headers,
      payload: { ...payload, ...bad },
    });
    t.equal(refused.statusCode, 400, JSON.stringify(bad));
  }
});

t.test('the log is read in pages and checked as a whole', async (t) => {
  const row = (seq: number): LogRow => ({
    seq,
    at: 1,
    actor: 'a',
    type: 't',
    body: '{}',
    prev: 'p',
    hash: `h${seq}`,
  });
  const asked: [number, number][] = [];
  const app = await buildTwinApp(t, {
    log: {
      head: async () => row(7),
      check: async () => ({
        ok: false,
        entries: 5,
        brokenAt: 6,
        head: 'h5',
        strayCredentials: [],
        strayApiKeys: ['k1'],
        strayProposals: ['p1'],
        strayRules: ['contact 1'],
        strayChanges: ['c1'],
      }),
      read: async (after, limit) => {
        asked.push([after, limit]);
        return [row(after + 1)];
      },
    },
  });
  t.same((await app.inject({ url: '/v1/log', headers })).json(), { head: 7, entries: [row(1)] });
  t.same((await app.inject({ url: '/v1/log?after=5&limit=1000', headers })).json().entries, [row(6)]);
  t.same(asked, [
    [0, 100],
    [5, 1000],
  ]);
  for (const query of ['limit=0', 'limit=1001', 'after=-1', 'after=x', 'from=1']) {
    t.equal((await app.inject({ url: `/v1/log?${query}`, headers })).statusCode, 400, query);
  }
  t.same((await app.inject({ url: '/v1/log/check', headers })).json(), {
    ok: false,
    entries: 5,
    brokenAt: 6,
    head: 'h5',
    strayCredentials: [],
    strayApiKeys: ['k1'],
    strayProposals: ['p1'],
    strayRules: ['contact 1'],
    strayChanges: ['c1'],
  });
});

t.test('signing keys are listed without private parts and rotated by use', async (t) => {
  const app = await buildTwinApp(t);
  const { keys } = (await app.inject({ url: '/v1/keys', headers })).json();
  t.match(keys, [
    { kid: 'AAAAAAAAAAA', algorithm: 'Ed25519', use: 'credential', state: 'active', region: '330102' },
  ]);
  const rotate = (payload: Record<string, unknown>) =>
    app.inject({ method: 'POST', url: '/v1/keys/rotate', headers, payload });
  const rotated = await rotate({ use: 'status' });
  t.equal(rotated.statusCode, 201);
  t.equal(rotated.json().use, 'status');
  t.equal((await rotate({ use: 'log' })).statusCode, 400);
});
