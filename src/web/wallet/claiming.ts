// Claiming a code by OpenID4VCI 1.0, pre-authorised flow. Every step is kept before the next is taken, so that a claim is finished
// once, whatever goes away in the middle: the server gives the same key the same code again.

import { startClaimProof } from '../../core/envelope/claim-proof.js';
import { type DeviceKey, publicKeyOf, signWith } from './device-key.js';
import { readCode } from './held-code.js';
import type { Offer } from './offer.js';
import { type Heard, member, postJson, type Server } from './server.js';
import type { WalletTrouble } from './trouble.js';

/** A step's outcome. `over`: the offer is of no use any more. */
export type Step<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly trouble: WalletTrouble; readonly over: boolean };

const GRANT = 'urn:ietf:params:oauth:grant-type:pre-authorized_code';

function fail(word: WalletTrouble['word'], over = false, params: WalletTrouble['params'] = {}): Step<never> {
  return { ok: false, trouble: { word, params }, over };
}

/** What every step has in common: no answer, a busy server, a server that failed. */
function common(heard: Heard | null): Step<never> {
  if (heard === null) return fail('trouble.claim_unreachable');
  if (heard.status === 429 || heard.status === 503) {
    return fail('trouble.too_many', false, { s: heard.waitSeconds });
  }
  return fail('trouble.claim_failed');
}

export async function readOffer(server: Server, uri: string): Promise<Step<Offer>> {
  const heard = await server.ask(uri, { headers: { accept: 'application/json' } });
  if (heard?.status === 404 || heard?.status === 410) return fail('trouble.offer_gone', true);
  if (heard?.status !== 200) return common(heard);
  const offer = parseOffer(heard.body);
  return offer === null ? fail('trouble.unreadable', true) : { ok: true, value: offer };
}

function parseOffer(body: unknown): Offer | null {
  const issuer = member(body, 'credential_issuer');
  const configurations = member(body, 'credential_configuration_ids');
  const grant = member(member(body, 'grants'), GRANT);
  const preAuthorised = member(grant, 'pre-authorized_code');
  if (!Array.isArray(configurations) || typeof preAuthorised !== 'string') return null;
  const ours = configurations.find(
    (each): each is string => typeof each === 'string' && !each.endsWith('_dc+sd-jwt'),
  );
  if (ours === undefined || typeof issuer !== 'string') return null;
  const txCode = member(grant, 'tx_code');
  const length = member(txCode, 'length');
  return {
    kind: ours,
    issuer,
    preAuthorised,
    codeLength: txCode === undefined ? null : typeof length === 'number' ? length : 0,
  };
}

/** Changes the claim code for a token. */
export async function askToken(server: Server, offer: Offer, txCode: string): Promise<Step<string>> {
  const form = new URLSearchParams({ grant_type: GRANT, 'pre-authorized_code': offer.preAuthorised });
  if (offer.codeLength !== null) form.set('tx_code', txCode);
  const heard = await server.ask('/openid4vci/token', { method: 'POST', body: form });
  const token = member(heard?.body, 'access_token');
  if (heard?.status === 200 && typeof token === 'string') return { ok: true, value: token };
  if (heard?.status === 400) return refusedToken(heard.body);
  return common(heard);
}

function refusedToken(body: unknown): Step<never> {
  const left = member(body, 'attempts_left');
  if (typeof left !== 'number') return fail('trouble.offer_gone', true);
  return left > 0 ? fail('trouble.code_wrong_left', false, { n: left }) : fail('trouble.code_locked', true);
}

/**
 * Proves the key and takes the code. Asked again with the same token and key, the answer is the same. `over` says that the token is of
 * no more use.
 */
export async function askCredential(
  server: Server,
  { kind, issuer }: Offer,
  token: string,
  key: DeviceKey,
  now: number,
): Promise<Step<string>> {
  const nonce = await server.ask('/openid4vci/nonce', { method: 'POST' });
  const challenge = member(nonce?.body, 'c_nonce');
  if (nonce?.status !== 200 || typeof challenge !== 'string') return common(nonce);
  const proof = startClaimProof(publicKeyOf(key), issuer, challenge, Math.floor(now));
  const jwt = proof.signedWith(await signWith(key, proof.message));
  const body = { credential_configuration_id: kind, proofs: { jwt: [jwt] } };
  const heard = await server.ask(
    '/openid4vci/credential',
    postJson(body, { authorization: `Bearer ${token}` }),
  );
  const refused = member(heard?.body, 'error');
  if (heard?.status === 401 || refused === 'credential_request_denied') {
    return fail('trouble.offer_gone', true);
  }
  if (heard?.status !== 200) return common(heard);
  const code = codeOf(heard.body);
  return code === null ? fail('trouble.claim_failed') : { ok: true, value: code };
}

/** The `YM1` of the answer, if it can be shown. */
function codeOf(body: unknown): string | null {
  const credentials = member(body, 'credentials');
  const code = Array.isArray(credentials) ? member(credentials[0], 'credential') : undefined;
  if (typeof code !== 'string') return null;
  try {
    readCode(code);
    return code;
  } catch {
    return null;
  }
}
