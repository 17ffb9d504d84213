// A red by rule, appealed against and given back, over HTTP with officers' own keys.

import type { FastifyInstance } from 'fastify';
import t, { type Test } from 'tap';
import { openNode } from '../../src/server/node.js';
import { issueRequest } from '../support/office.js';
import { newPerson, type Person, proposed, signed, withNonce } from '../support/officers.js';
import { privateFolder, quietConfig, verdict } from '../support/open-node.js';

const NOW = 1_790_000_000;
const RULE = {
  action: 'enact',
  id: 'close-contact',
  version: 1,
  kind: 'health-code',
  from: ['green'],
  to: 'red',
  text: { 'zh-CN': '密切接触者', en: 'Close contact' },
  purposes: ['outbreak'],
  capPerHour: 200,
  validFrom: 0,
};

type Answer = Readonly<Record<string, unknown>>;

async function ask(app: FastifyInstance, url: string, payload?: object, key?: string): Promise<Answer> {
  const response = await app.inject({
    method: payload === undefined ? 'GET' : 'POST',
    url,
    headers: { 'idempotency-key': 'a', ...(key === undefined ? {} : { authorization: `Bearer ${key}` }) },
    ...(payload === undefined ? {} : { payload }),
  });
  return { ...response.json(), http: response.statusCode };
}

async function openWorld(t: Test) {
  const config = quietConfig(privateFolder(t), { YIMA_RATE_LIMIT_PER_MINUTE: '0' });
  const node = await openNode(config, { clock: () => NOW, steady: () => 0 });
  t.teardown(() => node.close());
  const { app, localApp } = node;
  const admin = async (name: string) =>
    String((await ask(localApp, '/v1/api-keys', { name, scopes: ['admin'] }))['key']);
  const admins = [await admin('head a'), await admin('head b')] as const;
  const newKey = async (body: object): Promise<string> => {
    const made = await ask(app, '/v1/api-keys', body, admins[0]);
    const path = `/v1/api-keys/${made['id']}/confirmation`;
    const headers = { authorization: `Bearer ${admins[1]}` };
    const confirmed = await app.inject({ method: 'POST', url: path, headers });
    if (confirmed.statusCode !== 200) throw new Error(confirmed.payload);
    return String(made['key']);
  };
  const officer = async (name: string): Promise<Person & { key: string }> => {
    const person = newPerson();
    return { ...person, key: await newKey({ name, scopes: ['officer'], publicKey: person.publicKey }) };
  };
  const [first, second, third] = [await officer('one'), await officer('two'), await officer('three')];
  const service = await newKey({ name: 'rules', scopes: ['rules'] });

  const proposal = await ask(
    app,
    '/v1/proposals',
    proposed(first, 'rule', withNonce({ ...RULE }), NOW),
    first.key,
  );
  const jws = signed(second, String(proposal['hash']), 'approve', NOW);
  await ask(app, `/v1/proposals/${proposal['id']}/decision`, { action: 'approve', jws }, second.key);
  const { id, encodings } = await ask(localApp, '/v1/credentials', issueRequest());
  const [code] = (encodings as { code: string }[]).map((encoding) => encoding.code);
  const invocation = { version: 1, credentials: [id], purpose: 'outbreak', evidence: 'case 26-7' };
  await ask(app, '/v1/colour-rules/close-contact/invocations', invocation, service);
  return { node, app, localApp, id: String(id), code: code ?? '', first, second, third };
}

t.test('a red by rule is appealed against, judged by somebody else, and given back', async (t) => {
  const { node, app, localApp, id, code, first, second, third } = await openWorld(t);
  t.equal(await verdict(node, code), 'refuse/refused_by_policy');
  const record = () => ask(localApp, `/v1/credentials/${id}/record`);
  t.match(await record(), {
    status: { word: 'red' },
    changes: [
      { by: 'rule', rule: { id: 'close-contact', version: 1 }, ground: RULE.text, reason: 'outbreak' },
    ],
  });
  const figure = async (): Promise<string | undefined> => {
    const headers = { host: 'localhost' };
    const { payload } = await node.adminApp.inject({ url: '/metrics', headers });
    return /^yima_appeals_open (\S+)$/m.exec(payload)?.[1];
  };
  t.equal(await figure(), '0');
  const filed = await ask(localApp, `/v1/credentials/${id}/appeals`, {
    operator: 'desk-1',
    grounds: 'I was never there',
  });
  t.match(filed, { http: 201, state: 'open', dueAt: NOW + 15 * 86_400 });
  t.equal(await figure(), '1');

  const listed = await ask(app, '/v1/appeals', undefined, third.key);
  const [open] = listed['appeals'] as { id: string; hash: string }[];
  t.match(open, { id: filed['id'], grounds: 'I was never there', change: { evidence: 'case 26-7' } });
  const decide = (by: Person & { key: string }) => {
    const jws = signed(by, open?.hash ?? '', 'approve', NOW);
    return ask(app, `/v1/appeals/${open?.id}/decision`, { action: 'approve', jws }, by.key);
  };
  t.match(await decide(first), { http: 403, rule: 'took_part' }, 'who proposed the rule');
  t.match(await decide(second), { http: 403, rule: 'took_part' }, 'who put it in force');
  t.match(await decide(third), { http: 200, state: 'accepted' });
  t.equal(await verdict(node, code), 'admit/ok', 'the next scan says so');
  t.equal(await figure(), '0');
  t.match(await record(), { status: { word: 'green' }, changes: [{ by: 'appeal' }, { by: 'rule' }] });
  t.match(await decide(third), { http: 409 });
  t.match(await ask(localApp, '/v1/log/check'), { ok: true });
});
