// A node on which every request for a health code waits for a second person: over HTTP, by whoever may see it.

import t from 'tap';
import { openScene, type Scene } from '../support/claiming.js';
import { issueRequest } from '../support/office.js';
import { newPerson, signed } from '../support/officers.js';
import { privateFolder } from '../support/open-node.js';
import { refusal } from '../support/refusal.js';

type Headers = Readonly<Record<string, string>>;

async function openDesk(node: Scene) {
  const { access } = node;
  const make = async (by: string, request: object) => {
    const { row, secret } = await access.create(by, { name: 'key', expiresAt: null, ...request } as never);
    return { id: row.id, headers: { authorization: `Bearer ${secret}` } };
  };
  const [first, second] = [
    await make('local', { scopes: ['admin'] }),
    await make('local', { scopes: ['admin'] }),
  ];
  const person = newPerson();
  const officer = await make(first.id, { scopes: ['officer'], publicKey: person.publicKey });
  await access.confirm(second.id, officer.id);
  return {
    officer: officer.headers,
    person,
    office: (await make('local', { scopes: ['issue'], region: '330102', kinds: ['health-code'] })).headers,
    other: (await make('local', { scopes: ['issue'] })).headers,
    auditor: (await make('local', { scopes: ['audit'] })).headers,
  };
}

t.test('a request waits, an officer sees it and approves, and the office fetches it', async (t) => {
  const settings = { YIMA_SECOND_LOOK: 'health-code=1', YIMA_ISSUES_PER_DAY: 'health-code=2' };
  const node = await openScene(t, privateFolder(t), settings);
  const { officer, person, office, other, auditor } = await openDesk(node);
  const ask = async (headers: Headers, method: 'GET' | 'POST', url: string, payload?: object) => {
    const answer = await node.app.inject({
      method,
      url,
      headers,
      ...(payload === undefined ? {} : { payload }),
    });
    return { status: answer.statusCode, location: answer.headers.location, ...answer.json() };
  };
  const issue = () => ask(office, 'POST', '/v1/credentials', issueRequest());
  const held = await issue();
  t.match(held, { status: 202, state: 'open', kind: 'health-code', operator: 'desk-7', credential: null });
  const at = `/v1/held-issues/${held.id}`;
  t.equal(held.location, `http://127.0.0.1:3000${at}`);
  t.match(await ask(office, 'POST', `${at}/credential`), { status: 409, rule: 'open' });
  t.match(await ask(other, 'GET', at), { status: 404 });
  t.match(await ask(other, 'POST', `${at}/credential`), { status: 404 });
  t.match(await ask(auditor, 'GET', at), { status: 200, content: null });
  const seen = await ask(officer, 'GET', at);
  t.match(JSON.parse(seen.content), { claims: { holderName: String }, salt: String });
  const proposal = await ask(officer, 'GET', `/v1/proposals/${seen.proposal}`);
  t.match(proposal, { type: 'issue', state: 'open', body: { hold: held.id, operator: 'desk-7' } });
  const jws = signed(person, proposal.hash, 'approve', node.now.at);
  const decide = { action: 'approve', jws };
  t.match(await ask(officer, 'POST', `/v1/proposals/${proposal.id}/decision`, decide), { state: 'approved' });
  const issued = await ask(office, 'POST', `${at}/credential`);
  t.match(issued, { status: 201, kind: 'health-code', state: 'active', location: /\/v1\/credentials\// });
  t.match(await ask(office, 'POST', `${at}/credential`), { status: 200, id: issued.id });
  t.match(await ask(officer, 'GET', at), { state: 'issued', content: null, credential: issued.id });
  t.match(await issue(), { status: 202 });
  t.match(await issue(), {
    status: 429,
    code: 'rate_limited',
    rule: 'issue_quota',
    retryAfterSeconds: Number,
  });
});

t.test('a rule for a kind that does not exist stops the start', async (t) => {
  for (const name of ['YIMA_SECOND_LOOK', 'YIMA_ISSUES_PER_DAY']) {
    const opened = openScene(t, privateFolder(t), { [name]: 'health-kode=1' });
    t.match(await refusal(opened), { code: 'config_invalid', field: name });
  }
});
