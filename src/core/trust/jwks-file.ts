// A partner authority's keys out of a file that an operator placed: a JWK set with what the partner may sign. One bad key is
// refused with its reason; the rest stands.

import { encodeBase64url } from '../codec/base64url.js';
import { isJsonObject, type JsonObject } from '../codec/json.js';
import { ISSUER, KIND } from '../codec/names.js';
import { isRegionPrefix } from '../codec/region.js';
import { YimaError } from '../errors/yima-error.js';
import { checkPublicKey } from '../signature/admissible-key.js';
import { parsePublicJwk } from '../signature/public-jwk.js';
import type { Sha256 } from '../signature/public-key.js';
import { keyId } from '../signature/thumbprint.js';
import {
  KEY_STATES,
  KEY_USES,
  type KeyRecord,
  type KeyScope,
  type KeyState,
  type KeyUse,
  type Tombstone,
} from './key-record.js';
import { STATUS_BASE } from './status-bases.js';
import { revokedMaterial } from './tombstone.js';

export interface RefusedKey {
  /** As the file names it; null when it names none in the form of a kid. */
  readonly kid: string | null;
  /** Stable: a rule of `parsePublicJwk` or `checkPublicKey`, or kid_missing, kid_mismatch, kid_duplicate, algorithm, window, state, purpose. */
  readonly rule: string;
}

export interface TrustFile {
  readonly records: readonly KeyRecord[];
  /** Revoked kids without the material that they are thumbprints of. */
  readonly tombstones: readonly Tombstone[];
  readonly refused: readonly RefusedKey[];
}

const KID = /^[A-Za-z0-9_-]{11}$/;
const STATES: readonly unknown[] = KEY_STATES;
const PURPOSES: readonly unknown[] = KEY_USES;
const MAX_KEYS = 1_000;
const MEMBERS: ReadonlySet<string> = new Set(['issuer', 'scope', 'statusBase', 'keys']);

function refuseFile(field: string): YimaError {
  return new YimaError('list_refused', `The trust file's member ${field} is missing or not of its form.`, {
    field,
  });
}

function refuseKey(rule: string): YimaError {
  return new YimaError('key_refused', 'The key does not meet the rules for trust files.', { rule });
}

/**
 * Reads `{issuer, scope: {region, kinds}, statusBase, keys}`. Each key is a JWK with `kid`, the first 8 bytes of its thumbprint, and
 * may have `purpose` (credential, status, list, log; default credential), `nbf`, `exp` (its window, epoch seconds) and
 * `state` (default active). A revoked key stays as a tombstone, even where the file names it twice, and needs nothing else but its
 * material or its kid.
 * @param json of a strict parser
 * @throws YimaError `list_refused` with the field when the file itself is not of this form, or does not say which key it revokes
 */
export function parseTrustFile(json: unknown, sha256: Sha256): TrustFile {
  if (!isJsonObject(json)) throw refuseFile('(all)');
  const unknown = Object.keys(json).find((name) => !MEMBERS.has(name));
  if (unknown !== undefined) throw new YimaError('list_refused', 'The trust file has a member too many.');
  const owner = readOwner(json);
  const { keys } = json;
  if (!Array.isArray(keys) || keys.length > MAX_KEYS) throw refuseFile('keys');
  const records = new Map<string, KeyRecord>();
  const tombstones: Tombstone[] = [];
  const refused: RefusedKey[] = [];
  const add = (record: KeyRecord): void => {
    const isSecond = records.has(record.kid);
    if (!isSecond || record.state === 'revoked') records.set(record.kid, record);
    if (isSecond) throw refuseKey('kid_duplicate');
  };
  for (const jwk of keys as readonly unknown[]) {
    try {
      if (!isRevoked(jwk)) add(readKey(jwk, owner, sha256));
      else {
        const { record, tombstone } = readRevoked(jwk, owner, sha256);
        if (tombstone !== null) tombstones.push(tombstone);
        if (record !== null) add(record);
      }
    } catch (error) {
      refused.push({ kid: namedKid(jwk), rule: refusalRule(error) });
    }
  }
  return { records: [...records.values()], tombstones, refused };
}

