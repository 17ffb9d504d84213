// Asks the node, each time with a proof by this device's key. What went wrong is a value with a name.

import { encodeBase64url } from '../../core/codec/base64url.js';
import { SITE_PROOF_TYPE } from '../../core/issue/site-table.js';
import { ENROL_KID } from '../../core/issue/sites.js';
import { createProof } from '../../core/signature/request-proof.js';

const P256 = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const ES256 = { name: 'ECDSA', hash: 'SHA-256' } as const;
const TIMEOUT_MS = 10_000;

export interface Prover {
  /** The site's id; `enrol` before there is one. */
  readonly kid: string;
  readonly audience: string;
  readonly privateKey: CryptoKey;
  /** Epoch seconds by the node's clock. */
  readonly now: () => number;
}

/**
 * `unreachable`: no answer. `busy`: too many requests, or the node is in trouble. `revoked`: this checkpoint is no more. `clock`: proofs
 * are of another time. `refused`: any other answer that is none.
 */
export type AskFailure = 'unreachable' | 'busy' | 'revoked' | 'clock' | 'refused';

export type Asked =
  | { readonly ok: true; readonly response: Response; readonly offset: number | null }
  | { readonly ok: false; readonly failure: AskFailure; readonly offset: number | null };

export interface AskOptions {
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly timeoutMs?: number;
}

export async function makeSiteKey(): Promise<{ privateKey: CryptoKey; publicKey: JsonWebKey }> {
  const pair = await crypto.subtle.generateKey(P256, false, ['sign', 'verify']);
  const { kty = '', crv = '', x = '', y = '' } = await crypto.subtle.exportKey('jwk', pair.publicKey);
  return { privateKey: pair.privateKey, publicKey: { kty, crv, x, y, alg: 'ES256' } };
}

export function proofOf(
  { kid, audience, privateKey, now }: Prover,
  htm: string,
  htu: string,
): Promise<string> {
  const jti = encodeBase64url(crypto.getRandomValues(new Uint8Array(16)));
  return createProof(
    { alg: 'ES256', typ: SITE_PROOF_TYPE, kid },
    { aud: audience, htm, htu, iat: Math.floor(now()), jti },
    async (message) => new Uint8Array(await crypto.subtle.sign(ES256, privateKey, Uint8Array.from(message))),
  );
}

/** Seconds to add to this device's clock, from the `Date` of an answer. */
function offsetOf(response: Response, askedMs: number): number | null {
  const served = Date.parse(response.headers.get('date') ?? '');
  return Number.isNaN(served) ? null : (served + 500 - (askedMs + Date.now()) / 2) / 1000;
}

async function failureOf(response: Response): Promise<AskFailure> {
  if (response.status === 429 || response.status >= 500) return 'busy';
  const { rule } = (await response.json().catch(() => ({}))) as { readonly rule?: string };
  if (rule === 'site_revoked') return 'revoked';
  return rule === 'proof_time' ? 'clock' : 'refused';
}

/** One request; 304 counts as an answer. */
export async function ask(prover: Prover, path: string, options: AskOptions = {}): Promise<Asked> {
  const { method = 'GET', headers = {}, body, timeoutMs = TIMEOUT_MS } = options;
  const authorization = `Site ${await proofOf(prover, method, path)}`;
  return send(path, method, { ...headers, authorization }, body, timeoutMs);
}

async function send(
  path: string,
  method: string,
  headers: Record<string, string>,
  body: unknown,
  timeoutMs: number,
): Promise<Asked> {
  const askedMs = Date.now();
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      cache: 'no-store',
      signal: AbortSignal.timeout(timeoutMs),
    });
  } catch {
    return { ok: false, failure: 'unreachable', offset: null };
  }
  const offset = offsetOf(response, askedMs);
  if (response.ok || response.status === 304) return { ok: true, response, offset };
  return { ok: false, failure: await failureOf(response), offset };
}

/** What a node answers to a device that enrols. */
export interface EnrolledAnswer {
  readonly id: string;
  readonly name: string;
  readonly region: string;
  readonly audience: string;
}

/** Twice where this device's clock was wrong: the first answer says how much. */
export async function enrolAt(
  code: string,
  key: Awaited<ReturnType<typeof makeSiteKey>>,
): Promise<{ readonly site: EnrolledAnswer; readonly offset: number } | AskFailure> {
  let offset = 0;
  for (let attempt = 0; attempt < 2; attempt++) {
    const now = (): number => Date.now() / 1000 + offset;
    const prover = { kid: ENROL_KID, audience: location.origin, privateKey: key.privateKey, now };
    const path = '/scan/enrolment';
    const proof = await proofOf(prover, 'POST', path);
    const asked = await send(path, 'POST', {}, { code, publicKey: key.publicKey, proof }, TIMEOUT_MS);
    offset = asked.offset ?? offset;
    if (asked.ok) return { site: (await asked.response.json()) as EnrolledAnswer, offset };
    if (asked.failure !== 'clock') return asked.failure;
  }
  return 'clock';
}
