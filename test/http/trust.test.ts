import { gunzipSync } from 'node:zlib';
import type { LightMyRequestResponse } from 'fastify';
import { type Test, test } from 'tap';
import { sha256 } from '../../src/adapters/crypto-node.js';
import { encodeBundle, parseBundle } from '../../src/core/trust/bundle.js';
import {
  A_KEY,
  A_NEXT,
  COUNTRY,
  createWorld,
  ENTRIES,
  signedBy,
  startCountry,
  successor,
} from '../server/support/trust-world.js';
import { nextVersion, signerEntry } from '../support/trust-desk.js';
import { buildTwinApp } from './support/twin-deps.js';

const TYPE = { 'content-type': 'application/jose+json' };

async function openHub(t: Test, isHub = true, local = false) {
  const service = await startCountry(createWorld());
  const trust = { desk: service.desk, news: service.news, isHub, isWitness: false };
  const app = await buildTwinApp(t, { trust }, { local });
  const put = (path: string, payload: string, headers: Record<string, string> = TYPE) =>
    app.inject({ method: 'PUT', url: path, payload, headers });
  return { app, service, put };
}

const NEXT_A = successor('a', COUNTRY.a, {
  entries: [ENTRIES.a, signerEntry('33', [A_NEXT], { statusBase: 'https://33.example/status-lists/' })],
});

function problem({ statusCode, body }: LightMyRequestResponse) {
  const { code, rule } = JSON.parse(body) as { code: string; rule?: string };
  return [statusCode, code, rule];
}

test('documents are read as they were signed, with an entity tag', async (t) => {
  const { app } = await openHub(t);
  const list = await app.inject('/trust/lists/33');
  t.match(list, { statusCode: 200, body: COUNTRY.a.text });
  t.match(list.headers, { etag: `"${COUNTRY.a.hash}"`, 'content-type': 'application/jose+json' });
  const again = await app.inject({
    url: '/trust/lists/33',
    headers: { 'if-none-match': String(list.headers.etag) },
  });
  t.match([again.statusCode, again.body], [304, '']);
  t.equal((await app.inject('/trust/root')).body, COUNTRY.root.text);
  t.equal((await app.inject('/trust/roots/1')).body, COUNTRY.root.text);
  t.equal((await app.inject('/trust/roots/2')).statusCode, 404);
  t.equal((await app.inject('/trust/lists/99')).statusCode, 404);
});

test('a list is taken by its own signatures, once, and for its own authority alone', async (t) => {
  const { put, service } = await openHub(t);
  const taken = await put('/trust/lists/33', NEXT_A.text);
  t.match(taken.json(), { changes: 'list', authority: '33', version: 2, hash: NEXT_A.hash });
  t.match((await put('/trust/lists/33', NEXT_A.text)).json(), { changes: 'nothing' });
  t.same(problem(await put('/trust/lists/34', NEXT_A.text)), [422, 'list_refused', 'wrong_authority']);
  t.same(problem(await put('/trust/lists/33', COUNTRY.a.text)), [422, 'list_refused', 'rollback']);
  const byB = signedBy('b', nextVersion(NEXT_A, {}));
  t.same(problem(await put('/trust/lists/33', byB.text)), [422, 'list_refused', 'threshold']);
  t.same(problem(await put('/trust/root', NEXT_A.text)), [422, 'list_refused', 'wrong_authority']);
  t.same(problem(await put('/trust/lists/33', 'x')), [422, 'list_refused', 'not_json']);
  const asJson = await put('/trust/lists/33', NEXT_A.text, { 'content-type': 'application/json' });
  t.equal(asJson.statusCode, 415);
  t.same(problem(await put('/trust/lists/33', 'x'.repeat(2 * 1024 * 1024 + 1))).slice(0, 2), [
    413,
    'too_large',
  ]);
  const refused = (await service.log()).filter(({ type }) => type === 'trust.refused');
  t.ok(refused.length >= 5, 'and what was refused is in the log');
});

test('a node that is no hub takes nothing', async (t) => {
  const { put } = await openHub(t, false);
  t.same(problem(await put('/trust/lists/33', NEXT_A.text)), [403, 'forbidden', 'not_a_hub']);
});

