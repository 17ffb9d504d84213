// Credentials as the log tells them, what was issued and every change of state since: the one replay that the audit judges the
// store by and that a restoration writes back.

import { utf8Encode } from '../codec/bytes.js';
import { canonicalJson } from '../codec/json.js';
import { hexHash, type Sha256 } from '../signature/public-key.js';
import { issuedBody, releasedBody } from './issued-body.js';
import { encodingValue } from './state-change.js';
import type { CredentialRow, EncodingRow, LogRow, StoredCredential } from './store.js';
import { type ToldColour, type ToldColourChanges, tellColourChange } from './told-colour-changes.js';

/** What the log tells of one credential. */
export interface ToldCredential {
  /** Digest of the canonical JSON of what was issued, with each encoding added since. */
  issued: string;
  /** How many encodings it was issued with. */
  readonly first: number;
  revoked: boolean;
  suspended: boolean;
  level: number;
  /** `list:index` of the encodings that are dead by themselves. */
  revokedEncodings: ReadonlySet<string>;
  /** When encodings end by themselves, by `list:index`; null: none does. */
  ends: Map<string, number> | null;
}

/** By id; about 300 bytes each. */
export type ToldCredentials = Map<string, ToldCredential>;

/** Members of an entry's body; a type tells which of them there are. */
interface Body extends ToldColour {
  readonly credential?: string;
  readonly list: number;
  readonly index: number;
  readonly revoked: boolean;
  readonly suspended: boolean;
  readonly level: number;
  /** Of an issue. */
  readonly encodings: readonly unknown[];
  /** Of an encoding that was added, and when each whose place it took ends. */
  readonly encoding: unknown;
  readonly ends: readonly (Placed & { readonly at: number })[];
}

/** Members of the body of an entry about many. */
interface ManyBody extends ToldColour, Partial<Pick<CredentialRow, 'revoked' | 'suspended' | 'level'>> {
  readonly credentials: readonly string[];
}

/** An encoding that a restoration left revoked. */
interface Place {
  readonly credential: string;
  readonly list: number;
  readonly index: number;
}

const NONE: ReadonlySet<string> = new Set();

/**
 * Takes one entry in. Bodies were written by this project and their hash was checked, so a type tells its members. An entry of a
 * restoration tells of states what was told before, and of the encodings that it kept that they are dead.
 * @param changes null for whoever asks for states alone
 */
export function replayCredential(
  told: ToldCredentials,
  changes: ToldColourChanges | null,
  row: LogRow,
  sha256: Sha256,
): void {
  if (row.type === 'restored') {
    const { kept } = JSON.parse(row.body) as { readonly kept: readonly Place[] };
    for (const { credential, ...place } of kept) becomeDead(told, credential, place);
    return;
  }
  if (row.type === 'states_changed') {
    const body = JSON.parse(row.body) as ManyBody;
    for (const id of body.credentials) become(told, changes, row, body, id, body, sha256);
    return;
  }
  const body = JSON.parse(row.body) as Body;
  if (body.credential === undefined) return;
  if (row.type === 'issued') {
    const issued = digest(row.body, sha256);
    const fresh = { revoked: false, suspended: false, level: 0, revokedEncodings: NONE, ends: null };
    told.set(body.credential, { issued, first: body.encodings.length, ...fresh });
  } else if (row.type === 'encoding_added') {
    becomeLarger(told, row.at, body, sha256);
  } else if (row.type === 'encoding_ended') {
    becomeDead(told, body.credential, body);
  } else if (row.type === 'encoding_revoked') {
    become(told, changes, row, body, body.credential, {}, sha256);
    becomeDead(told, body.credential, body);
  } else {
    become(told, changes, row, body, body.credential, body, sha256);
  }
}

type Placed = Pick<EncodingRow, 'list' | 'index'>;

const placeName = ({ list, index }: Placed): string => `${list}:${index}`;

function becomeDead(told: ToldCredentials, id: string, place: Placed): void {
  const known = told.get(id);
  if (known !== undefined) known.revokedEncodings = withPlace(known.revokedEncodings, place);
}

/** Most credentials share the empty one; a phone that is refreshed for years has hundreds. */
function withPlace(places: ReadonlySet<string>, place: Placed): ReadonlySet<string> {
  return (places === NONE ? new Set<string>() : (places as Set<string>)).add(placeName(place));
}

/** One encoding more; those whose place it took are dead, or end later. */
function becomeLarger(
  told: ToldCredentials,
  now: number,
  { credential, encoding, ends }: Body,
  sha256: Sha256,
): void {
  const known = told.get(credential ?? '');
  if (known === undefined) return;
  known.issued = withEncoding(known.issued, encoding, sha256);
  for (const { at, ...place } of ends) {
    if (at <= now) known.revokedEncodings = withPlace(known.revokedEncodings, place);
    else {
      known.ends ??= new Map();
      known.ends.set(placeName(place), at);
    }
  }
}

function become(
  told: ToldCredentials,
  changes: ToldColourChanges | null,
  row: LogRow,
  body: ToldColour,
  id: string,
  delta: Partial<Pick<CredentialRow, 'revoked' | 'suspended' | 'level'>>,
  sha256: Sha256,
): void {
  const known = told.get(id);
  if (known === undefined) return;
  const before = { suspended: known.suspended, level: known.level };
  known.revoked = delta.revoked ?? known.revoked;
  known.suspended = delta.suspended ?? known.suspended;
  known.level = delta.level ?? known.level;
  if (changes !== null) tellColourChange(changes, row, body, id, before, known, sha256);
}

/** Whether the log tells that this encoding died by itself. */
export function isToldDead({ revokedEncodings }: ToldCredential, encoding: Placed): boolean {
  return revokedEncodings.has(placeName(encoding));
}

/** When the log tells that this encoding ends by itself; null: never. */
export function toldEnd({ ends }: ToldCredential, encoding: Placed): number | null {
  return ends?.get(placeName(encoding)) ?? null;
}

/** Whether everything that never changes is what was issued, and what was added since. */
export function isIssuedAsTold(told: ToldCredential, stored: StoredCredential, sha256: Sha256): boolean {
  const sha256Hex = hexHash(sha256);
  const first = { ...stored, encodings: stored.encodings.slice(0, told.first) };
  let issued = digest(canonicalJson(issuedBody(sha256Hex, first)), sha256);
  for (const encoding of stored.encodings.slice(told.first))
    issued = withEncoding(issued, releasedBody(sha256Hex, encoding), sha256);
  return told.issued === issued;
}

function withEncoding(issued: string, encoding: unknown, sha256: Sha256): string {
  return digest(`${issued} ${canonicalJson(encoding)}`, sha256);
}

/** Whether the state, and what each encoding publishes, is what the log tells. */
export function isStateAsTold(told: ToldCredential, { credential, encodings }: StoredCredential): boolean {
  return (
    told.revoked === credential.revoked &&
    told.suspended === credential.suspended &&
    told.level === credential.level &&
    encodings.every(
      (encoding) =>
        encoding.revoked === isToldDead(told, encoding) &&
        encoding.endsAt === toldEnd(told, encoding) &&
        encoding.value === encodingValue(credential, encoding),
    )
  );
}

/** SHA-256, one character a byte: the smallest string there is for it, since one a credential is kept. */
function digest(text: string, sha256: Sha256): string {
  return String.fromCharCode(...sha256(utf8Encode(text)));
}
