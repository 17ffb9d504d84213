// A node in a network, with everybody who may come to it: how each of them asks for a route.

import type { InjectOptions, LightMyRequestResponse } from 'fastify';
import type { Test } from 'tap';
import { SCOPES, type Scope } from '../../../src/core/issue/principal.js';
import { nonce, offer, openScene, PUBLIC_URL, type Scene, tokenFor } from '../../support/claiming.js';
import { createPhone, type Phone } from '../../support/holder.js';
import { newPerson } from '../../support/officers.js';
import { privateFolder } from '../../support/open-node.js';
import { enrolSite } from '../../support/site-device.js';

export interface Visitor {
  readonly name: string;
  readonly ask: (request: Request) => Promise<LightMyRequestResponse>;
}

export interface Request extends InjectOptions {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly url: string;
}

export interface Realm {
  readonly node: Scene;
  /** In the order of the matrix's columns. */
  readonly principals: readonly Visitor[];
  /** A credential of 330102 that exists. */
  readonly credential: string;
  /** A sound request for a credential, which the token alone decides about; a new one each time. */
  readonly claimBody: () => Promise<object>;
}

/** Somewhere else than this machine. */
const ELSEWHERE = { remoteAddress: '203.0.113.9' };
/** As the first page of this machine asks. */
const FIRST_PAGE = { host: '127.0.0.1', 'sec-fetch-site': 'same-origin' };
/** Of a network that nobody has signed anything for. */
const PIN = 'A'.repeat(43);

export async function openRealm(t: Test): Promise<Realm> {
  const node = await openScene(t, privateFolder(t), {
    YIMA_DEMO: 'on',
    YIMA_TRUST_PIN: PIN,
    YIMA_TRUST_HUB: 'on',
    YIMA_TRUST_WITNESS: 'on',
    YIMA_RATE_LIMIT_PER_MINUTE: '0',
    YIMA_VERIFY_RATE_LIMIT_PER_MINUTE: '0',
    YIMA_SHORT_ID_RATE_LIMIT_PER_MINUTE: '0',
  });
  const phone = createPhone();
  const principals = [...strangers(node), ...(await keysOf(node)), ...(await devicesOf(node, phone))];
  return {
    node,
    principals,
    credential: (await offer(node)).credential,
    claimBody: async () => {
      const proof = phone.claimProof(PUBLIC_URL, await nonce(node), node.now.at);
      return { credential_configuration_id: 'health-code', proofs: { jwt: [proof] } };
    },
  };
}

const visitor =
  ({ app }: Pick<Scene, 'app'>) =>
  (name: string, headers: Readonly<Record<string, string>>, more: object = ELSEWHERE): Visitor => ({
    name,
    ask: (request) => app.inject({ ...request, ...more, headers }),
  });

function strangers(node: Scene): readonly Visitor[] {
  const as = visitor(node);
  return [
    as('nobody', {}),
    as('nobody on this machine', FIRST_PAGE, {}),
    { name: 'socket', ask: (request) => node.localApp.inject(request) },
    as('false key', { authorization: `Bearer yk_${'a'.repeat(16)}_${'a'.repeat(52)}` }),
  ];
}

interface NewKey {
  readonly key: string;
  readonly id: string;
}

async function keysOf(node: Scene): Promise<readonly Visitor[]> {
  const as = visitor(node);
  const { access, now } = node;
  const make = async (actor: string, scopes: readonly Scope[], expiresAt: number | null = null) => {
    const publicKey = scopes.includes('officer') ? { publicKey: newPerson().publicKey } : {};
    const { row, secret } = await access.create(actor, {
      name: scopes.join(' '),
      scopes,
      expiresAt,
      ...publicKey,
    });
    return { key: secret, id: row.id };
  };
  const bearer = ({ key }: NewKey) => ({ authorization: `Bearer ${key}` });
  const everything: readonly Scope[] = ['issue', 'verify', 'revoke', 'admin'];
  const maker = await make('local', ['admin']);
  const second = await make('local', ['admin']);
  const revoked = await make('local', everything);
  await access.revoke('local', revoked.id);
  const expired = await make('local', everything, now.at + 60);
  const unconfirmed = await make(maker.id, ['officer']);
  const officer = await make(maker.id, ['officer']);
  const rules = await make(maker.id, ['rules']);
  for (const { id } of [officer, rules]) await access.confirm(second.id, id);
  const confirmed: Partial<Record<Scope, NewKey>> = { officer, rules };
  now.at += 60;
  const byScope: Visitor[] = [];
  for (const scope of SCOPES)
    byScope.push(as(`key ${scope}`, bearer(confirmed[scope] ?? (await make('local', [scope])))));
  const office = async (name: string, bounds: object): Promise<Visitor> => {
    const request = { name: 'office', scopes: ['issue', 'revoke'], expiresAt: null, ...bounds } as const;
    return as(name, { authorization: `Bearer ${(await access.create('local', request)).secret}` });
  };
  return [
    as('revoked key', bearer(revoked)),
    as('expired key', bearer(expired)),
    as('unconfirmed officer', bearer(unconfirmed)),
    ...byScope,
    await office('office of its region', { region: '330102' }),
    await office('office of another region', { region: '330106' }),
    await office('office of another kind', { kinds: ['food-handler'] }),
  ];
}

async function devicesOf(node: Scene, phone: Phone): Promise<readonly Visitor[]> {
  const as = visitor(node);
  const site = await enrolSite(node, PUBLIC_URL, () => node.now.at);
  const token = await tokenFor(node, await offer(node));
  return [
    {
      name: 'site',
      ask: async (request) => {
        const headers = await site.header(request.method, request.url);
        return node.app.inject({ ...request, ...ELSEWHERE, headers });
      },
    },
    {
      name: 'holder',
      ask: (request) => {
        const uri = `${PUBLIC_URL}${request.url}`;
        const headers = { authorization: phone.authorization(request.method, uri, node.now.at) };
        return node.app.inject({ ...request, ...ELSEWHERE, headers });
      },
    },
    as('claim token', { authorization: `Bearer ${token}` }),
  ];
}