test('who waits hears of a newer version at once', async (t) => {
  const { app, put, service } = await openHub(t);
  const waiting = app.inject('/trust/lists/33?after=1&wait=30');
  const marks = app.inject({
    url: '/trust/marks?wait=30',
    headers: {
      'if-none-match': `"${service.news.manifest()}"`,
      'yima-member': '34',
      'yima-running': `1 ${service.news.manifest()}`,
    },
  });
  await put('/trust/lists/33', NEXT_A.text);
  t.equal((await waiting).body, NEXT_A.text);
  const heard = (await marks).json() as { marks: { authority: string; version: number }[] };
  t.same(heard.marks.find(({ authority }) => authority === '33')?.version, 2);
  const { members } = (await app.inject('/trust/members')).json() as {
    members: { authority: string; through: string; seen: unknown }[];
  };
  const b = members.find(({ authority }) => authority === '34');
  t.match(b, { through: 'cn.example', seen: { authority: 'root', version: 1 } });
  const unchanged = await app.inject({
    url: '/trust/marks',
    headers: { 'if-none-match': `"${service.news.manifest()}"` },
  });
  t.equal(unchanged.statusCode, 304);
});

test('the bundle holds everything, in gzip', async (t) => {
  const { app } = await openHub(t);
  const answer = await app.inject('/trust/bundle');
  t.match(answer.headers, { 'content-encoding': 'gzip', 'content-type': 'application/x-ndjson' });
  const steps = parseBundle(gunzipSync(answer.rawPayload).toString(), sha256);
  let step = steps.next();
  while (step.done !== true) step = steps.next();
  t.same(
    step.value.lists.map(({ hash }) => hash),
    [COUNTRY.a.hash, COUNTRY.b.hash, COUNTRY.hub.hash],
  );
  const tag = String(answer.headers['etag']);
  t.equal((await app.inject({ url: '/trust/bundle', headers: { 'if-none-match': tag } })).statusCode, 304);
  const plain = await app.inject({ url: '/trust/bundle', headers: { 'accept-encoding': 'identity' } });
  t.equal(plain.statusCode, 406);
});

test('what an operator carries in is taken by the socket alone, by a node that is no hub too', async (t) => {
  const { app, service } = await openHub(t, false, true);
  const bring = (payload: string, type: string) =>
    app.inject({ method: 'POST', url: '/trust/import', payload, headers: { 'content-type': type } });
  const document = TYPE['content-type'];
  t.match((await bring(NEXT_A.text, document)).json(), {
    accepted: [{ authority: '33', version: 2 }],
    refused: [],
    unchanged: 0,
  });
  t.same((await bring(NEXT_A.text, document)).json(), { accepted: [], refused: [], unchanged: 1 });
  t.same(problem(await bring(COUNTRY.a.text, document)), [422, 'list_refused', 'rollback']);
  const bundle = encodeBundle({
    roots: [COUNTRY.root],
    lists: [COUNTRY.a, COUNTRY.b, COUNTRY.hub],
    log: null,
  });
  t.match((await bring(bundle, 'text/plain')).json(), {
    accepted: [],
    refused: [{ authority: '33', rule: 'rollback' }],
    unchanged: 3,
  });
  t.same(problem(await bring(bundle.slice(0, -9), 'text/plain')).slice(0, 2), [422, 'list_refused']);
  t.equal((await bring('{}', 'application/json')).statusCode, 415);
  const accepted = (await service.log()).filter(({ type }) => type === 'trust.accepted').at(-1);
  t.match(accepted, { via: 'import', authority: '33' });
  const open = await openHub(t);
  t.equal(
    (await open.app.inject({ method: 'POST', url: '/trust/import', payload: NEXT_A.text, headers: TYPE }))
      .statusCode,
    404,
  );
});

test('a hub takes an upload by its socket, and tells who brought it', async (t) => {
  const { put, service } = await openHub(t, true, true);
  t.equal((await put('/trust/lists/33', NEXT_A.text)).statusCode, 200);
  const accepted = (await service.log()).filter(({ type }) => type === 'trust.accepted').at(-1);
  t.match(accepted, { via: 'upload', authority: '33', actor: 'local' });
});

test('everybody may ask why', async (t) => {
  const { app } = await openHub(t);
  const listed = (await app.inject(`/trust/keys/${A_KEY.thumbprint}`)).json();
  t.match(listed, {
    explanations: [
      {
        thumbprint: A_KEY.thumbprint,
        entry: { use: 'credential' },
        path: [
          { authority: 'cn.example', standing: 'counts' },
          { authority: '33', standing: 'counts' },
        ],
        state: 'active',
        dropped: null,
      },
    ],
  });
  const why = (await app.inject(`/trust/keys/${A_NEXT.thumbprint}`)).json();
  t.same(why, { explanations: [] });
  t.match((await app.inject('/trust/standing')).json(), { lists: 3, pin: COUNTRY.root.hash });
  t.same((await app.inject('/trust/lists/33/dropped')).json(), { dropped: [] });
  t.equal((await app.inject('/trust/log/proof')).statusCode, 400);
});

test('without a network there is no such surface', async (t) => {
  const app = await buildTwinApp(t);
  t.equal((await app.inject('/trust/root')).statusCode, 404);
});
