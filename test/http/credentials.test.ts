import t from 'tap';
import { KINDS } from '../../src/core/credential/kind-table.js';
import { YimaError } from '../../src/core/errors/yima-error.js';
import { bearer, buildTwinApp, createTwinDeps } from './support/twin-deps.js';

const REQUEST = {
  kind: 'health-code',
  region: '330102',
  claims: { holderName: '测试样' },
  operator: '柜台一',
  evidence: 'case 7',
};
const URL = '/v1/credentials';

t.test('issuing answers 201 with links, and 200 when the key of the request is known', async (t) => {
  const deps = createTwinDeps();
  const app = await buildTwinApp(t, deps);
  const headers = { ...bearer('issue'), 'idempotency-key': 'case-7' };
  const issued = await app.inject({
    method: 'POST',
    url: URL,
    headers,
    payload: { ...REQUEST, forms: ['screen', 'paper'] },
  });
  t.equal(issued.statusCode, 201);
  const { id, encodings, ...rest } = issued.json();
  t.equal(issued.headers.location, `https://yima.test/v1/credentials/${id}`);
  t.match(rest, {
    kind: 'health-code',
    region: '330102',
    state: 'active',
    level: 0,
    operator: '柜台一',
    demo: false,
  });
  t.same(
    encodings.map(({ form, png }: Record<string, string>) => [form, png]),
    ['screen', 'paper'].map((form) => [
      form,
      `https://yima.test/v1/credentials/${id}/qr.png?encoding=${form === 'screen' ? 1 : 2}`,
    ]),
  );
  t.match(deps.registry.calls[0], { principal: 'key-issue', request: { idempotencyKey: 'case-7' } });

  const again = await app.inject({
    method: 'POST',
    url: URL,
    headers,
    payload: { ...REQUEST, forms: ['screen', 'paper'] },
  });
  t.equal(again.statusCode, 200);
  t.equal(again.json().id, id);
  const other = await app.inject({ method: 'POST', url: URL, headers, payload: REQUEST });
  t.equal(other.statusCode, 409);
  t.equal(other.json().code, 'idempotency_conflict');
});

t.test('a request outside the schema is refused with its field', async (t) => {
  const app = await buildTwinApp(t);
  const rows: [Record<string, unknown>, string][] = [
    [{ demo: true }, 'demo'],
    [{ operator: undefined }, 'operator'],
    [{ operator: 'a\u202eb' }, 'operator'],
    [{ forms: ['screen', 'screen'] }, 'forms'],
    [{ forms: ['hologram'] }, 'forms.0'],
    [{ region: '3301' }, 'region'],
    [{ claims: [] }, 'claims'],
    [{ validSeconds: 0 }, 'validSeconds'],
    [{ evidence: 'x'.repeat(129) }, 'evidence'],
    [{ 'bad name!': 1 }, '?'],
  ];
  for (const [change, field] of rows) {
    const response = await app.inject({
      method: 'POST',
      url: URL,
      headers: bearer('issue'),
      payload: { ...REQUEST, ...change },
    });
    t.equal(response.statusCode, 400, field);
    t.equal(response.json().field, field);
  }
});

t.test('what the registry refuses becomes its problem', async (t) => {
  const deps = createTwinDeps();
  const app = await buildTwinApp(t, deps);
  const rows: [YimaError | Error, number, string][] = [
    [
      new YimaError('claims_rejected', 'The check character is wrong.', { field: 'idNumber' }),
      422,
      'claims_rejected',
    ],
    [new YimaError('store_failed', 'disk full at /data'), 503, 'store_failed'],
    [new YimaError('damaged', 'a reason code is never a problem'), 500, 'internal'],
    [new Error('what happened'), 500, 'internal'],
  ];
  for (const [error, status, code] of rows) {
    deps.registry.failWith = error;
    const response = await app.inject({
      method: 'POST',
      url: URL,
      headers: bearer('issue'),
      payload: REQUEST,
    });
    t.equal(response.statusCode, status);
    t.equal(response.json().code, code);
    if (status === 503) t.equal(response.headers['retry-after'], '2');
    if (status >= 500) t.notMatch(response.body, error.message);
    else t.match(response.json(), { field: 'idNumber', detail: 'The check character is wrong.' });
  }
});

