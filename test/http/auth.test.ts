import Fastify from 'fastify';
import t from 'tap';
import { SCOPES, type Scope } from '../../src/core/issue/principal.js';
import { registerGuard } from '../../src/http/plugins/guard.js';
import { registerOpenApi } from '../../src/http/plugins/openapi.js';
import { bearer, buildTwinApp, createTwinDeps } from './support/twin-deps.js';

const ID = 'a'.repeat(26);

const ROUTES: [method: 'GET' | 'POST' | 'DELETE', url: string, scopes: readonly Scope[]][] = [
  ['POST', '/v1/verify', ['verify']],
  ['POST', '/v1/credentials', ['issue']],
  ['GET', `/v1/credentials/${ID}`, ['issue', 'revoke']],
  ['GET', `/v1/credentials/${ID}/qr.svg`, ['issue']],
  ['GET', `/v1/credentials/${ID}/qr.png`, ['issue']],
  ['POST', `/v1/credentials/${ID}/status`, ['revoke']],
  ['POST', '/v1/api-keys', ['admin']],
  ['GET', '/v1/api-keys', ['admin', 'audit']],
  ['DELETE', '/v1/api-keys/abcdefghijklmnop', ['admin']],
  ['POST', '/v1/api-keys/abcdefghijklmnop/confirmation', ['admin']],
  ['POST', '/v1/proposals', ['officer']],
  ['GET', '/v1/proposals', ['officer', 'admin', 'audit']],
  ['GET', `/v1/proposals/${ID}`, ['officer', 'admin', 'audit']],
  ['POST', `/v1/proposals/${ID}/decision`, ['officer']],
  ['GET', '/v1/colour-rules', SCOPES],
  ['POST', '/v1/colour-rules/contact/invocations', ['rules']],
  ['GET', '/v1/log', ['admin', 'audit']],
  ['GET', '/v1/log/check', ['admin', 'audit']],
  ['GET', '/v1/keys', ['admin', 'audit']],
  ['POST', '/v1/keys/rotate', ['admin']],
];

/** Of what only administrators may know. */
const isHidden = (url: string): boolean => /^\/v1\/(?:api-keys|log|keys)/.test(url);

t.test('each route lets in who has its scope and nobody else', async (t) => {
  const app = await buildTwinApp(t);
  const status = async (method: 'GET' | 'POST' | 'DELETE', url: string, headers: Record<string, string>) => {
    const body = method === 'POST' ? { payload: {} } : {};
    return (await app.inject({ method, url, headers, ...body })).statusCode;
  };
  for (const [method, url, allowed] of ROUTES) {
    const name = `${method} ${url}`;
    t.equal(await status(method, url, {}), 401, `${name} without a key`);
    t.equal(
      await status(method, url, { authorization: 'Bearer yk_verify_wrong' }),
      401,
      `${name} with a false key`,
    );
    t.equal(
      await status(method, url, bearer()),
      isHidden(url) ? 404 : 403,
      `${name} with a key without scopes`,
    );
    for (const scope of SCOPES) {
      const seen = await status(method, url, bearer(scope));
      if (allowed.includes(scope)) t.notOk([401, 403].includes(seen), `${name} with ${scope}`);
      else t.equal(seen, isHidden(url) ? 404 : 403, `${name} with ${scope}`);
    }
  }
});

t.test('a key comes as Bearer in the header and in no other way', async (t) => {
  const app = await buildTwinApp(t);
  const key = bearer('verify').authorization.slice('Bearer '.length);
  for (const authorization of [key, `bearer${key}`, `Basic ${key}`, `Bearer  ${key}`, 'Bearer', 'Bearer ']) {
    const response = await app.inject({
      method: 'POST',
      url: '/v1/verify',
      headers: { authorization },
      payload: { code: 'x' },
    });
    t.equal(response.statusCode, 401, authorization);
    t.equal(response.headers['www-authenticate'], 'Bearer');
  }
  const inQuery = await app.inject({ method: 'POST', url: `/v1/verify?key=${key}`, payload: { code: 'x' } });
  t.equal(inQuery.statusCode, 401);
});

