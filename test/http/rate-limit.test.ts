import t from 'tap';
import type { Scope } from '../../src/core/issue/principal.js';
import { createTokenBuckets } from '../../src/http/plugins/token-buckets.js';
import { bearer, buildTwinApp } from './support/twin-deps.js';

t.test('a bucket holds a minute of requests and refills evenly', async (t) => {
  const buckets = createTokenBuckets(60);
  for (let count = 0; count < 60; count++) t.equal(buckets.take('a', 0), 0);
  t.equal(buckets.take('a', 0), 1, 'one second until the next');
  t.equal(buckets.take('a', 1_000), 0);
  t.equal(buckets.take('a', 1_000), 1);
  t.equal(buckets.take('b', 1_000), 0, 'others are not held up');
});

t.test('waiting is told in whole seconds', async (t) => {
  const buckets = createTokenBuckets(1);
  t.equal(buckets.take('a', 0), 0);
  t.equal(buckets.take('a', 500), 60);
  t.equal(buckets.take('a', 59_000), 1);
  t.equal(buckets.take('a', 60_000), 0);
});

t.test('a visitor is remembered over the turn of the minute', async (t) => {
  const buckets = createTokenBuckets(2);
  t.same([buckets.take('a', 59_000), buckets.take('a', 59_000), buckets.take('a', 59_001)], [0, 0, 30]);
  t.ok(buckets.take('a', 60_001) > 0, 'the generation turned, the bucket is still empty');
  t.ok(buckets.take('a', 61_000) > 0);
});

t.test('a clock that goes back gives nothing', async (t) => {
  const buckets = createTokenBuckets(1);
  t.equal(buckets.take('a', 100_000), 0);
  t.ok(buckets.take('a', 50_000) > 0);
});

t.test('many visitors cost bounded memory and the busy one stays limited', async (t) => {
  const buckets = createTokenBuckets(1, 100);
  buckets.take('busy', 0);
  for (let visitor = 0; visitor < 90; visitor++) buckets.take(`v${visitor}`, 1);
  t.ok(buckets.take('busy', 2) > 0);
});

t.test('over the limit a request is told when to come again', async (t) => {
  const app = await buildTwinApp(t, {}, { rateLimitPerMinute: 2, verifyRateLimitPerMinute: 3 });
  const get = () => app.inject('/v1/kinds');
  t.same([(await get()).statusCode, (await get()).statusCode], [200, 200]);
  const limited = await get();
  t.match(limited.json(), { status: 429, code: 'rate_limited', retryAfterSeconds: 30 });
  t.equal(limited.headers['retry-after'], '30');
});

t.test('unknown addresses and false keys count against the address', async (t) => {
  const app = await buildTwinApp(t, {}, { rateLimitPerMinute: 2, verifyRateLimitPerMinute: 100 });
  t.equal((await app.inject('/nothing')).statusCode, 404);
  const guess = {
    method: 'POST',
    url: '/v1/verify',
    headers: { authorization: 'Bearer yk_a_b' },
    payload: {},
  } as const;
  t.equal((await app.inject(guess)).statusCode, 401);
  t.equal((await app.inject(guess)).statusCode, 429);
  t.equal((await app.inject('/nothing')).statusCode, 429);
  t.equal((await app.inject({ url: '/nothing', remoteAddress: '192.0.2.7' })).statusCode, 404);
});

t.test('typed short ids have a limit of their own, by key: each is a guess', async (t) => {
  const app = await buildTwinApp(t, {}, { shortIdRateLimitPerMinute: 2 });
  const shortId = '7K3Q-MXW2-PD41';
  const post = async (url: string, scope: Scope, payload: object) =>
    (await app.inject({ method: 'POST', url, headers: bearer(scope), payload })).statusCode;
  const codes: number[] = [];
  for (let i = 0; i < 3; i++) codes.push(await post('/v1/verify/short-id', 'verify', { shortId }));
  t.same(codes, [404, 404, 429]);
  t.equal(await post('/v1/papers/lost', 'revoke', { shortId, reason: 'lost' }), 404, 'another key');
  t.equal(await post('/v1/verify', 'verify', { code: 'x' }), 200, 'another surface');
});

t.test('verifying has a limit of its own, by key', async (t) => {
  const app = await buildTwinApp(t, {}, { rateLimitPerMinute: 1, verifyRateLimitPerMinute: 2 });
  const verify = (...scopes: Scope[]) =>
    app.inject({ method: 'POST', url: '/v1/verify', headers: bearer(...scopes), payload: { code: 'x' } });
  t.equal((await verify('verify')).statusCode, 200);
  t.equal((await verify('verify')).statusCode, 200);
  t.equal((await verify('verify')).statusCode, 429);
  t.equal((await verify('verify', 'issue')).statusCode, 200, 'another key');
  t.equal(
    (await app.inject({ url: '/v1/log', headers: bearer('admin') })).statusCode,
    200,
    'another surface',
  );
});

t.test(
  'an IPv6 household is one visitor, and a forwarded address counts only from a trusted proxy',
  async (t) => {
    const app = await buildTwinApp(t, {}, { rateLimitPerMinute: 1 });
    const from = (remoteAddress: string, headers = {}) =>
      app.inject({ url: '/v1/kinds', remoteAddress, headers });
    t.equal((await from('2001:db8:0:1::1')).statusCode, 200);
    t.equal((await from('2001:db8:0:1:ffff::2')).statusCode, 429);
    t.equal((await from('2001:db8:0:2::1')).statusCode, 200);
    t.equal((await from('::ffff:192.0.2.1')).statusCode, 200);
    t.equal((await from('192.0.2.1')).statusCode, 429);
    t.equal((await from('192.0.2.1', { 'x-forwarded-for': '198.51.100.1' })).statusCode, 429);

    const behind = await buildTwinApp(t, {}, { rateLimitPerMinute: 1, trustProxy: ['192.0.2.0/24'] });
    const via = (address: string, proxy = '192.0.2.1') =>
      behind.inject({ url: '/v1/kinds', remoteAddress: proxy, headers: { 'x-forwarded-for': address } });
    t.equal((await via('198.51.100.1')).statusCode, 200);
    t.equal((await via('198.51.100.2')).statusCode, 200);
    t.equal((await via('198.51.100.1')).statusCode, 429);
    t.equal((await via('198.51.100.9', '203.0.113.1')).statusCode, 200);
    t.equal(
      (await via('198.51.100.8', '203.0.113.1')).statusCode,
      429,
      'a stranger cannot choose its address',
    );
  },
);
