// An office issues, reads and revokes what is of its region and kinds; a checkpoint's key speaks for that checkpoint. At a real node.

import t, { type Test } from 'tap';
import { openScene, type Scene } from '../support/claiming.js';
import { issueRequest } from '../support/office.js';
import { privateFolder } from '../support/open-node.js';

type Method = 'GET' | 'POST';

async function keyOf({ access }: Scene, bounds: object, scopes: readonly string[] = ['issue', 'revoke']) {
  const request = { name: 'office', scopes, expiresAt: null, ...bounds } as never;
  const { secret } = await access.create('local', request);
  return { authorization: `Bearer ${secret}` };
}

async function open(t: Test) {
  const node = await openScene(t, privateFolder(t));
  const ask = async (
    headers: Readonly<Record<string, string>>,
    method: Method,
    url: string,
    payload?: object,
  ) => {
    const answer = await node.app.inject({
      method,
      url,
      headers,
      ...(payload === undefined ? {} : { payload }),
    });
    const type = String(answer.headers['content-type']);
    return { status: answer.statusCode, ...(type.includes('json') ? answer.json() : {}) };
  };
  const issue = (headers: Readonly<Record<string, string>>, kind: string, region: string) =>
    ask(headers, 'POST', '/v1/credentials', { ...issueRequest(kind), region, forms: ['screen', 'paper'] });
  return { node, ask, issue };
}

const OUT = { status: 403, code: 'forbidden', rule: 'out_of_reach' };

t.test('an office issues for its region and kinds alone', async (t) => {
  const { node, issue } = await open(t);
  const bound = await keyOf(node, { region: '330102', kinds: ['health-code'] });
  t.match(await issue(bound, 'health-code', '330102'), { status: 201 });
  t.match(await issue(bound, 'health-code', '330106'), OUT, 'another region of this node');
  t.match(await issue(bound, 'food-handler', '330102'), OUT, 'another kind');
  const city = await keyOf(node, { region: '3301' });
  for (const region of ['330102', '330106'])
    t.match(await issue(city, 'health-code', region), { status: 201 });
  const elsewhere = await keyOf(node, { region: '3302' });
  t.match(await issue(elsewhere, 'health-code', '330102'), OUT);
  t.match(
    await issue(elsewhere, 'health-code', '330203'),
    { status: 400, field: 'region' },
    'a key’s region gives no more than the node’s',
  );
});

t.test('what lies beyond its reach an office neither sees nor touches', async (t) => {
  const { node, ask, issue } = await open(t);
  const free = await keyOf(node, {});
  const { id, encodings } = await issue(free, 'health-code', '330102');
  const { shortId } = encodings[1];
  const at = `/v1/credentials/${id}`;
  const asks: readonly [Method, string, object?][] = [
    ['GET', at],
    ['GET', `${at}/qr.svg`],
    ['GET', `${at}/qr.png`],
    ['GET', `${at}/encodings/2/card.html`],
    ['GET', `${at}/encodings/2/a4.html`],
    ['GET', `${at}/record`],
    ['POST', `${at}/offers`, {}],
    ['POST', `${at}/encodings`, { form: 'paper', reason: 'lost' }],
    ['POST', `${at}/appeals`, { operator: 'desk', grounds: 'none' }],
    ['POST', '/v1/papers/lost', { shortId, reason: 'lost' }],
    ['POST', '/v1/revocations', { dryRun: true, scope: { kind: 'health-code', region: '3301' } }],
    ['POST', '/v1/revocations', { dryRun: true, scope: { batch: 'one' } }],
    ['GET', `/v1/revocations/${'a'.repeat(26)}`],
    ['POST', '/v1/translations', { code: 'YM1:X', operator: 'desk', evidence: 'case' }],
    ['POST', `${at}/status`, { action: 'revoke', reason: 'fraud' }],
  ];
  for (const bounds of [
    { region: '330106' },
    { kinds: ['food-handler'] },
    { region: '3302', kinds: ['health-code'] },
  ]) {
    const bound = await keyOf(node, bounds);
    for (const [method, url, payload] of asks)
      t.match(await ask(bound, method, url, payload), OUT, `${method} ${url} ${JSON.stringify(bounds)}`);
    t.match(await ask(bound, 'GET', `/v1/credentials/${'a'.repeat(26)}`), { status: 404 });
    t.match(await ask(bound, 'GET', '/v1/colour-rules'), { status: 200 });
  }
  t.match(await ask(free, 'GET', at), { status: 200, status_: undefined }, 'nothing was changed');
  const own = await keyOf(node, { region: '330102', kinds: ['health-code'] });
  const count = { dryRun: true, scope: { kind: 'health-code', region: '330102' } };
  t.match(await ask(own, 'POST', '/v1/revocations', count), { status: 200, count: 1 });
  t.match(await ask(own, 'POST', '/v1/papers/lost', { shortId, reason: 'lost' }), { status: 200 });
  t.match(await ask(own, 'POST', `${at}/status`, { action: 'revoke', reason: 'fraud' }), { status: 200 });
});

t.test('a checkpoint’s key speaks for that checkpoint, here and in batches', async (t) => {
  const { node, ask, issue } = await open(t);
  const gate = await keyOf(node, { site: '东门' }, ['verify']);
  const { encodings } = await issue(await keyOf(node, {}), 'health-code', '330102');
  const { code } = encodings[0];
  const OTHER = { status: 403, rule: 'other_site' };
  t.match(await ask(gate, 'POST', '/v1/verify', { code }), { status: 200, decision: 'admit' });
  t.match(await ask(gate, 'POST', '/v1/verify', { code, site: '东门' }), { decision: 'admit' });
  t.match(await ask(gate, 'POST', '/v1/verify', { code, site: '西门' }), OTHER);
  const batch = await node.app.inject({
    method: 'POST',
    url: '/v1/verify/batch',
    headers: { ...gate, 'content-type': 'application/x-ndjson' },
    payload: `${JSON.stringify({ id: 'a', code, site: '西门' })}\n${JSON.stringify({ id: 'b', code })}\n`,
  });
  const [refused, judged] = batch.payload
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  t.match(JSON.stringify(refused), /other_site/);
  t.match(JSON.stringify(judged), /"admit"/);
});
