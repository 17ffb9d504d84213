// JWK thumbprints (RFC 7638): the name of a key that depends on nothing but the key.

import { utf8Encode } from '../codec/bytes.js';
import { canonicalJson } from '../codec/json.js';
import { publicJwk } from './public-jwk.js';
import type { PublicKey, Sha256 } from './public-key.js';

const KEY_ID_BYTES = 8;

/**
 * SHA-256 over the key's required members in lexicographic order, 32 bytes.
 * @see RFC 7638, section 3; RFC 8037, section 2
 */
export function thumbprint(key: PublicKey, sha256: Sha256): Uint8Array {
  const { alg: _notRequired, ...required } = publicJwk(key);
  return sha256(utf8Encode(canonicalJson(required)));
}

/** The kid of our own codes: the first 8 bytes of the thumbprint. Not unique by construction: look-ups return lists. */
export function keyId(key: PublicKey, sha256: Sha256): Uint8Array {
  return thumbprint(key, sha256).slice(0, KEY_ID_BYTES);
}
