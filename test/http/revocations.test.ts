import t from 'tap';
import { YimaError } from '../../src/core/errors/yima-error.js';
import type { Revocation } from '../../src/core/issue/revocations.js';
import { bearer, buildTwinApp, createTwinDeps, NOW } from './support/twin-deps.js';

const headers = bearer('officer');
const url = '/v1/revocations';
const BODY = {
  scope: { batch: '2026-7', region: '3301' },
  count: 12,
  purpose: 'printer lost',
  evidence: 'case 9',
  nonce: 'abcdefghijklmnop',
};

t.test('a dry run counts, for officers and for who may revoke, and proposes nothing', async (t) => {
  const revocations = createTwinDeps().revocations;
  const app = await buildTwinApp(t, {
    revocations: { ...revocations, propose: async () => t.fail('was proposed') as never },
  });
  for (const scope of ['officer', 'revoke'] as const) {
    const payload = { scope: BODY.scope, dryRun: true };
    const response = await app.inject({ method: 'POST', url, headers: bearer(scope), payload });
    t.equal(response.statusCode, 200);
    t.strictSame(response.json(), {
      count: 12,
      revoked: 3,
      groups: [{ kind: 'health-code', region: '330102', count: 12 }],
    });
  }
});

t.test('what was counted is proposed with a signature, and followed by its id', async (t) => {
  const app = await buildTwinApp(t);
  const made = await app.inject({ method: 'POST', url, headers, payload: { ...BODY, jws: 'a.b.c' } });
  t.equal(made.statusCode, 201);
  t.match(made.json(), { type: 'revocation', body: BODY, state: 'open', proposerJws: 'a.b.c' });
  const found = await app.inject({ url: `${url}/${made.json().id}`, headers });
  t.match(found.json(), { state: 'open', total: 12, done: 0, scope: BODY.scope, startedAt: null });
});

t.test('how far it is: running, done, or stopped with its reason', async (t) => {
  const deps = createTwinDeps();
  const proposal = {
    ...(await deps.revocations.propose('officer', BODY, 'a.b.c')),
    state: 'approved' as const,
  };
  const job = {
    id: proposal.id,
    scope: '{}',
    total: 12,
    done: 7,
    skipped: 1,
    cursor: 'x',
    state: 'running' as const,
    failure: null,
    startedAt: NOW,
    finishedAt: null,
  };
  const rows: [Revocation, object][] = [
    [
      { proposal, job: null },
      { state: 'running', done: 0 },
    ],
    [
      { proposal, job },
      { state: 'running', done: 7, skipped: 1, startedAt: NOW },
    ],
    [
      { proposal, job: { ...job, state: 'done', finishedAt: NOW } },
      { state: 'done', finishedAt: NOW },
    ],
    [
      { proposal, job: { ...job, state: 'done', failure: 'conflict' } },
      { state: 'stopped', failure: 'conflict' },
    ],
    [{ proposal: { ...proposal, state: 'rejected' }, job: null }, { state: 'rejected' }],
    [{ proposal: { ...proposal, state: 'open', proposedAt: NOW - 90_000 }, job: null }, { state: 'expired' }],
  ];
  for (const [found, expected] of rows) {
    const app = await buildTwinApp(t, { revocations: { ...deps.revocations, find: async () => found } });
    t.match((await app.inject({ url: `${url}/${proposal.id}`, headers })).json(), expected);
  }
});

const REFUSED: [string, object, string][] = [
  ['no scope', { dryRun: true }, 'scope'],
  ['a member that means nothing', { scope: { everything: true }, dryRun: true }, 'scope'],
  ['a scope and no signature', { scope: BODY.scope }, 'jws'],
  ['a short nonce', { ...BODY, nonce: 'a', jws: 'a.b.c' }, 'nonce'],
  ['a count of none', { ...BODY, count: 0, jws: 'a.b.c' }, 'count'],
];
for (const [what, payload, field] of REFUSED) {
  t.test(`refused: ${what}`, async (t) => {
    const app = await buildTwinApp(t);
    const response = await app.inject({ method: 'POST', url, headers, payload });
    t.equal(response.statusCode, 400);
    t.match(response.json(), { code: 'invalid_request', field: new RegExp(field) });
  });
}

t.test('a desk, a gate and an unknown id get nothing', async (t) => {
  const app = await buildTwinApp(t);
  const payload = { scope: BODY.scope, dryRun: true };
  for (const scope of ['issue', 'verify', 'admin'] as const)
    t.equal((await app.inject({ method: 'POST', url, headers: bearer(scope), payload })).statusCode, 403);
  t.equal((await app.inject({ url: `${url}/${'z'.repeat(26)}`, headers })).statusCode, 404);
});

t.test('while others count, the answer is to come later', async (t) => {
  const revocations = createTwinDeps().revocations;
  const count = async (): Promise<never> => {
    throw new YimaError('overloaded', 'Others are counting.', { retryAfterSeconds: 5 });
  };
  const app = await buildTwinApp(t, { revocations: { ...revocations, count } });
  const payload = { scope: BODY.scope, dryRun: true };
  const response = await app.inject({ method: 'POST', url, headers, payload });
  t.same([response.statusCode, response.headers['retry-after']], [503, '5']);
});
