// The steps of a claim against a node in this process, each answer as it came.

import type { LightMyRequestResponse } from 'fastify';
import type { Test } from 'tap';
import { openNode, type YimaNode } from '../../src/server/node.js';
import type { Phone } from './holder.js';
import { issueRequest, NOW } from './office.js';
import { quietConfig } from './open-node.js';

export const PUBLIC_URL = 'http://127.0.0.1:3000';

export const PRE_AUTHORIZED = 'urn:ietf:params:oauth:grant-type:pre-authorized_code';

/** A node whose clock the test sets. */
export interface Scene extends YimaNode {
  readonly now: { at: number };
}

export async function openScene(
  t: Test,
  dataDir: string,
  settings: Readonly<Record<string, string>> = {},
  at = NOW,
): Promise<Scene> {
  const now = { at };
  const config = quietConfig(dataDir, { YIMA_PUBLIC_URL: PUBLIC_URL, YIMA_REGION: '3301', ...settings });
  const node = await openNode(config, { clock: () => now.at, steady: () => now.at * 1000 });
  t.teardown(() => node.close());
  return { ...node, now };
}

export interface Offered {
  readonly credential: string;
  readonly code: string;
  readonly txCode: string;
  readonly offerUri: string;
  readonly walletUrl: string;
}

/** Issues a credential and offers it. */
export async function offer(
  { localApp }: Pick<YimaNode, 'localApp'>,
  kind = 'health-code',
  request: object = {},
  offered: object = {},
): Promise<Offered> {
  const issued = await localApp.inject({
    method: 'POST',
    url: '/v1/credentials',
    payload: { ...issueRequest(kind), ...request },
  });
  if (issued.statusCode !== 201) throw new Error(issued.payload);
  return offerAgain({ localApp }, issued.json().id, offered);
}

export async function offerAgain(
  { localApp }: Pick<YimaNode, 'localApp'>,
  credential: string,
  offered: object = {},
): Promise<Offered> {
  const made = await localApp.inject({
    method: 'POST',
    url: `/v1/credentials/${credential}/offers`,
    payload: offered,
  });
  if (made.statusCode !== 201) throw new Error(made.payload);
  const { offerUri, walletUrl, txCode } = made.json();
  return { credential, code: codeIn(offerUri), txCode, offerUri, walletUrl };
}

export function codeIn(offerUri: string): string {
  const address = new URL(offerUri).searchParams.get('credential_offer_uri') ?? '';
  return address.slice(address.lastIndexOf('/') + 1);
}

export function redeem(
  { app }: Pick<YimaNode, 'app'>,
  code: string,
  txCode: string,
): Promise<LightMyRequestResponse> {
  return app.inject({
    method: 'POST',
    url: '/openid4vci/token',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: new URLSearchParams({
      grant_type: PRE_AUTHORIZED,
      'pre-authorized_code': code,
      tx_code: txCode,
    }).toString(),
  });
}

/** @throws Error when the code is not good */
export async function tokenFor(node: Pick<YimaNode, 'app'>, { code, txCode }: Offered): Promise<string> {
  const response = await redeem(node, code, txCode);
  if (response.statusCode !== 200) throw new Error(response.payload);
  return response.json().access_token;
}

export async function nonce({ app }: Pick<YimaNode, 'app'>): Promise<string> {
  return (await app.inject({ method: 'POST', url: '/openid4vci/nonce' })).json().c_nonce;
}

export function ask(
  { app }: Pick<YimaNode, 'app'>,
  token: string,
  payload: object,
): Promise<LightMyRequestResponse> {
  return app.inject({
    method: 'POST',
    url: '/openid4vci/credential',
    headers: { authorization: `Bearer ${token}` },
    payload,
  });
}

/** With a fresh nonce. */
export async function claim(
  node: Scene,
  token: string,
  phone: Phone,
  configuration = 'health-code',
): Promise<LightMyRequestResponse> {
  const proof = phone.claimProof(PUBLIC_URL, await nonce(node), node.now.at);
  return ask(node, token, { credential_configuration_id: configuration, proofs: { jwt: [proof] } });
}

/** One request of the holder's surface. */
export function asHolder(
  { app, now }: Scene,
  phone: Phone,
  method: 'GET' | 'POST',
  path: string,
  payload?: object,
): Promise<LightMyRequestResponse> {
  const authorization = phone.authorization(method, `${PUBLIC_URL}${path}`, now.at);
  return app.inject({
    method,
    url: path,
    headers: { authorization },
    ...(payload === undefined ? {} : { payload }),
  });
}
