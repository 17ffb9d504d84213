import t from 'tap';
import { REASON_CODES } from '../../src/core/errors/reasons.js';
import { REQUEST_ERROR_CODES, YimaError } from '../../src/core/errors/yima-error.js';
import { PROBLEMS, problemDocument } from '../../src/http/problems.js';
import { toRequestError } from '../../src/http/request-error.js';
import { bearer, buildTwinApp, createTwinDeps } from './support/twin-deps.js';

const REQUEST = { kind: 'x', region: '330102', claims: {}, operator: 'a', evidence: 'b' };

t.test('every error code reaches the client as its problem document', async (t) => {
  const deps = createTwinDeps();
  const app = await buildTwinApp(t, deps);
  for (const code of REQUEST_ERROR_CODES) {
    deps.registry.failWith = new YimaError(code, 'What to do next.', {
      field: 'claims.name',
      rule: 'some_rule',
    });
    const response = await app.inject({
      method: 'POST',
      url: '/v1/credentials',
      headers: bearer('issue'),
      payload: REQUEST,
    });
    const { status, title } = PROBLEMS[code];
    t.equal(response.statusCode, status, code);
    t.match(response.headers, { 'content-type': /^application\/problem\+json/, 'cache-control': 'no-store' });
    const told =
      status < 500 || ['not_implemented', 'overloaded'].includes(code)
        ? { detail: 'What to do next.', field: 'claims.name', rule: 'some_rule' }
        : {};
    const { requestId, retryAfterSeconds, ...document } = response.json();
    t.same(document, { type: `https://yima.test/problems/${code}`, title, status, code, ...told });
    t.type(requestId, 'string');
    t.equal(retryAfterSeconds, status === 503 ? 2 : undefined);
  }
});

t.test('reason codes and strangers are internal errors', async (t) => {
  for (const code of REASON_CODES.filter((each) => each !== 'overloaded')) {
    t.same(toRequestError(new YimaError(code, 'x')), { code: 'internal' });
  }
  for (const error of [new Error('x'), 'text', null, undefined, { statusCode: 418 }]) {
    t.same(toRequestError(error), { code: 'internal' });
  }
});

t.test('RFC 9457: from 500 on a document tells nothing besides its code', async (t) => {
  const document = problemDocument('internal', 'https://yima.test', {
    detail: 'stack',
    field: 'f',
    rule: 'r',
    requestId: 'id',
  });
  t.same(Object.keys(document), ['type', 'title', 'status', 'code', 'requestId']);
});

t.test('the address in a problem document explains it', async (t) => {
  const app = await buildTwinApp(t);
  for (const code of REQUEST_ERROR_CODES) {
    t.same((await app.inject(`/problems/${code}`)).json(), { code, ...PROBLEMS[code] });
  }
  t.equal((await app.inject('/problems/no_such_code')).json().code, 'not_found');
});

t.test('unknown and impossible addresses are problems too, and are not repeated', async (t) => {
  const app = await buildTwinApp(t);
  const rows: [string, number][] = [
    ['/CANARY', 404],
    ['/v1/verify/CANARY', 404],
    ['/v1/credentials/%zz', 400],
    [`/status-lists/${'9'.repeat(80)}`, 400],
    ['/%', 400],
  ];
  for (const [url, status] of rows) {
    const response = await app.inject(url);
    t.match(response.headers['content-type'], /^application\/problem\+json/, url);
    t.notMatch(response.body, 'CANARY');
    t.ok(status === response.statusCode || response.statusCode === 404, `${url} ${response.statusCode}`);
  }
  t.equal((await app.inject({ method: 'PUT', url: '/v1/verify' })).json().code, 'not_found');
});
