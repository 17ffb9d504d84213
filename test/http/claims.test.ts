import t from 'tap';
import { KINDS } from '../../src/core/credential/kind-table.js';
import { YimaError } from '../../src/core/errors/yima-error.js';
import { createPhone } from '../support/holder.js';
import { bearer, buildTwinApp, createTwinDeps, NOW } from './support/twin-deps.js';

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const CODE = `${'a'.repeat(25)}b${'c'.repeat(26)}`;
const TOKEN = {
  method: 'POST',
  url: '/openid4vci/token',
  headers: FORM,
  payload: `grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Apre-authorized_code&pre-authorized_code=${CODE}&tx_code=012345`,
} as const;

t.test('metadata: kinds as our own codes, licences as SD-JWT too, in both languages', async (t) => {
  const app = await buildTwinApp(t, { kinds: KINDS });
  const response = await app.inject('/.well-known/openid-credential-issuer');
  t.equal(response.headers['access-control-allow-origin'], '*');
  const metadata = response.json();
  t.match(metadata, {
    credential_issuer: 'https://yima.test',
    credential_endpoint: 'https://yima.test/openid4vci/credential',
    nonce_endpoint: 'https://yima.test/openid4vci/nonce',
  });
  const supported = metadata.credential_configurations_supported;
  const names = KINDS.all.map(({ name }) => name);
  t.same(
    Object.keys(supported).sort(),
    [...names, ...names.filter((name) => name !== 'health-code').map((name) => `${name}_dc+sd-jwt`)].sort(),
  );
  t.match(supported['health-code'], {
    format: 'yima+cwt',
    cryptographic_binding_methods_supported: ['cose_key'],
    proof_types_supported: { jwt: { proof_signing_alg_values_supported: ['ES256', 'Ed25519'] } },
    credential_metadata: { display: [{ name: '健康码', locale: 'zh-CN' }, { locale: 'en' }] },
  });
  t.match(supported['driving-licence_dc+sd-jwt'], {
    format: 'dc+sd-jwt',
    vct: 'urn:yima:driving-licence:1',
    credential_signing_alg_values_supported: ['ES256'],
    cryptographic_binding_methods_supported: ['jwk'],
  });
  const paths = supported['driving-licence_dc+sd-jwt'].credential_metadata.claims.map(
    ({ path }: { path: string[] }) => path[0],
  );
  t.notOk(paths.includes('birthDate'), 'what is never carried is not announced');
  t.match((await app.inject('/.well-known/oauth-authorization-server')).json(), {
    issuer: 'https://yima.test',
    token_endpoint: 'https://yima.test/openid4vci/token',
    'pre-authorized_grant_anonymous_access_supported': true,
  });
  t.same((await app.inject('/.well-known/jwt-vc-issuer')).json(), {
    issuer: 'https://yima.test',
    jwks: { keys: [] },
  });
});

t.test(
  'an issuer with a path has its metadata behind the well-known one too (RFC 8414, section 3.1)',
  async (t) => {
    const app = await buildTwinApp(t, {}, { publicUrl: 'https://city.test/yima' });
    for (const path of ['', '/yima']) {
      const response = await app.inject(`/.well-known/openid-credential-issuer${path}`);
      t.equal(response.json().credential_issuer, 'https://city.test/yima', path);
    }
    const phone = createPhone();
    const list = (uri: string) =>
      app.inject({
        url: '/holder/credentials',
        headers: { authorization: phone.authorization('GET', uri, NOW) },
      });
    t.equal((await list('https://city.test/yima/holder/credentials')).statusCode, 200);
    t.match((await list('https://city.test/holder/credentials')).json(), { rule: 'htu' });
  },
);

t.test('an offer is shown by its address, and by no other', async (t) => {
  const app = await buildTwinApp(t);
  const made = await app.inject({
    method: 'POST',
    url: `/v1/credentials/${'a'.repeat(26)}/offers`,
    headers: bearer('issue'),
    payload: {},
  });
  t.match([made.statusCode, made.json().txCode], [201, '012345']);
  t.match(
    made.json().offerUri,
    /^openid-credential-offer:\/\/\?credential_offer_uri=https%3A%2F%2Fyima\.test%2F/,
  );
  t.equal(made.headers['cache-control'], 'no-store');
  t.match((await app.inject(`/openid4vci/offers/${CODE}`)).json(), {
    credential_configuration_ids: ['food-handler', 'food-handler_dc+sd-jwt'],
  });
  t.equal((await app.inject(`/openid4vci/offers/${'a'.repeat(52)}`)).statusCode, 404);
  t.equal((await app.inject('/openid4vci/offers/short')).statusCode, 400);
  for (const headers of [{}, bearer('verify')])
    t.match(
      (
        await app.inject({
          method: 'POST',
          url: `/v1/credentials/${'a'.repeat(26)}/offers`,
          headers,
          payload: {},
        })
      ).statusCode,
      /40[13]/,
      'making one takes the scope',
    );
});

