// Paper at the surfaces of a real node: issued, printed, typed, reported lost.

import type { FastifyInstance } from 'fastify';
import t from 'tap';
import type { CredentialView } from '../../src/http/schemas/credential.js';
import { issueRequest } from '../support/office.js';
import { openQuietNode, privateFolder } from '../support/open-node.js';
import { bearer, buildTwinApp } from './support/twin-deps.js';

const inject = (app: FastifyInstance, url: string, payload?: object) =>
  app.inject(payload === undefined ? { method: 'GET', url } : { method: 'POST', url, payload });

async function issuePaper(
  app: FastifyInstance,
  kind = 'health-code',
  change: object = {},
): Promise<CredentialView> {
  const response = await inject(app, '/v1/credentials', {
    ...issueRequest(kind, { forms: ['screen', 'paper'] }),
    ...change,
  });
  if (response.statusCode !== 201) throw new Error(response.body);
  return response.json();
}

t.test('a typed short id is answered as the code on the paper is, through every change', async (t) => {
  const { localApp } = await openQuietNode(t, privateFolder(t));
  const { id, encodings } = await issuePaper(localApp);
  const [screen, paper] = encodings;
  t.match(paper?.shortId, /^[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}$/);
  t.equal(screen?.shortId, null);
  t.equal(screen?.sheets, null);
  const shortId = paper?.shortId ?? '';
  const same = async (decision: string, reason: string) => {
    const typed = (await inject(localApp, '/v1/verify/short-id', { shortId })).json();
    const scanned = (await inject(localApp, '/v1/verify', { code: paper?.code })).json();
    const ages = { statusAgeSeconds: 0, trustAgeSeconds: 0 };
    t.same({ ...typed, ...ages }, { ...scanned, ...ages });
    t.match(typed, { decision, reason });
  };
  await same('admit', 'ok');
  const lost = await inject(localApp, '/v1/papers/lost', { shortId: shortId.toLowerCase(), reason: 'lost' });
  t.equal(lost.statusCode, 200);
  t.match(lost.json(), { id, state: 'active', published: true, logSeq: Number });
  t.match(lost.json().encodings, [{ revokedAlone: false }, { revokedAlone: true, status: 1 }]);
  await same('refuse', 'revoked');
  t.match((await inject(localApp, '/v1/verify', { code: screen?.code })).json(), { decision: 'admit' });
  t.equal((await inject(localApp, '/v1/papers/lost', { shortId, reason: 'lost' })).json().logSeq, null);
});

t.test('what is no short id, and one of nobody, are told apart', async (t) => {
  const { localApp } = await openQuietNode(t, privateFolder(t));
  for (const url of ['/v1/verify/short-id', '/v1/papers/lost']) {
    const ask = async (shortId: unknown) => {
      const body = url.endsWith('lost') ? { shortId, reason: 'lost' } : { shortId };
      const response = await inject(localApp, url, body);
      return [response.statusCode, response.json().code, response.json().rule];
    };
    t.same(await ask('7K3Q-MXW2-PD41'), [404, 'not_found', undefined]);
    t.same(await ask('7K3Q-MXW2-PD42'), [400, 'invalid_request', 'check_character']);
    t.same(await ask('7K3Q'), [400, 'invalid_request', 'length']);
    t.equal((await ask('7'.repeat(65)))[0], 400);
    t.equal((await ask(7))[0], 400);
  }
});

t.test('a sheet is for live paper, and says what the code says', async (t) => {
  const { localApp } = await openQuietNode(t, privateFolder(t));
  const { id, encodings } = await issuePaper(localApp, 'driving-licence');
  const base = `/v1/credentials/${id}/encodings`;
  t.match(encodings[1]?.sheets, {
    card: new RegExp(`${base}/2/card.html$`),
    a4: new RegExp(`${base}/2/a4.html$`),
  });
  for (const layout of ['card', 'a4']) {
    const sheet = await inject(localApp, `${base}/2/${layout}.html`);
    t.match(sheet.headers, {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': /^default-src 'none'; style-src 'sha256-/,
      'cache-control': 'no-store',
    });
    t.match(sheet.body, encodings[1]?.shortId ?? '');
    t.match(sheet.body, '工作人员请扫此码，并核对身份证件');
    t.match(sheet.body, 'Staff scan this; compare the ID card');
    t.match(sheet.body, '有效期至');
    const { holderName, holderId } = issueRequest('driving-licence').claims;
    t.notMatch(sheet.body, String(holderName), 'the name is masked');
    t.notMatch(sheet.body, String(holderId), 'the number is not there');
  }
  t.equal((await inject(localApp, `${base}/1/card.html`)).statusCode, 404, 'a screen is no paper');
  t.equal((await inject(localApp, `${base}/3/card.html`)).statusCode, 404);
  t.equal((await inject(localApp, `${base}/0/card.html`)).statusCode, 400);
  t.equal((await inject(localApp, `/v1/credentials/${'a'.repeat(26)}/encodings/1/a4.html`)).statusCode, 404);
  await inject(localApp, '/v1/papers/lost', { shortId: encodings[1]?.shortId, reason: 'lost' });
  const dead = await inject(localApp, `${base}/2/card.html`);
  t.same([dead.statusCode, dead.json().rule], [409, 'dead_code']);
});

t.test('each surface has its scopes', async (t) => {
  const app = await buildTwinApp(t);
  const shortId = '7K3Q-MXW2-PD41';
  const rows = [
    ['/v1/verify/short-id', { shortId }, ['verify']],
    ['/v1/papers/lost', { shortId, reason: 'lost' }, ['issue', 'revoke']],
  ] as const;
  for (const [url, payload, allowed] of rows) {
    for (const scope of ['issue', 'revoke', 'verify', 'admin'] as const) {
      const { statusCode } = await app.inject({ method: 'POST', url, headers: bearer(scope), payload });
      t.equal(statusCode, (allowed as readonly string[]).includes(scope) ? 404 : 403, `${url} ${scope}`);
    }
  }
});
