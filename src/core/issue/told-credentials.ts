// Credentials as the log tells them: the one replay that the audit judges the store by and that a restoration writes back.

import { utf8Encode } from '../codec/bytes.js';
import { canonicalJson } from '../codec/json.js';
import type { Sha256 } from '../signature/public-key.js';
import { issuedBody } from './issued-body.js';
import { encodingValue } from './state-change.js';
import type { CredentialRow, EncodingRow, LogRow, StoredCredential } from './store.js';

/** What the log tells of one credential. */
export interface ToldCredential {
  /** Digest of the canonical JSON of what was issued. */
  readonly issued: string;
  revoked: boolean;
  suspended: boolean;
  level: number;
  /** `list:index` of the encodings that are dead by themselves. */
  revokedEncodings: readonly string[];
}

/** By the id of the credential; about 300 bytes each. */
export type ToldCredentials = Map<string, ToldCredential>;

/** Members of an entry's body; a type tells which of them there are. */
interface Body {
  readonly credential?: string;
  readonly credentials?: readonly string[];
  readonly list: number;
  readonly index: number;
  readonly revoked?: boolean;
  readonly suspended?: boolean;
  readonly level?: number;
  readonly kept?: readonly Place[];
}

interface Place {
  readonly credential: string;
  readonly list: number;
  readonly index: number;
}

/** Entries that give credentials the state they name; what they do not name stays. */
const STATE_ENTRIES: ReadonlySet<string> = new Set(['revoked', 'suspended', 'reinstated', 'level_set']);
const NONE: readonly string[] = [];

/**
 * Takes one entry in. Bodies were written by this project and their hash was checked, so a type tells their members. An entry of
 * a restoration tells of states what was told before, and of encodings that stay revoked that they are.
 */
export function replayCredential(told: ToldCredentials, row: LogRow, sha256: Sha256): void {
  if (row.type === 'issued') {
    const { credential = '' } = JSON.parse(row.body) as Body;
    const fresh = { revoked: false, suspended: false, level: 0, revokedEncodings: NONE };
    told.set(credential, { issued: digest(row.body, sha256), ...fresh });
  } else if (row.type === 'encoding_revoked') {
    const { credential = '', list, index } = JSON.parse(row.body) as Body;
    replayDead(told, { credential, list, index });
  } else if (row.type === 'restored') {
    for (const place of (JSON.parse(row.body) as Body).kept ?? []) replayDead(told, place);
  } else if (STATE_ENTRIES.has(row.type)) {
    replayState(told, JSON.parse(row.body) as Body);
  }
}

function replayState(told: ToldCredentials, body: Body): void {
  for (const id of credentialsOf(body)) {
    const known = told.get(id);
    if (known === undefined) continue;
    known.revoked = body.revoked ?? known.revoked;
    known.suspended = body.suspended ?? known.suspended;
    known.level = body.level ?? known.level;
  }
}

function replayDead(told: ToldCredentials, { credential, ...place }: Place): void {
  const known = told.get(credential);
  if (known !== undefined) known.revokedEncodings = [...known.revokedEncodings, placeName(place)];
}

function credentialsOf({ credential, credentials }: Body): readonly string[] {
  return credentials ?? (credential === undefined ? NONE : [credential]);
}

/** The credentials that an entry tells of. */
export function credentialsIn(row: Pick<LogRow, 'body'>): readonly string[] {
  return credentialsOf(JSON.parse(row.body) as Body);
}

const placeName = ({ list, index }: Pick<EncodingRow, 'list' | 'index'>): string => `${list}:${index}`;

/** Whether the log tells that this encoding died by itself. */
export function isToldDead(
  { revokedEncodings }: ToldCredential,
  encoding: Pick<EncodingRow, 'list' | 'index'>,
): boolean {
  return revokedEncodings.includes(placeName(encoding));
}

/** Whether everything that never changes is what was issued. */
export function isIssuedAsTold(told: ToldCredential, stored: StoredCredential, sha256: Sha256): boolean {
  return told.issued === digest(canonicalJson(issuedBody(sha256, stored)), sha256);
}

/** Whether the state, and what each encoding publishes, is what the log tells. */
export function isStateAsTold(told: ToldCredential, { credential, encodings }: StoredCredential): boolean {
  return (
    told.revoked === credential.revoked &&
    told.suspended === credential.suspended &&
    told.level === credential.level &&
    encodings.every((encoding) => isEncodingAsTold(told, credential, encoding))
  );
}

function isEncodingAsTold(told: ToldCredential, credential: CredentialRow, encoding: EncodingRow): boolean {
  return (
    encoding.revoked === isToldDead(told, encoding) && encoding.value === encodingValue(credential, encoding)
  );
}

/** SHA-256, one character a byte: the smallest string there is for it, since one a credential is kept. */
function digest(text: string, sha256: Sha256): string {
  return String.fromCharCode(...sha256(utf8Encode(text)));
}
