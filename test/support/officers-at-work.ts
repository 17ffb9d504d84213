// Three officers with keys of their own and a rule service at a node, and a rule that turns green to red.

import type { FastifyInstance } from 'fastify';
import { newPerson, type Person, proposed, signed, withNonce } from './officers.js';

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

export type Officer = Person & { readonly key: string };

interface Apps {
  readonly app: FastifyInstance;
  readonly localApp: FastifyInstance;
}

/** @returns officers one to three, of whom the first two put the rule in force, the key that carries it out, and a desk's key */
export async function putOfficersToWork({ app, localApp }: Apps, now: number) {
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
  const officer = async (name: string): Promise<Officer> => {
    const person = newPerson();
    return { ...person, key: await newKey({ name, scopes: ['officer'], publicKey: person.publicKey }) };
  };
  const [first, second, third] = [await officer('one'), await officer('two'), await officer('three')];
  const service = await newKey({ name: 'rules', scopes: ['rules'] });
  const proposal = await ask(
    app,
    '/v1/proposals',
    proposed(first, 'rule', withNonce({ ...RULE }), now),
    first.key,
  );
  const jws = signed(second, String(proposal['hash']), 'approve', now);
  await ask(app, `/v1/proposals/${proposal['id']}/decision`, { action: 'approve', jws }, second.key);
  const desk = await ask(app, '/v1/api-keys', { name: 'desk', scopes: ['issue', 'verify'] }, admins[0]);
  return { first, second, third, service, desk: String(desk['key']) };
}

/** Carries the rule out on one credential. */
export function turnRed({ app }: Pick<Apps, 'app'>, service: string, id: string): Promise<Answer> {
  const invocation = { version: 1, credentials: [id], purpose: 'outbreak', evidence: 'case 26-7' };
  return ask(app, '/v1/colour-rules/close-contact/invocations', invocation, service);
}
