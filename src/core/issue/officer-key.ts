// The key that an officer signs with: public part alone, admissible, in one canonical text, so that no two people share one.

import { canonicalJson, parseStrictJson } from '../codec/json.js';
import { YimaError } from '../errors/yima-error.js';
import { checkPublicKey } from '../signature/admissible-key.js';
import { ALGORITHMS } from '../signature/algorithm.js';
import { parsePublicJwk, publicJwk } from '../signature/public-jwk.js';
import type { PublicKey } from '../signature/public-key.js';

/**
 * @param jwk a public JWK, Ed25519 or ES256
 * @returns its canonical text, as it is stored
 * @throws YimaError `key_refused` with the rule, also when it holds private parts
 */
export function readOfficerKey(jwk: unknown): string {
  const key = parsePublicJwk(jwk);
  if (!ALGORITHMS[key.algorithm].issues) {
    throw new YimaError('key_refused', 'An officer signs with Ed25519 or ES256.', {
      rule: 'alg_unsupported',
    });
  }
  checkPublicKey(key);
  return canonicalJson(publicJwk(key));
}

/** @param text as `readOfficerKey` wrote it */
export function officerKeyOf(text: string): PublicKey {
  return parsePublicJwk(parseStrictJson(text));
}
