import t from 'tap';
import { bearer, buildTwinApp, createTwinDeps } from './support/twin-deps.js';

const PAGE = { host: '127.0.0.1:3000', 'sec-fetch-site': 'same-origin', origin: 'http://127.0.0.1:3000' };
const POST = { method: 'POST', headers: PAGE, payload: {} } as const;

t.test('the story: issue, show, recolour, verify, revoke', async (t) => {
  const deps = createTwinDeps();
  const app = await buildTwinApp(t, deps);
  const issued = await app.inject({ ...POST, url: '/demo/credentials' });
  t.equal(issued.statusCode, 201);
  const { id, code } = issued.json();
  t.match(deps.registry.calls[0], { principal: 'demo', request: { demo: true } });

  const path = `/demo/credentials/${id}`;
  t.equal((await app.inject({ url: path, headers: PAGE })).json().code, code);
  const svg = await app.inject({ url: `${path}/qr.svg`, headers: PAGE });
  t.match(svg.headers['content-type'], /^image\/svg\+xml/);
  const recoloured = await app.inject({ ...POST, url: `${path}/level`, payload: { level: 'yellow' } });
  t.equal(recoloured.statusCode, 200);
  t.match(deps.registry.calls.at(-1), {
    principal: 'demo',
    change: { action: 'set-level', level: 'yellow' },
  });
  t.equal(
    (await app.inject({ ...POST, url: `${path}/level`, payload: { level: 'pending' } })).statusCode,
    400,
  );
  t.equal((await app.inject({ ...POST, url: '/demo/verify', payload: { code } })).json().decision, 'admit');
  t.equal((await app.inject({ ...POST, url: `${path}/revoke` })).json().revoked, true);
  t.equal((await app.inject({ ...POST, url: `${path}/revoke` })).statusCode, 409);
  t.equal((await app.inject({ url: '/demo/samples', headers: PAGE })).json().samples.length, 1);
});

t.test('the demo touches demo credentials only, and does not say that others exist', async (t) => {
  const deps = createTwinDeps();
  const app = await buildTwinApp(t, deps);
  const payload = { kind: 'health-code', region: '330102', claims: {}, operator: 'a', evidence: 'b' };
  const real = await app.inject({
    method: 'POST',
    url: '/v1/credentials',
    headers: bearer('issue'),
    payload,
  });
  const path = `/demo/credentials/${real.json().id}`;
  const calls = deps.registry.calls.length;
  t.equal((await app.inject({ ...POST, url: `${path}/level`, payload: { level: 'red' } })).statusCode, 404);
  t.equal((await app.inject({ ...POST, url: `${path}/revoke` })).statusCode, 404);
  t.equal((await app.inject({ ...POST, url: `${path}/offers` })).statusCode, 404);
  t.equal((await app.inject({ url: path, headers: PAGE })).statusCode, 404);
  t.equal((await app.inject({ url: `${path}/qr.svg`, headers: PAGE })).statusCode, 404);
  t.equal(deps.registry.calls.length, calls, 'nothing was asked of the registry');
});

t.test('the demo is for a page of this machine alone', async (t) => {
  const deps = createTwinDeps();
  const app = await buildTwinApp(t, deps);
  const rows: [string, Record<string, string>, string?][] = [
    ['a name that points here', { ...PAGE, host: 'evil.test:3000', origin: 'http://evil.test:3000' }],
    ['a name that begins well', { ...PAGE, host: '127.0.0.1.evil.test' }],
    ['another page', { ...PAGE, 'sec-fetch-site': 'cross-site', origin: 'https://evil.test' }],
    [
      'another port of this machine',
      { ...PAGE, 'sec-fetch-site': 'same-site', origin: 'http://127.0.0.1:8080' },
    ],
    ['an origin that hides', { ...PAGE, origin: 'null' }],
    ['no sign of a page', { host: PAGE.host }],
    ['a proxy', { ...PAGE, 'x-forwarded-for': '192.0.2.1' }],
    ['a proxy of the new school', { ...PAGE, forwarded: 'for=192.0.2.1' }],
    ['a proxy that only says via', { ...PAGE, via: '1.1 proxy' }],
    ['another machine', PAGE, '192.0.2.1'],
  ];
  for (const [title, headers, remoteAddress = '127.0.0.1'] of rows) {
    const response = await app.inject({ ...POST, url: '/demo/credentials', headers, remoteAddress });
    t.equal(response.statusCode, 403, title);
  }
  t.equal(deps.registry.calls.length, 0);
  const plain = { ...PAGE, 'content-type': 'text/plain' };
  t.equal(
    (await app.inject({ ...POST, url: '/demo/credentials', headers: plain, payload: '{}' })).statusCode,
    415,
  );
  t.equal(
    (await app.inject({ url: '/demo/samples', headers: { host: 'evil.test' } })).statusCode,
    403,
    'reading too',
  );
  t.equal((await app.inject({ url: '/demo/samples', headers: { host: 'localhost:3000' } })).statusCode, 200);
  for (const headers of [
    { host: '[::1]:3000', origin: 'http://[::1]:3000' },
    { host: 'localhost', 'sec-fetch-site': 'same-origin' },
  ]) {
    t.equal((await app.inject({ ...POST, url: '/demo/credentials', headers })).statusCode, 201);
  }
});

t.test('without a demo its addresses do not exist', async (t) => {
  const app = await buildTwinApp(t, { demo: null });
  t.equal((await app.inject({ ...POST, url: '/demo/credentials' })).statusCode, 404);
  t.equal((await app.inject({ url: '/demo/samples', headers: PAGE })).statusCode, 404);
});