t.test('too many requests and faults of ours are told in the words of OAuth', async (t) => {
  const app = await buildTwinApp(t, {}, { rateLimitPerMinute: 1 });
  t.equal((await app.inject(TOKEN)).statusCode, 200);
  const over = await app.inject(TOKEN);
  t.match([over.statusCode, over.json().error], [429, 'temporarily_unavailable']);
  t.ok(Number(over.headers['retry-after']) > 0);

  const { claims } = createTwinDeps();
  const failing = (error: Error) =>
    buildTwinApp(t, { claims: { ...claims, redeem: async () => Promise.reject(error) } });
  const down = await (await failing(new YimaError('store_failed', 'secret path'))).inject(TOKEN);
  t.match([down.statusCode, down.json()], [503, { error: 'temporarily_unavailable' }]);
  t.notMatch(down.payload, 'secret');
  const broken = await (await failing(new Error('secret path'))).inject(TOKEN);
  t.same([broken.statusCode, broken.json()], [500, { error: 'server_error' }]);
});

t.test('an API key is no access token, and a form is no JSON', async (t) => {
  const app = await buildTwinApp(t, { kinds: KINDS });
  const credential = (headers: Record<string, string>, payload: string) =>
    app.inject({ method: 'POST', url: '/openid4vci/credential', headers, payload });
  const json = { 'content-type': 'application/json' };
  t.match((await credential(json, '{}')).json(), { error: 'invalid_token' });
  const twice = '{"credential_configuration_id":"a","credential_configuration_id":"b"}';
  t.match((await credential({ ...json, ...bearer('admin') }, twice)).json(), {
    error: 'invalid_credential_request',
  });
  const form = await credential({ ...FORM, ...bearer('admin') }, 'a=b');
  t.match([form.statusCode, form.json().error], [415, 'invalid_credential_request']);
});

t.test('the node’s own socket offers and adds, and leaves phones to the public port', async (t) => {
  const app = await buildTwinApp(t, {}, { local: true });
  const issued = await app.inject({
    method: 'POST',
    url: '/v1/credentials',
    payload: { kind: 'health-code', region: '330102', claims: {}, operator: 'o', evidence: 'e' },
  });
  const added = await app.inject({
    method: 'POST',
    url: `/v1/credentials/${issued.json().id}/encodings`,
    payload: { form: 'paper', reason: 'lost' },
  });
  t.match([added.statusCode, added.json().added], [201, 2]);
  for (const url of ['/holder/credentials', `/openid4vci/offers/${CODE}`])
    t.equal((await app.inject(url)).statusCode, 404);
});

t.test('a key of a phone comes as a JWK, and what is none is refused', async (t) => {
  const app = await buildTwinApp(t);
  const issued = await app.inject({
    method: 'POST',
    url: '/v1/credentials',
    headers: bearer('issue'),
    payload: { kind: 'health-code', region: '330102', claims: {}, operator: 'o', evidence: 'e' },
  });
  const add = (deviceKey: unknown) =>
    app.inject({
      method: 'POST',
      url: `/v1/credentials/${issued.json().id}/encodings`,
      headers: bearer('issue'),
      payload: { form: 'device', deviceKey, reason: 'seen' },
    });
  const jwk = {
    kty: 'OKP',
    crv: 'Ed25519',
    alg: 'Ed25519',
    x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
  };
  const added = await add(jwk);
  t.match(
    [added.statusCode, added.json().encodings[1]],
    [201, { form: 'device', bound: true, svg: null, number: 2 }],
  );
  t.match((await add({ ...jwk, d: 'AA' })).json(), { code: 'key_refused', rule: 'jwk_private' });
  t.match((await add({ kty: 'oct' })).json(), { code: 'key_refused' });
  t.equal((await add('key')).statusCode, 400);
});
