// Checkpoints at a real node: enrolled once, proven for each request, good for verifying and nothing else, revoked for good.

import t, { type Test } from 'tap';
import type { Site } from '../../src/core/issue/site-log.js';
import { ENROL_KID } from '../../src/core/issue/sites.js';
import { openQuietNode, playDemo, privateFolder } from '../support/open-node.js';
import { createSiteDevice, enrolSite } from '../support/site-device.js';

const AUDIENCE = 'http://127.0.0.1:3000';
const now = () => Math.floor(Date.now() / 1000);

async function open(t: Test) {
  const folder = privateFolder(t);
  return { folder, node: await openQuietNode(t, folder) };
}

t.test('a device enrols with the code, once, and proves that it holds its key', async (t) => {
  const { node } = await open(t);
  const { app, localApp } = node;
  const made = await localApp.inject({ method: 'POST', url: '/v1/sites', payload: { name: '东门' } });
  t.equal(made.statusCode, 201);
  const { code, link } = made.json();
  t.equal(link, `${AUDIENCE}/scan#enrol=${code}`, 'the code stays out of every request line');
  const enrol = async (
    device = createSiteDevice(AUDIENCE, now),
    change: object = {},
    htu = '/scan/enrolment',
  ) => {
    const proof = await device.prove(ENROL_KID, 'POST', htu);
    const payload = { code, publicKey: device.publicKey, proof, ...change };
    const { statusCode, ...answer } = await app.inject({ method: 'POST', url: '/scan/enrolment', payload });
    return { statusCode, body: answer.json() };
  };
  const device = createSiteDevice(AUDIENCE, now);
  const other = createSiteDevice(AUDIENCE, now);
  t.match(await enrol(device, { publicKey: other.publicKey }), { statusCode: 401, body: { rule: 'proof' } });
  t.match(
    await enrol(device, {}, '/v1/verify'),
    { statusCode: 401, body: { rule: 'proof' } },
    'a proof of another request',
  );
  t.match(await enrol(device, { code: 'aaaaaaaaaaaaaaaa' }), { statusCode: 404 });
  t.match(
    await enrol(device, { publicKey: { ...device.publicKey, d: 'AA' } }),
    { statusCode: 422 },
    'never a private key',
  );
  t.match(await enrol(device), { statusCode: 201, body: { name: '东门', audience: AUDIENCE } });
  t.match(await enrol(device), { statusCode: 404 }, 'not a second time');
  t.match(await enrol(other), { statusCode: 404 }, 'by nobody');
});

t.test('a site may verify, and fetch colours and what to judge by; nothing else', async (t) => {
  const { node } = await open(t);
  const { app } = node;
  const code = await playDemo(node);
  const site = await enrolSite(node, AUDIENCE);
  const ask = async (method: 'GET' | 'POST', url: string, payload?: object, headers: object = {}) =>
    app.inject({
      method,
      url,
      headers: { ...(await site.header(method, url)), ...headers },
      ...(payload === undefined ? {} : { payload }),
    });
  t.match((await ask('POST', '/v1/verify', { code })).json(), { decision: 'admit' });
  const knowledge = await ask('GET', '/scan/knowledge');
  t.equal(knowledge.statusCode, 200);
  const { keys, lists, statusBase } = knowledge.json();
  t.ok(keys.length > 0);
  const [list] = lists;
  t.equal(statusBase, `${AUDIENCE}/status-lists/`);
  const etag = String(knowledge.headers['etag']);
  t.equal((await ask('GET', '/scan/knowledge', undefined, { 'if-none-match': etag })).statusCode, 304);
  const gzipped = await ask('GET', '/scan/knowledge', undefined, { 'accept-encoding': 'gzip' });
  t.equal(gzipped.headers['content-encoding'], 'gzip');
  const token = await ask('GET', `/status-lists/${list}`, undefined, {
    accept: 'application/statuslist+cwt',
  });
  t.equal(token.statusCode, 200, 'a list of colours');
  for (const url of ['/v1/sites', '/v1/api-keys', '/v1/log'])
    t.equal((await ask('GET', url)).statusCode, 404, `${url} is hidden`);
  t.equal((await ask('POST', '/v1/credentials', {})).statusCode, 403);
  t.equal((await app.inject({ url: '/scan/knowledge' })).statusCode, 401, 'without a proof');
  t.equal((await node.localApp.inject({ url: '/scan/knowledge' })).statusCode, 401, 'nor by the socket');
});