t.test('a credential is read, drawn and changed under its id', async (t) => {
  const deps = createTwinDeps();
  const app = await buildTwinApp(t, deps);
  const issue = { method: 'POST', url: URL, headers: bearer('issue') } as const;
  const { id } = (await app.inject({ ...issue, payload: { ...REQUEST, forms: ['screen', 'jws'] } })).json();
  const path = `${URL}/${id}`;
  const get = (url: string) => app.inject({ url, headers: bearer('issue') });

  t.equal((await get(path)).json().id, id);
  const svg = await get(`${path}/qr.svg?form=screen&scale=8`);
  t.match(svg.headers, {
    'content-type': /^image\/svg\+xml/,
    'content-security-policy': "default-src 'none'",
  });
  t.match(svg.body, 'data-scale="8"');
  t.same(
    (await get(path)).json().encodings.map(({ form, svg, png }: Record<string, unknown>) => [form, svg, png]),
    [
      ['screen', `https://yima.test${path}/qr.svg?encoding=1`, `https://yima.test${path}/qr.png?encoding=1`],
      ['jws', null, null],
    ],
  );
  t.equal((await get(`${path}/qr.svg?form=jws`)).statusCode, 404, 'a JWS has no symbol');
  const png = await get(`${path}/qr.png`);
  t.equal(png.headers['content-type'], 'image/png');
  t.same([...png.rawPayload], [0x89, 0x50, 0x4e, 0x47]);
  t.equal((await get(`${path}/qr.png?form=paper`)).statusCode, 404);
  for (const query of ['scale=0', 'scale=21', 'scale=4.5', 'form=x', 'size=3', 'scale=2&scale=3']) {
    t.equal((await get(`${path}/qr.svg?${query}`)).statusCode, 400, query);
  }

  const change = (payload: Record<string, unknown>) =>
    app.inject({ method: 'POST', url: `${path}/status`, headers: bearer('revoke'), payload });
  const suspended = await change({ action: 'suspend', reason: 'card lost' });
  t.match(suspended.json(), { state: 'suspended', logSeq: 1 });
  t.equal((await change({ action: 'revoke', reason: 'x', form: 'screen' })).json().state, 'revoked');
  t.same(deps.registry.calls.at(-1), {
    principal: 'key-revoke',
    id,
    change: { action: 'revoke', reason: 'x', form: 'screen' },
  });
  t.match((await change({ action: 'reinstate', reason: 'x' })).json(), { code: 'conflict', status: 409 });
  t.equal((await change({ action: 'set-level', level: 'red', reason: 'x' })).statusCode, 400);
  t.equal((await change({ action: 'revoke', reason: '' })).json().field, 'reason');
});

t.test('an id that is none, and one that nobody has, are not told apart from outside', async (t) => {
  const app = await buildTwinApp(t);
  const missing = await app.inject({ url: `${URL}/${'z'.repeat(26)}`, headers: bearer('issue') });
  t.equal(missing.statusCode, 404);
  const malformed = await app.inject({ url: `${URL}/1`, headers: bearer('issue') });
  t.match(malformed.json(), { status: 400, field: 'params.id' });
  const foreign = await app.inject({ url: `${URL}/${'z'.repeat(26)}`, headers: bearer('verify') });
  t.equal(foreign.statusCode, 403, 'the scope comes before the look-up');
});

t.test('the kinds are listed with their fields and labels', async (t) => {
  const app = await buildTwinApp(t, { kinds: KINDS });
  const response = await app.inject('/v1/kinds');
  t.equal(response.statusCode, 200);
  const { kinds } = response.json();
  t.equal(kinds.length, KINDS.all.length);
  const health = kinds.find(({ name }: { name: string }) => name === 'health-code');
  t.match(health, { title: { 'zh-CN': String, en: String }, status: { bits: 4, restricted: true } });
  for (const field of KINDS.byName('health-code')?.fields ?? []) {
    const { name, label, type } = field;
    t.match(health.fields, [{}], 'has fields');
    t.ok(
      health.fields.some(
        (shown: Record<string, unknown>) => shown['name'] === name && shown['type'] === type,
      ),
    );
    t.ok(label.en.length > 0);
  }
});
