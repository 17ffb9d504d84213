// Admission of one key of a trust document: what is no sound public key of a fitting algorithm never enters a table.

import { decodeBase64url, encodeBase64url } from '../../codec/base64url.js';
import type { JsonObject } from '../../codec/json.js';
import { YimaError } from '../../errors/yima-error.js';
import { checkPublicKey } from '../../signature/admissible-key.js';
import { parsePublicJwk, publicJwk } from '../../signature/public-jwk.js';
import type { PublicKey, Sha256 } from '../../signature/public-key.js';
import { thumbprint } from '../../signature/thumbprint.js';
import type { CodeFormat } from '../key-record.js';
import { foreignKid } from './foreign-kid.js';

export interface TrustedKey {
  readonly key: PublicKey;
  /** RFC 7638 SHA-256, base64url, 43 characters: what distinct keys are counted by, and revocations name. */
  readonly thumbprint: string;
  /** The kid of codes, base64url of its bytes: for our own the first 8 bytes of the thumbprint. */
  readonly kid: string;
}

/**
 * Reads one JWK by the rules of a format.
 * @throws YimaError `key_refused` with a rule of `parsePublicJwk` or `checkPublicKey`, or `alg_missing`, `algorithm`, `jwk_member`,
 *   `kid_missing`, `kid_mismatch`, `kid_form`
 */
export type AdmitKey = (jwk: unknown, format: CodeFormat) => TrustedKey;

const KID_BYTES = 8;
/** Keys that were found sound are remembered: the check costs milliseconds, and lists repeat their keys in every version. */
const MAX_REMEMBERED = 50_000;

function refuse(rule: string, message: string): YimaError {
  return new YimaError('key_refused', message, { rule });
}

/**
 * Admission that remembers which keys it found sound, up to 50,000.
 * @param check what makes a key sound; other than `checkPublicKey` only for documents whose keys were found sound before
 */
export function createAdmission(
  { sha256 }: { readonly sha256: Sha256 },
  check: (key: PublicKey) => void = checkPublicKey,
): AdmitKey {
  const sound = new Set<string>();
  return (jwk, format) => {
    const key = parsePublicJwk(jwk);
    const members = jwk as JsonObject;
    if (format === 'yima') checkOwnForm(members, key);
    if (members['alg'] === undefined)
      throw refuse('alg_missing', 'The key does not name its algorithm (alg).');
    const print = encodeBase64url(thumbprint(key, sha256));
    const kid = kidOf(members, format, key, print);
    if (!sound.has(print)) {
      check(key);
      if (sound.size >= MAX_REMEMBERED) sound.clear();
      sound.add(print);
    }
    return { key, thumbprint: print, kid };
  };
}

/** Ours: the canonical members and no more, so that one key has one text; and an algorithm that our codes know. */
function checkOwnForm(jwk: JsonObject, key: PublicKey): void {
  if (key.algorithm !== 'Ed25519' && key.algorithm !== 'ES256') {
    throw refuse('algorithm', 'Our own formats sign with Ed25519 or ES256.');
  }
  const allowed = new Set([...Object.keys(publicJwk(key)), 'kid']);
  if (!Object.keys(jwk).every((name) => allowed.has(name))) {
    throw refuse('jwk_member', 'The key has a member too many.');
  }
}

function kidOf(jwk: JsonObject, format: CodeFormat, key: PublicKey, print: string): string {
  const { kid } = jwk;
  const own = encodeBase64url(decodeBase64url(print).subarray(0, KID_BYTES));
  if (format === 'yima') {
    if (kid !== undefined && kid !== own)
      throw refuse('kid_mismatch', 'The kid is not the key it stands beside.');
    return own;
  }
  return foreignKid(kid, format, key, print);
}
