// What the holder of a code asks its issuer: how it stands, a fresh one, why it changed, and to look at a change again. Every request
// is proven by the code's own key; there is no password and no cookie.

import type { Text } from '../../core/errors/reasons.js';
import type { DeviceKey } from './device-key.js';
import { type Heard, member, postJson, type Server } from './server.js';
import { randomId, signJws } from './sign-jws.js';

/** One change of a code, as its holder may read it. */
export interface RecordedChange {
  readonly id: string;
  /** Epoch seconds. */
  readonly at: number;
  readonly from: { readonly text: Text };
  readonly to: { readonly text: Text };
  readonly rule: { readonly id: string; readonly version: number } | null;
  /** The rule's own text, or who decided. */
  readonly ground: Text;
  readonly reason: string;
}

export interface RecordedAppeal {
  readonly id: string;
  readonly change: string;
  readonly state: 'open' | 'accepted' | 'rejected';
  readonly dueAt: number;
  readonly answer: string | null;
}

/** `changes` null: a kind without colours. The shapes are the server's promise (OpenAPI). */
export interface HolderRecord {
  readonly changes: readonly RecordedChange[] | null;
  readonly appeals: readonly RecordedAppeal[];
}

/** How the issuer says that a code stands. */
export interface HolderCredential {
  readonly id: string;
  readonly status: { readonly word: string };
}

export interface Holder {
  readonly key: DeviceKey;
  /** Epoch seconds by the server's clock. */
  readonly now: number;
}

async function askAs(
  { key, now }: Holder,
  server: Server,
  path: string,
  init: RequestInit = {},
): Promise<Heard | null> {
  const { method = 'GET' } = init;
  const claims = { aud: server.origin, htm: method, htu: path, iat: Math.floor(now), jti: randomId() };
  const proof = await signJws('yima-holder+jwt', claims, key);
  const headers = { accept: 'application/json', ...init.headers, authorization: `Holder ${proof}` };
  return server.ask(path, { ...init, headers });
}

/** The credential that a key is bound to: every key of this wallet has one. */
export async function askState(server: Server, holder: Holder): Promise<HolderCredential | Heard | null> {
  const heard = await askAs(holder, server, '/holder/credentials');
  const credentials = member(heard?.body, 'credentials');
  const [first] = Array.isArray(credentials) ? credentials : [];
  const id = member(first, 'id');
  const word = member(member(first, 'status'), 'word');
  return typeof id === 'string' && typeof word === 'string' ? { id, status: { word } } : heard;
}

function pathOf(credential: string, rest: string): string {
  return `/holder/credentials/${encodeURIComponent(credential)}/${rest}`;
}

/** A fresh code for the same key. */
export async function askFresh(server: Server, holder: Holder, credential: string): Promise<string | null> {
  const heard = await askAs(holder, server, pathOf(credential, 'refresh'), postJson({}));
  const code = member(heard?.body, 'code');
  return heard?.status === 200 && typeof code === 'string' ? code : null;
}

export async function askRecord(
  server: Server,
  holder: Holder,
  credential: string,
): Promise<HolderRecord | Heard | null> {
  const heard = await askAs(holder, server, pathOf(credential, 'history'));
  return heard?.status === 200 ? (heard.body as HolderRecord) : heard;
}

export async function fileAppeal(
  server: Server,
  holder: Holder,
  credential: string,
  appeal: { readonly change: string; readonly grounds: string },
): Promise<Heard | null> {
  return askAs(holder, server, pathOf(credential, 'appeals'), postJson(appeal));
}
