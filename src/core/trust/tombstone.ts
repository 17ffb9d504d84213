// What is read of a revoked entry in a trust file: enough to recognise the key by, whatever else of the entry is faulty.

import type { JsonObject } from '../codec/json.js';
import { YimaError } from '../errors/yima-error.js';
import { parsePublicJwk } from '../signature/public-jwk.js';
import type { PublicKey } from '../signature/public-key.js';

const KEY_OF_CURVE: ReadonlyMap<unknown, { readonly kty: string; readonly alg: string }> = new Map([
  ['Ed25519', { kty: 'OKP', alg: 'Ed25519' }],
  ['P-256', { kty: 'EC', alg: 'ES256' }],
]);

/**
 * The key material alone: algorithm, use and private parts of the entry do not matter, nor whether the key is sound, since it is
 * never tried.
 * @returns null when the material cannot be read
 */
export function revokedMaterial({ crv, x, y }: JsonObject): PublicKey | null {
  try {
    return parsePublicJwk({ ...KEY_OF_CURVE.get(crv), crv, x, y });
  } catch (error) {
    if (error instanceof YimaError && error.code === 'key_refused') return null;
    throw error;
  }
}