type Owner = Pick<KeyRecord, 'issuer' | 'scope' | 'statusBase'>;

function readOwner({ issuer, scope, statusBase }: JsonObject): Owner {
  if (typeof issuer !== 'string' || !ISSUER.test(issuer)) throw refuseFile('issuer');
  if (statusBase !== null && (typeof statusBase !== 'string' || !STATUS_BASE.test(statusBase))) {
    throw refuseFile('statusBase');
  }
  return { issuer, scope: readScope(scope), statusBase };
}

function readScope(scope: unknown): KeyScope {
  if (!isJsonObject(scope)) throw refuseFile('scope');
  const { region, kinds } = scope;
  if (typeof region !== 'string' || !isRegionPrefix(region)) throw refuseFile('scope.region');
  if (kinds === null) return { region, kinds };
  const areNames = Array.isArray(kinds) && kinds.every((kind) => typeof kind === 'string' && KIND.test(kind));
  if (!areNames) throw refuseFile('scope.kinds');
  return { region, kinds: kinds as readonly string[] };
}

function readKey(jwk: unknown, owner: Owner, sha256: Sha256): KeyRecord {
  const key = parsePublicJwk(jwk);
  if (key.algorithm !== 'Ed25519' && key.algorithm !== 'ES256') throw refuseKey('algorithm');
  checkPublicKey(key);
  const { kid, purpose = 'credential', nbf = null, exp = null, state = 'active' } = jwk as JsonObject;
  if (kid === undefined) throw refuseKey('kid_missing');
  const own = encodeBase64url(keyId(key, sha256));
  if (kid !== own) throw refuseKey('kid_mismatch');
  if (!PURPOSES.includes(purpose)) throw refuseKey('purpose');
  if (!STATES.includes(state)) throw refuseKey('state');
  if (!isBound(nbf) || !isBound(exp) || (nbf !== null && exp !== null && nbf > exp))
    throw refuseKey('window');
  const use = purpose as KeyUse;
  return {
    format: 'yima',
    ...owner,
    kid: own,
    key,
    use,
    notBefore: nbf,
    notAfter: exp,
    state: state as KeyState,
    trustedUntil: null,
  };
}

function isRevoked(jwk: unknown): jwk is JsonObject {
  return isJsonObject(jwk) && jwk['state'] === 'revoked';
}

/** Faults elsewhere in the entry must not bring the key back to life. */
function readRevoked(
  jwk: JsonObject,
  owner: Owner,
  sha256: Sha256,
): { readonly record: KeyRecord | null; readonly tombstone: Tombstone | null } {
  const key = revokedMaterial(jwk);
  const named = namedKid(jwk);
  const own = key === null ? null : encodeBase64url(keyId(key, sha256));
  if (own === null && named === null) throw refuseFile('keys (a revoked one)');
  const format = 'yima' as const;
  const tombstone = named === null || named === own ? null : { format, issuer: owner.issuer, kid: named };
  if (key === null || own === null) return { record: null, tombstone };
  const window = { notBefore: null, notAfter: null };
  return {
    record: {
      format,
      ...owner,
      kid: own,
      key,
      use: 'credential',
      ...window,
      state: 'revoked',
      trustedUntil: null,
    },
    tombstone,
  };
}

function isBound(value: unknown): value is number | null {
  return value === null || (Number.isSafeInteger(value) && (value as number) >= 0);
}

/** What may be repeated to the operator: only a text that looks like a kid. */
function namedKid(jwk: unknown): string | null {
  const kid = isJsonObject(jwk) ? jwk['kid'] : undefined;
  return typeof kid === 'string' && KID.test(kid) ? kid : null;
}

function refusalRule(error: unknown): string {
  if (error instanceof YimaError && error.code === 'key_refused') return error.rule ?? 'key_refused';
  throw error;
}
