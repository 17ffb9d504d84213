// Keys of an NZ COVID Pass issuer out of its DID document (did:web), as it publishes it under `/.well-known/did.json`.

import { encodeBase64url } from '../../codec/base64url.js';
import { utf8Encode } from '../../codec/bytes.js';
import { isJsonObject } from '../../codec/json.js';
import { DID_WEB } from '../../codec/names.js';
import { checkPublicKey } from '../../signature/admissible-key.js';
import { parsePublicJwk } from '../../signature/public-jwk.js';
import type { KeyRecord } from '../key-record.js';
import { type Anchors, anchorRecord, type RefusedAnchor } from './anchors.js';
import { anchorRule, refuseAnchor, refuseSource } from './refusal.js';

const MAX_METHODS = 256;
/** What a code's kid refers to. */
const FRAGMENT = /^[A-Za-z0-9._~-]{1,64}$/;

/**
 * Reads the verification methods that the document names, or holds, under `assertionMethod`. A record's kid is base64url of the fragment.
 *
 * Rules: those of `parsePublicJwk` and `checkPublicKey`, and kid_missing (no fragment of this DID), kid_duplicate,
 * not_assertion_method, method_type (not JsonWebKey2020), controller (another's), algorithm (not P-256).
 * @param json of a strict parser
 * @throws YimaError `list_refused` when the document itself is not of this form
 * @see nzcovidpass-spec, section Issuer Identifier; DID Core, sections 5.2 and 5.3.2
 */
export function parseDidDocument(json: unknown): Anchors {
  if (!isJsonObject(json)) throw refuseSource('(all)');
  const { id, verificationMethod = [], assertionMethod } = json;
  if (typeof id !== 'string' || !DID_WEB.test(id)) throw refuseSource('id');
  if (!isList(verificationMethod)) throw refuseSource('verificationMethod');
  if (!isList(assertionMethod)) throw refuseSource('assertionMethod');
  const named = new Set(assertionMethod.flatMap((each) => fragmentOf(each, id) ?? []));
  const embedded = assertionMethod.filter(isJsonObject);
  const records = new Map<string, KeyRecord>();
  const refused: RefusedAnchor[] = [];
  const read = (method: unknown, isAsserting: (fragment: string) => boolean): void => {
    const fragment = isJsonObject(method) ? fragmentOf(method['id'], id) : null;
    try {
      if (fragment === null) throw refuseAnchor('kid_missing');
      if (!isAsserting(fragment)) throw refuseAnchor('not_assertion_method');
      if (records.has(fragment)) throw refuseAnchor('kid_duplicate');
      records.set(fragment, readMethod(method, id, fragment));
    } catch (error) {
      refused.push({ issuer: id, kid: fragment, rule: anchorRule(error) });
    }
  };
  for (const method of verificationMethod) read(method, (fragment) => named.has(fragment));
  for (const method of embedded) read(method, () => true);
  return { issuers: 1, records: [...records.values()], cardLists: [], refused };
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value) && value.length <= MAX_METHODS;
}

/** Of a DID URL, whole or relative; null for another's, or for none. */
function fragmentOf(url: unknown, id: string): string | null {
  if (typeof url !== 'string') return null;
  const start = url.startsWith('#') ? 1 : url.startsWith(`${id}#`) ? id.length + 1 : url.length;
  const fragment = url.slice(start);
  return FRAGMENT.test(fragment) ? fragment : null;
}

function readMethod(method: unknown, id: string, fragment: string): KeyRecord {
  const { type, controller, publicKeyJwk } = isJsonObject(method) ? method : {};
  if (type !== 'JsonWebKey2020') throw refuseAnchor('method_type');
  if (controller !== id) throw refuseAnchor('controller');
  const key = parsePublicJwk(publicKeyJwk);
  if (key.algorithm !== 'ES256') throw refuseAnchor('algorithm');
  checkPublicKey(key);
  return anchorRecord('nzcp', id, encodeBase64url(utf8Encode(fragment)), key);
}
