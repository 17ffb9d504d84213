// Credentials as the log tells them: what was issued, and every change of state since.

import { utf8Encode } from '../codec/bytes.js';
import { canonicalJson } from '../codec/json.js';
import type { Sha256 } from '../signature/public-key.js';
import { issuedBody } from './issued-body.js';
import { encodingValue } from './state-change.js';
import type { CredentialRow, LogRow, StoredCredential } from './store.js';
import { type ToldColour, type ToldColourChanges, tellColourChange } from './told-colour-changes.js';

/** What the log tells of one credential. */
interface Told {
  /** Digest of the canonical JSON of what was issued. */
  readonly issued: string;
  revoked: boolean;
  suspended: boolean;
  level: number;
  /** `list:index` of the encodings that were revoked alone. */
  revokedEncodings: readonly string[];
}

/** By id. */
export type ToldCredentials = Map<string, Told>;

/** Members of an entry's body; a type tells which of them there are. */
interface Body extends ToldColour {
  readonly credential?: string;
  readonly list: number;
  readonly index: number;
  readonly revoked: boolean;
  readonly suspended: boolean;
  readonly level: number;
}

/** Members of the body of an entry about many. */
interface ManyBody extends ToldColour, Partial<Pick<CredentialRow, 'revoked' | 'suspended' | 'level'>> {
  readonly credentials: readonly string[];
}

const NONE: readonly string[] = [];

/** Takes one entry in. Bodies were written by this project and their hash was checked, so a type tells its members. */
export function replayCredential(
  told: ToldCredentials,
  changes: ToldColourChanges,
  row: LogRow,
  sha256: Sha256,
): void {
  if (row.type === 'states_changed') {
    const body = JSON.parse(row.body) as ManyBody;
    for (const id of body.credentials) become(told, changes, row, body, id, body, sha256);
    return;
  }
  const body = JSON.parse(row.body) as Body;
  if (body.credential === undefined) return;
  if (row.type === 'issued') {
    const issued = digest(row.body, sha256);
    const fresh = { revoked: false, suspended: false, level: 0, revokedEncodings: NONE };
    told.set(body.credential, { issued, ...fresh });
  } else if (row.type === 'encoding_revoked') {
    become(told, changes, row, body, body.credential, {}, sha256);
    const known = told.get(body.credential);
    if (known !== undefined)
      known.revokedEncodings = [...known.revokedEncodings, `${body.list}:${body.index}`];
  } else {
    become(told, changes, row, body, body.credential, body, sha256);
  }
}

function become(
  told: ToldCredentials,
  changes: ToldColourChanges,
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
  tellColourChange(changes, row, body, id, before, known, sha256);
}

export function isCredentialAsTold(
  told: Told | undefined,
  stored: StoredCredential,
  sha256: Sha256,
): boolean {
  if (told === undefined) return false;
  const { credential, encodings } = stored;
  return (
    told.issued === digest(canonicalJson(issuedBody(sha256, stored)), sha256) &&
    told.revoked === credential.revoked &&
    told.suspended === credential.suspended &&
    told.level === credential.level &&
    encodings.every(
      (encoding) =>
        encoding.revoked === told.revokedEncodings.includes(`${encoding.list}:${encoding.index}`) &&
        encoding.value === encodingValue(credential, encoding),
    )
  );
}

/** SHA-256, one character a byte: the smallest string there is for it, since one a credential is kept. */
function digest(text: string, sha256: Sha256): string {
  return String.fromCharCode(...sha256(utf8Encode(text)));
}