t.test('a proof counts once, for its own request, in its own minute', async (t) => {
  const { node } = await open(t);
  const site = await enrolSite(node, AUDIENCE);
  const url = '/scan/knowledge';
  const refused = async (headers: { authorization: string }) => {
    const answer = await node.app.inject({ url, headers });
    return answer.statusCode === 200 ? 'taken' : answer.json().rule;
  };
  const header = await site.header('GET', url);
  t.equal(await refused(header), 'taken');
  t.equal(await refused(header), 'proof_used');
  t.equal(await refused(await site.header('POST', url)), 'proof');
  t.equal(await refused(await site.header('GET', '/scan/knowledge?x=1')), 'proof');
  t.equal(await refused(await site.header('GET', url, { aud: 'https://elsewhere.test' })), 'proof');
  t.equal(await refused(await site.header('GET', url, { iat: now() - 90 })), 'proof_time');
  t.equal(await refused(await site.header('GET', url, { iat: now() + 90 })), 'proof_time');
  t.equal(await refused(await site.header('GET', url, { jti: 'short' })), 'proof');
  const stranger = createSiteDevice(AUDIENCE, now);
  t.equal(await refused({ authorization: `Site ${await stranger.prove(site.id, 'GET', url)}` }), 'proof');
  t.equal(await refused({ authorization: 'Site a.b.c' }), 'proof');
});

t.test('a revoked site is told so, and nobody else is; a restart forgets neither', async (t) => {
  const { folder, node } = await open(t);
  const site = await enrolSite(node, AUDIENCE);
  const url = '/scan/knowledge';
  await node.close();
  const again = await openQuietNode(t, folder);
  const rule = async (authorization: string) =>
    (await again.app.inject({ url, headers: { authorization } })).json().rule;
  t.equal((await again.app.inject({ url, headers: await site.header('GET', url) })).statusCode, 200);
  await again.localApp.inject({ method: 'DELETE', url: `/v1/sites/${site.id}` });
  t.equal(await rule((await site.header('GET', url)).authorization), 'site_revoked');
  const stranger = createSiteDevice(AUDIENCE, now);
  t.equal(await rule(`Site ${await stranger.prove(site.id, 'GET', url)}`), 'proof');
  const { sites } = (await again.localApp.inject({ url: '/v1/sites' })).json() as { sites: readonly Site[] };
  t.match(sites, [{ id: site.id, revokedAt: Number }]);
  t.notOk(JSON.stringify(sites).includes('codeHash'));
});

t.test('overrides are kept once, in the log, without a person', async (t) => {
  const { node } = await open(t);
  const site = await enrolSite(node, AUDIENCE);
  const url = '/scan/overrides';
  const send = async (...overrides: object[]) =>
    node.app.inject({ method: 'POST', url, headers: await site.header('POST', url), payload: { overrides } });
  const one = { n: 1, at: now(), reason: 'held_by_policy', choice: 'id_matched', kind: 'health-code' };
  const two = { n: 2, at: now(), reason: 'replayed', choice: 'supervisor', kind: null };
  t.match((await send(one)).json(), { kept: 1 });
  t.match((await send(one, two)).json(), { kept: 2 }, 'sent twice, since an answer was lost');
  t.match((await send(two)).json(), { kept: 2 });
  t.equal((await send({ ...one, n: 3, reason: 'revoked' })).statusCode, 400, 'who is refused is not let in');
  t.equal((await send({ ...one, n: 3, name: '张三' })).statusCode, 400, 'nothing more is taken');
  const { entries } = (await node.localApp.inject({ url: '/v1/log?after=0&limit=100' })).json();
  const kept = entries.filter(({ type }: { type: string }) => type === 'site_override');
  t.match(kept, [{ actor: `site-${site.id}` }, { actor: `site-${site.id}` }]);
  t.equal(kept.length, 2);
});

t.test('a site lies in the region of its node', async (t) => {
  const node = await openQuietNode(t, privateFolder(t), { YIMA_REGION: '3301' });
  const make = async (region: string) =>
    (await node.localApp.inject({ method: 'POST', url: '/v1/sites', payload: { name: 'x', region } }))
      .statusCode;
  t.equal(await make('330102'), 201);
  t.equal(await make('3302'), 400);
  t.equal(await make('33'), 400);
});
