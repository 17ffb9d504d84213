// A node with a health code that a rule turned red, three officers and their keys.

import type { FastifyInstance } from 'fastify';
import type { Test } from 'tap';
import { openNode } from '../../../src/server/node.js';
import { issueRequest } from '../../support/office.js';
import { newPerson, type Person, proposed, signed, withNonce } from '../../support/officers.js';
import { privateFolder, quietConfig } from '../../support/open-node.js';

export const NOW = 1_790_000_000;
export const RULE = {
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

export async function ask(
  app: FastifyInstance,
  url: string,
  payload?: object,
  key?: string,
): Promise<Answer> {
  const response = await app.inject({
    method: payload === undefined ? 'GET' : 'POST',
    url,
    headers: { 'idempotency-key': 'a', ...(key === undefined ? {} : { authorization: `Bearer ${key}` }) },
    ...(payload === undefined ? {} : { payload }),
  });
  return { ...response.json(), http: response.statusCode };
}

export async function openAppealWorld(t: Test) {
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
  return { node, app, localApp, id: String(id), code: code ?? '', first, second, third, service };
}
