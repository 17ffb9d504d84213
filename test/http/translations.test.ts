import t from 'tap';
import { YimaError } from '../../src/core/errors/yima-error.js';
import { bearer, buildTwinApp, createTwinDeps } from './support/twin-deps.js';

const REQUEST = { code: 'YM1:ABC', operator: '窗口三', evidence: 'case 9' };
const ask = (payload: object, headers: Record<string, string> = bearer('issue')) =>
  ({ method: 'POST', url: '/v1/translations', headers, payload }) as const;

t.test(
  'a translation is answered as an issue is: 201, and 200 when the key of the request is known',
  async (t) => {
    const deps = createTwinDeps();
    const app = await buildTwinApp(t, deps);
    const headers = { ...bearer('issue'), 'idempotency-key': 'case-9' };
    const made = await app.inject(ask(REQUEST, headers));
    t.equal(made.statusCode, 201);
    t.equal(made.headers.location, `https://yima.test/v1/credentials/${made.json().id}`);
    t.match(made.json(), { kind: 'health-code', operator: '窗口三', evidence: 'case 9' });
    t.equal((await app.inject(ask(REQUEST, headers))).statusCode, 200);
    t.match(deps.registry.calls[0], { principal: 'key-issue', request: { idempotencyKey: 'case-9' } });
  },
);

t.test('it takes an office’s key and the documented body', async (t) => {
  const app = await buildTwinApp(t);
  t.equal((await app.inject(ask(REQUEST, {}))).statusCode, 401);
  for (const scope of ['verify', 'revoke', 'admin'] as const)
    t.equal((await app.inject(ask(REQUEST, bearer(scope)))).statusCode, 403, scope);
  for (const [change, field] of [
    [{ code: undefined }, 'code'],
    [{ code: '' }, 'code'],
    [{ code: 7 }, 'code'],
    [{ code: 'x'.repeat(4_297) }, 'code'],
    [{ operator: undefined }, 'operator'],
    [{ operator: 'a\nb' }, 'operator'],
    [{ evidence: '' }, 'evidence'],
    [{ claims: {} }, 'claims'],
    [{ sourceIssuer: '44' }, 'sourceIssuer'],
  ] as const) {
    const response = await app.inject(ask({ ...REQUEST, ...change }));
    t.equal(response.statusCode, 400, field);
    t.match(response.json(), { code: 'invalid_request', field });
  }
});

t.test(
  'a code that is not fit is a problem with its reason, and so is a node that is not the hub',
  async (t) => {
    const deps = createTwinDeps();
    const app = await buildTwinApp(t, deps);
    deps.registry.failWith = new YimaError('claims_rejected', 'No.', { field: 'code', rule: 'revoked' });
    const rejected = await app.inject(ask(REQUEST));
    t.equal(rejected.statusCode, 422);
    t.match(rejected.json(), { code: 'claims_rejected', field: 'code', rule: 'revoked' });
    deps.registry.failWith = new YimaError('forbidden', 'Only the national hub translates codes.');
    t.equal((await app.inject(ask(REQUEST))).statusCode, 403);
  },
);
