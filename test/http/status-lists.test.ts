import t from 'tap';
import { negotiate } from '../../src/http/negotiate.js';
import { bearer, buildTwinApp } from './support/twin-deps.js';

const JWT = 'application/statuslist+jwt';
const CWT = 'application/statuslist+cwt';

t.test('Token Status List 8.1: the header Accept chooses between JWT and CWT', async (t) => {
  const offers = { jwt: JWT, cwt: CWT };
  const rows: [string | undefined, string | undefined][] = [
    [undefined, 'jwt'],
    ['*/*', 'jwt'],
    ['application/*', 'jwt'],
    [JWT, 'jwt'],
    [CWT, 'cwt'],
    [`${JWT};q=0.5, ${CWT}`, 'cwt'],
    [`${CWT};q=0, */*;q=0.1`, 'jwt'],
    [`${JWT};q=0, */*;q=0.1`, 'cwt'],
    ['Application/StatusList+CWT', 'cwt'],
    ['text/html', undefined],
    [`${JWT};q=0`, undefined],
    [`${JWT};q=abc`, undefined],
  ];
  for (const [accept, form] of rows) t.equal(negotiate(accept, offers), form, String(accept));
});

t.test('a public list is served to anybody, cacheable and from any page', async (t) => {
  const app = await buildTwinApp(t);
  const jwt = await app.inject('/status-lists/1');
  t.equal(jwt.statusCode, 200);
  t.match(jwt.headers, {
    'content-type': JWT,
    etag: '"1-jwt-7"',
    vary: 'accept',
    'cache-control': 'public, max-age=300',
    'access-control-allow-origin': '*',
  });
  const cwt = await app.inject({ url: '/status-lists/1', headers: { accept: CWT } });
  t.equal(cwt.headers['content-type'], CWT);
  t.same([...cwt.rawPayload], [0xd2, 0x84]);
  t.match((await app.inject({ url: '/status-lists/1', headers: { accept: 'text/html' } })).json(), {
    status: 406,
  });
});

t.test('a client that has the present list is told so', async (t) => {
  const app = await buildTwinApp(t);
  for (const tag of ['"1-jwt-7"', 'W/"1-jwt-7"', '"x", "1-jwt-7"', '*']) {
    const response = await app.inject({ url: '/status-lists/1', headers: { 'if-none-match': tag } });
    t.equal(response.statusCode, 304, tag);
    t.equal(response.body, '');
    t.equal(response.headers.etag, '"1-jwt-7"');
  }
  const stale = await app.inject({ url: '/status-lists/1', headers: { 'if-none-match': '"1-jwt-6"' } });
  t.equal(stale.statusCode, 200);
});

t.test('a colour list needs a key with scope verify, and no shared cache keeps it', async (t) => {
  const app = await buildTwinApp(t);
  t.match((await app.inject('/status-lists/0')).json(), { status: 403, code: 'forbidden' });
  t.match((await app.inject({ url: '/status-lists/0', headers: bearer('issue') })).json(), { status: 403 });
  const allowed = await app.inject({ url: '/status-lists/0', headers: bearer('verify') });
  t.equal(allowed.statusCode, 200);
  t.equal(allowed.headers['cache-control'], 'private, max-age=300');
  const wrong = await app.inject({ url: '/status-lists/1', headers: { authorization: 'Bearer yk_x_wrong' } });
  t.equal(wrong.statusCode, 401, 'a key that is shown has to be a live one');
});

t.test('Token Status List 8.4: a past state is not offered', async (t) => {
  const app = await buildTwinApp(t);
  const response = await app.inject('/status-lists/1?time=1700000000');
  t.match(response.json(), { status: 501, code: 'not_implemented' });
});

t.test('a list number is plain decimal, and an unknown one is not found', async (t) => {
  const app = await buildTwinApp(t);
  t.equal((await app.inject('/status-lists/2')).statusCode, 404);
  for (const number of ['01', '-1', '1.0', '1e3', '9999999999', 'x']) {
    t.equal((await app.inject(`/status-lists/${number}`)).statusCode, 400, number);
  }
});

t.test('Token Status List 9.3: the aggregation lists what anybody may read', async (t) => {
  const app = await buildTwinApp(t);
  const response = await app.inject('/status-lists');
  t.match(response.headers, { 'content-type': /^application\/json/, 'access-control-allow-origin': '*' });
  t.same(response.json(), { status_lists: ['https://yima.test/status-lists/1'] });
});

t.test('the keys are a JWK set that any page may read', async (t) => {
  const app = await buildTwinApp(t);
  const response = await app.inject('/.well-known/jwks.json');
  t.match(response.headers, {
    'content-type': /^application\/jwk-set\+json/,
    'access-control-allow-origin': '*',
  });
  t.same(response.json().keys[0], {
    kty: 'OKP',
    crv: 'Ed25519',
    x: 'AA',
    kid: 'AAAAAAAAAAA',
    alg: 'Ed25519',
  });
});
