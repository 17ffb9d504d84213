import t from 'tap';
import type { LogRow } from '../../src/core/issue/store.js';
import { bearer, buildTwinApp, TWIN_LOG_REPAIR } from './support/twin-deps.js';

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
        strayAppeals: ['p1'],
        strayOffers: [],
        strayTrust: ['list 33'],
      }),
      read: async (after, limit) => {
        asked.push([after, limit]);
        return [row(after + 1)];
      },
      ...TWIN_LOG_REPAIR,
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
    strayAppeals: ['p1'],
    strayOffers: [],
    strayTrust: ['list 33'],
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

t.test('the head of the log is signed, and a signed one held against it', async (t) => {
  const app = await buildTwinApp(t);
  const head = { issuer: '330102', seq: 7, hash: 'h7', at: Number };
  t.match((await app.inject({ url: '/v1/log/head', headers })).json(), { ...head, signed: 'h.p.s' });
  const check = (payload: object) =>
    app.inject({ method: 'POST', url: '/v1/log/head/check', headers, payload });
  t.match((await check({ signed: 'h.p.s' })).json(), { ...head, ok: false, finding: 'rewritten' });
  t.equal((await check({ signed: 'x'.repeat(2_049) })).statusCode, 400);
  t.equal((await check({})).statusCode, 400);
});

t.test(
  'a restoration tells first what it would do, and only the socket knows of a stopped node',
  async (t) => {
    const app = await buildTwinApp(t);
    const restore = (payload: object, as = headers) =>
      app.inject({ method: 'POST', url: '/v1/log/restore', headers: as, payload });
    t.match((await restore({ dryRun: true })).json(), { restored: 1, keptRevokedCount: 1, logSeqs: [] });
    t.match((await restore({ dryRun: false })).json(), { logSeqs: [8], keptRevoked: [{ form: 'screen' }] });
    t.equal((await restore({})).statusCode, 400, 'whether it is meant has to be said');
    t.equal((await restore({ dryRun: false, neverServed: true })).statusCode, 403);
    for (const scope of ['issue', 'revoke', 'verify'] as const)
      t.equal((await restore({ dryRun: true }, bearer(scope))).statusCode, 404, scope);
  },
);
