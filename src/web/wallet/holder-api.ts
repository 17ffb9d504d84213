// What the holder of a code asks its issuer: how it stands, a fresh one, why it changed, and to look at a change again. Every request
// is proven by the code's own key; there is no password and no cookie.

import { startHolderProof } from '../../core/envelope/holder-proof.js';
import type { Text } from '../../core/errors/reasons.js';
import { type DeviceKey, publicKeyOf, randomId, signWith } from './device-key.js';
import { type Heard, member, postJson, type Server } from './server.js';

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
  /** A status word of the kind; `moved`: it is on another phone now. */
  readonly word: string;
  /** The newest code for this key; null where there is none to show any more. */
  readonly code: string | null;
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
  const { origin } = server;
  const request = { audience: origin, method: init.method ?? 'GET', uri: `${origin}${path}` };
  const proof = startHolderProof(publicKeyOf(key), request, Math.floor(now), randomId());
  const authorization = `Holder ${proof.signedWith(await signWith(key, proof.message))}`;
  return server.ask(path, {
    ...init,
    headers: { accept: 'application/json', ...init.headers, authorization },
  });
}

/** The credential that a key is bound to: every key of this wallet has one. Else what was heard instead. */
export async function askState(server: Server, holder: Holder): Promise<HolderCredential | Heard | null> {
  const heard = await askAs(holder, server, '/holder/credentials');
  const credentials = member(heard?.body, 'credentials');
  const ours = Array.isArray(credentials)
    ? credentials.map(readCredential).find((each) => each !== null)
    : undefined;
  return ours ?? heard;
}

/** null for another form than ours. */
function readCredential(value: unknown): HolderCredential | null {
  const id = member(value, 'id');
  const code = member(value, 'code');
  const word = member(value, 'state') === 'moved' ? 'moved' : member(member(value, 'status'), 'word');
  if (member(value, 'form') !== 'device' || typeof id !== 'string' || typeof word !== 'string') return null;
  return { id, word, code: typeof code === 'string' ? code : null };
}

function pathOf(credential: string, rest: string): string {
  return `/holder/credentials/${encodeURIComponent(credential)}/${rest}`;
}

/** A fresh code for the same key; null where there is none to be had now. */
export async function askFresh(server: Server, holder: Holder, credential: string): Promise<string | null> {
  const heard = await askAs(holder, server, pathOf(credential, 'refresh'), { method: 'POST' });
  return heard?.status === 200 ? (readCredential(heard.body)?.code ?? null) : null;
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
