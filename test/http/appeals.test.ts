import t from 'tap';
import { APPEALED, bearer, buildTwinApp } from './support/twin-deps.js';

const ID = APPEALED.credentialId;
const FILED = { operator: 'desk-1', grounds: 'I was never there' };
const DUE = 15 * 86_400;

t.test('a record tells time, rule and reason of each change, in words', async (t) => {
  const app = await buildTwinApp(t);
  const read = (scope: 'issue' | 'revoke' | 'officer' | 'verify' | 'admin') =>
    app.inject({ url: `/v1/credentials/${ID}/record`, headers: bearer(scope) });
  for (const scope of ['issue', 'revoke', 'officer'] as const) {
    const { statusCode, ...response } = await read(scope);
    t.equal(statusCode, 200, scope);
    t.match(response.json(), {
      id: ID,
      status: { word: 'red' },
      changes: [
        {
          from: { word: 'green', text: { en: 'Green' } },
          to: { word: 'red' },
          by: 'rule',
          rule: { id: 'contact', version: 2 },
          ground: { 'zh-CN': '接触者', en: 'A contact' },
          reason: 'epidemic',
        },
      ],
      appeals: [{ id: APPEALED.id, dueAt: APPEALED.filedAt + DUE }],
    });
  }
  t.equal((await read('verify')).statusCode, 403);
  t.equal((await read('admin')).statusCode, 403);
});

t.test('an appeal is filed by a desk, read and decided by officers', async (t) => {
  const app = await buildTwinApp(t);
  const file = (payload: object, scope: 'issue' | 'revoke' | 'officer' = 'issue') =>
    app.inject({ method: 'POST', url: `/v1/credentials/${ID}/appeals`, headers: bearer(scope), payload });
  const filed = await file(FILED);
  t.equal(filed.statusCode, 201);
  t.match(filed.json(), { credential: ID, state: 'open', dueAt: APPEALED.filedAt + DUE, proposal: null });
  t.notOk(filed.body.includes(FILED.grounds), 'what was said goes to officers alone');
  t.equal((await file(FILED, 'officer')).statusCode, 403, 'who decides does not file');
  for (const bad of [
    { grounds: '' },
    { grounds: 'x'.repeat(501) },
    { operator: 'a\n' },
    { change: 'x' },
    { more: 1 },
  ])
    t.equal((await file({ ...FILED, ...bad })).statusCode, 400, JSON.stringify(bad));

  const listed = await app.inject({ url: '/v1/appeals', headers: bearer('officer') });
  t.match(listed.json(), {
    appeals: [
      {
        id: APPEALED.id,
        type: 'appeal',
        body: {},
        hash: 'ab',
        grounds: APPEALED.grounds,
        change: { to: { word: 'red' }, evidence: 'case 7' },
      },
    ],
  });
  t.equal((await app.inject({ url: '/v1/appeals', headers: bearer('issue') })).statusCode, 403);
  t.equal((await app.inject({ url: '/v1/appeals?limit=101', headers: bearer('officer') })).statusCode, 400);

  const decide = (payload: object, scope: 'officer' | 'issue' = 'officer') =>
    app.inject({
      method: 'POST',
      url: `/v1/appeals/${APPEALED.id}/decision`,
      headers: bearer(scope),
      payload,
    });
  const accepted = await decide({ action: 'approve', jws: 'h.p.s' });
  t.match(accepted.json(), { state: 'accepted', answer: null });
  t.match((await decide({ action: 'reject', jws: 'h.p.s', answer: 'no' })).json(), { answer: 'no' });
  t.equal((await decide({ action: 'approve' })).statusCode, 400);
  t.equal((await decide({ action: 'accept', jws: 'h.p.s' })).statusCode, 400);
  t.equal((await decide({ action: 'approve', jws: 'h.p.s' }, 'issue')).statusCode, 403);
});

t.test('the socket files appeals and reads records, and judges nothing', async (t) => {
  const app = await buildTwinApp(t, {}, { local: true });
  t.equal((await app.inject(`/v1/credentials/${ID}/record`)).statusCode, 200);
  const filed = await app.inject({ method: 'POST', url: `/v1/credentials/${ID}/appeals`, payload: FILED });
  t.equal(filed.statusCode, 201);
  t.not((await app.inject('/v1/appeals')).statusCode, 200);
  const payload = { action: 'approve', jws: 'h.p.s' };
  const decided = await app.inject({ method: 'POST', url: `/v1/appeals/${APPEALED.id}/decision`, payload });
  t.not(decided.statusCode, 200);
});