t.test('without scope admin, an admin route answers like an unknown address', async (t) => {
  const app = await buildTwinApp(t);
  const anonymous = ({ requestId: _, ...rest }: Record<string, unknown>) => rest;
  const hidden = await app.inject({ url: '/v1/log', headers: bearer('issue', 'verify', 'revoke') });
  const unknown = await app.inject({ url: '/v1/nothing', headers: bearer('issue') });
  t.same(anonymous(hidden.json()), { ...anonymous(unknown.json()) });
});

t.test('a route that declares no access stops the start', async (t) => {
  const app = Fastify();
  t.teardown(() => app.close());
  registerGuard(app, {
    access: createTwinDeps().access,
    sites: null,
    find: null,
    local: false,
    limit: null,
    pluginPrefixes: ['/docs'],
  });
  t.throws(() => app.get('/open', async () => 'x'), /GET \/open declares no access/);
  t.doesNotThrow(() => app.get('/docs/page', async () => 'x'));
  t.throws(() => app.get('/docsx', async () => 'x'), /declares no access/);
});

t.test('a guarded route that the document would lack stops the start', async (t) => {
  const app = Fastify();
  t.teardown(() => app.close());
  await registerOpenApi(app as never, { publicUrl: 'https://yima.test', version: '1' });
  const handler = async () => 'x';
  t.throws(
    () => app.get('/kept', { config: { access: { anyOf: ['issue'] } } }, handler),
    /GET \/kept is guarded/,
  );
  t.doesNotThrow(() => app.get('/open', { config: { access: 'public' } }, handler));
});

t.test('HEAD needs what GET needs', async (t) => {
  const app = await buildTwinApp(t);
  t.equal((await app.inject({ method: 'HEAD', url: '/v1/log' })).statusCode, 401);
  t.equal((await app.inject({ method: 'HEAD', url: '/v1/log', headers: bearer('admin') })).statusCode, 200);
});

t.test('on its own socket everybody is the principal local, and there are no pages', async (t) => {
  const deps = createTwinDeps();
  const app = await buildTwinApp(t, deps, {
    local: true,
    rateLimitPerMinute: 1,
    verifyRateLimitPerMinute: 1,
  });
  const payload = { kind: 'x', region: '330102', claims: {}, operator: 'a', evidence: 'b' };
  for (let count = 0; count < 3; count++) {
    t.equal((await app.inject({ method: 'POST', url: '/v1/credentials', payload })).statusCode, 201);
    t.equal((await app.inject('/v1/log')).statusCode, 200);
    t.equal((await app.inject('/status-lists/0')).statusCode, 200);
  }
  t.equal(deps.registry.calls[0]?.principal, 'local');
  for (const url of ['/docs', '/openapi.json', '/', '/demo/samples'])
    t.equal((await app.inject(url)).statusCode, 404, url);
});

t.test(
  'on its own socket what two people do takes a key of one’s own, and who shows a key is who it says',
  async (t) => {
    const app = await buildTwinApp(t, {}, { local: true });
    const payload = { type: 'colour', body: {}, jws: 'a.b.c' };
    const post = async (url: string, headers: Record<string, string>, body: object = payload) => {
      const response = await app.inject({ method: 'POST', url, headers, payload: body });
      return { status: response.statusCode, ...response.json() };
    };
    t.match(await post('/v1/proposals', {}), { status: 403, code: 'forbidden', rule: 'local' });
    t.match(await post('/v1/proposals', bearer('officer')), { status: 409 }, 'the twin’s own refusal');
    t.match(await post('/v1/proposals', bearer('admin')), { status: 403 });
    t.match(await post('/v1/proposals', { authorization: 'Bearer yk_officer_wrong' }), { status: 401 });
    const invocation = { version: 1, credentials: [ID], evidence: 'e', purpose: 'p' };
    const key = { 'idempotency-key': 'a' };
    const path = '/v1/colour-rules/contact/invocations';
    t.match(await post(path, key, invocation), { status: 403, rule: 'local' });
    t.match(await post(path, { ...key, ...bearer('rules') }, invocation), { status: 409 });
    t.equal(
      (await app.inject({ url: '/v1/log', headers: bearer('verify') })).statusCode,
      404,
      'no more than the key opens',
    );
    t.equal((await app.inject('/v1/log')).statusCode, 200);
  },
);
