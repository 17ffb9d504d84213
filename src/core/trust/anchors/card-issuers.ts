// Keys of SMART Health Card issuers: one issuer's JWK set, or a whole directory of them.

import { encodeBase64url } from '../../codec/base64url.js';
import { isJsonObject, type JsonObject } from '../../codec/json.js';
import { CARD_ISSUER, THUMBPRINT } from '../../codec/names.js';
import { YimaError } from '../../errors/yima-error.js';
import { checkPublicKey } from '../../signature/admissible-key.js';
import { parsePublicJwk } from '../../signature/public-jwk.js';
import type { Sha256 } from '../../signature/public-key.js';
import { thumbprint } from '../../signature/thumbprint.js';
import type { KeyRecord } from '../key-record.js';
import { type Anchors, anchorRecord, type RefusedAnchor } from './anchors.js';
import { type HeldCardList, parseCardList, readCardVersion } from './card-list-file.js';
import { anchorRule, refuseAnchor, refuseSource } from './refusal.js';

const MAX_ISSUERS = 20_000;
const MAX_KEYS = 1_000;
/** Of a name that is none, as far as it is repeated. */
const MAX_SHOWN = 100;

interface Found {
  readonly records: KeyRecord[];
  readonly cardLists: HeldCardList[];
  readonly refused: RefusedAnchor[];
}

/**
 * Reads a directory in the form of the VCI's snapshot: `{issuerInfo: [{issuer: {iss}, keys, crls?}]}`. A kid under several issuers is a
 * record for each.
 *
 * Rules besides those of `parseCardSet`: issuer (no https URL, or one with a slash behind), issuer_duplicate; of lists, those of
 * `parseCardList`.
 * @param json of a strict parser
 * @throws YimaError `list_refused` when the file itself is not of this form
 */
export function parseCardDirectory(json: unknown, sha256: Sha256): Anchors {
  const list = isJsonObject(json) ? json['issuerInfo'] : undefined;
  if (!Array.isArray(list) || list.length > MAX_ISSUERS) throw refuseSource('issuerInfo');
  const found: Found = { records: [], cardLists: [], refused: [] };
  const met = new Set<string>();
  for (const info of list as readonly unknown[]) {
    const { iss, keys, crls } = readInfo(info);
    const rule = issuerRule(iss, met);
    met.add(iss);
    if (rule === null) {
      readKeys(keys, iss, sha256, found);
      for (const crl of crls) readList(crl, iss, found);
    } else
      for (const jwk of keys)
        found.refused.push({ issuer: iss.slice(0, MAX_SHOWN), kid: namedKid(jwk), rule });
  }
  return { issuers: met.size, ...found };
}

interface IssuerInfo {
  /** '' where it is no text. */
  readonly iss: string;
  readonly keys: readonly unknown[];
  readonly crls: readonly unknown[];
}

function readInfo(info: unknown): IssuerInfo {
  const { issuer, keys, crls = [] } = isJsonObject(info) ? info : {};
  const iss = isJsonObject(issuer) ? issuer['iss'] : undefined;
  if (!Array.isArray(keys) || keys.length > MAX_KEYS) throw refuseSource('keys');
  if (!Array.isArray(crls) || crls.length > MAX_KEYS) throw refuseSource('crls');
  return { iss: typeof iss === 'string' ? iss : '', keys, crls };
}

function issuerRule(iss: string, met: ReadonlySet<string>): string | null {
  if (!CARD_ISSUER.test(iss)) return 'issuer';
  return met.has(iss) ? 'issuer_duplicate' : null;
}

/**
 * Reads one issuer's JWK set as it publishes it under `/.well-known/jwks.json`.
 *
 * Rules: those of `parsePublicJwk` and `checkPublicKey`, and jwk_use (`use` is not `sig`), alg_missing, algorithm (not ES256),
 * kid_missing, kid_mismatch (not the thumbprint), kid_duplicate, card_version (`crlVersion` is no count).
 * @param issuer null: the set's own member `iss`
 * @throws YimaError `list_refused` when the file itself is not of this form
 */
export function parseCardSet(json: unknown, issuer: string | null, sha256: Sha256): Anchors {
  if (!isJsonObject(json)) throw refuseSource('(all)');
  const { keys, iss = issuer } = json;
  if (typeof iss !== 'string' || !CARD_ISSUER.test(iss) || (issuer !== null && iss !== issuer)) {
    throw refuseSource('iss');
  }
  if (!Array.isArray(keys) || keys.length > MAX_KEYS) throw refuseSource('keys');
  const found: Found = { records: [], cardLists: [], refused: [] };
  readKeys(keys, iss, sha256, found);
  return { issuers: 1, ...found };
}

function readKeys(keys: readonly unknown[], issuer: string, sha256: Sha256, found: Found): void {
  const kids = new Set<string>();
  for (const jwk of keys) {
    try {
      const record = readKey(jwk, issuer, sha256);
      if (kids.has(record.kid)) throw refuseAnchor('kid_duplicate');
      kids.add(record.kid);
      found.records.push(record);
    } catch (error) {
      found.refused.push({ issuer, kid: namedKid(jwk), rule: anchorRule(error) });
    }
  }
}

/** @see SMART Health Cards Framework, section Determining keys associated with an issuer */
function readKey(jwk: unknown, issuer: string, sha256: Sha256): KeyRecord {
  const key = parsePublicJwk(jwk);
  const { use, alg, kid, crlVersion } = jwk as JsonObject;
  if (use !== 'sig') throw refuseAnchor('jwk_use');
  if (alg === undefined) throw refuseAnchor('alg_missing');
  if (key.algorithm !== 'ES256') throw refuseAnchor('algorithm');
  checkPublicKey(key);
  const own = encodeBase64url(thumbprint(key, sha256));
  if (kid === undefined) throw refuseAnchor('kid_missing');
  if (kid !== own) throw refuseAnchor('kid_mismatch');
  const record = anchorRecord('shc', issuer, own, key);
  if (crlVersion === undefined) return record;
  const announced = readCardVersion(crlVersion);
  if (announced === null) throw refuseAnchor('card_version');
  return { ...record, cards: { announced, list: null } };
}

function readList(crl: unknown, issuer: string, found: Found): void {
  try {
    found.cardLists.push(parseCardList(crl, issuer));
  } catch (error) {
    if (!(error instanceof YimaError) || error.code !== 'list_refused') throw error;
    found.refused.push({ issuer, kid: namedKid(crl), rule: error.rule ?? 'crl_form' });
  }
}

/** What may be repeated to the operator: only a text that looks like a thumbprint. */
function namedKid(value: unknown): string | null {
  const kid = isJsonObject(value) ? value['kid'] : undefined;
  return typeof kid === 'string' && THUMBPRINT.test(kid) ? kid : null;
}
