// Public keys as JWK (RFC 7517, 7518, 8037, 9864): read from strangers, written in one canonical form.

import { decodeBase64url, encodeBase64url } from '../codec/base64url.js';
import { isJsonObject, type JsonObject } from '../codec/json.js';
import { YimaError } from '../errors/yima-error.js';
import { ALGORITHMS, type Algorithm, RESERVED_ALGORITHMS } from './algorithm.js';
import type { PublicKey } from './public-key.js';
import { CURVES } from './weierstrass.js';

/** Only the members that make the key and its algorithm; no kid, since every format has its own. */
export type PublicJwk =
  | { readonly kty: 'OKP'; readonly crv: 'Ed25519'; readonly x: string; readonly alg: 'Ed25519' }
  | {
      readonly kty: 'EC';
      readonly crv: 'P-256' | 'P-384';
      readonly x: string;
      readonly y: string;
      readonly alg: 'ES256' | 'ES384';
    }
  | { readonly kty: 'RSA'; readonly n: string; readonly e: string; readonly alg: 'PS256' };

/** Members of private and symmetric keys (RFC 7518, sections 6.2.2, 6.3.2 and 6.4). */
const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'] as const;

function refuse(rule: string, message: string): YimaError {
  return new YimaError('key_refused', message, { rule });
}

/**
 * Reads a public key and fixes its one algorithm: `alg`, or for EC keys without `alg` the curve's. `EdDSA` on an Ed25519 key means
 * Ed25519 (RFC 9864, section 2.2). Members that mean nothing here are ignored (RFC 7517, section 4).
 * Checks the form alone; `checkPublicKey` says whether the key is sound.
 * @throws YimaError `key_refused` with a `rule`: jwk_form, jwk_private, jwk_use, alg_missing, alg_reserved, alg_unsupported,
 *   kty_mismatch, crv_mismatch, jwk_member
 */
export function parsePublicJwk(jwk: unknown): PublicKey {
  if (!isJsonObject(jwk)) throw refuse('jwk_form', 'The key is not a JSON object.');
  if (PRIVATE_MEMBERS.some((name) => Object.hasOwn(jwk, name))) {
    throw refuse('jwk_private', 'The key holds private parts. Treat it as disclosed and replace it.');
  }
  checkUse(jwk);
  const algorithm = algorithmOf(jwk);
  switch (algorithm) {
    case 'Ed25519':
      requireType(jwk, 'OKP', 'Ed25519');
      return { algorithm, x: bytesOf(jwk, 'x', 32) };
    case 'ES256':
    case 'ES384': {
      const curve = CURVES[algorithm];
      requireType(jwk, 'EC', curve.name);
      return {
        algorithm,
        x: bytesOf(jwk, 'x', curve.coordinateBytes),
        y: bytesOf(jwk, 'y', curve.coordinateBytes),
      };
    }
    case 'PS256':
      requireType(jwk, 'RSA', undefined);
      return { algorithm, n: unsignedOf(jwk, 'n'), e: unsignedOf(jwk, 'e') };
  }
}

function member(jwk: JsonObject, name: string): unknown {
  return Object.hasOwn(jwk, name) ? jwk[name] : undefined;
}

/** RFC 7517, sections 4.2 and 4.3: a public key that is used for signatures can only verify. */
function checkUse(jwk: JsonObject): void {
  const use = member(jwk, 'use');
  const operations = member(jwk, 'key_ops');
  const isUse = use === undefined || use === 'sig';
  const isOperations =
    operations === undefined ||
    (Array.isArray(operations) && operations.length === 1 && operations[0] === 'verify');
  if (!isUse || !isOperations) throw refuse('jwk_use', 'The key is not marked for verifying signatures.');
}

function isAlgorithm(name: string): name is Algorithm {
  return Object.hasOwn(ALGORITHMS, name);
}

function algorithmOf(jwk: JsonObject): Algorithm {
  const alg = member(jwk, 'alg');
  const curve = member(jwk, 'crv');
  if (alg === undefined && member(jwk, 'kty') === 'EC') {
    if (curve === CURVES.ES256.name) return 'ES256';
    if (curve === CURVES.ES384.name) return 'ES384';
    throw refuse('crv_mismatch', 'The curve of the key is not supported.');
  }
  if (alg === undefined) throw refuse('alg_missing', 'The key does not name its algorithm (alg).');
  if (alg === 'EdDSA' && curve === 'Ed25519') return 'Ed25519';
  if (typeof alg === 'string' && isAlgorithm(alg)) return alg;
  if (RESERVED_ALGORITHMS.some((name) => name === alg)) {
    throw refuse('alg_reserved', 'The algorithm of the key is reserved and not implemented.');
  }
  throw refuse('alg_unsupported', 'The algorithm of the key is not supported.');
}

function requireType(jwk: JsonObject, type: string, curve: string | undefined): void {
  if (member(jwk, 'kty') !== type) throw refuse('kty_mismatch', 'The key type does not fit the algorithm.');
  if (member(jwk, 'crv') !== curve) throw refuse('crv_mismatch', 'The curve does not fit the algorithm.');
}

function decodeMember(jwk: JsonObject, name: string): Uint8Array {
  const value = member(jwk, name);
  const wrong = refuse(
    'jwk_member',
    `The member ${name} of the key is missing or not in its one permitted form.`,
  );
  if (typeof value !== 'string') throw wrong;
  try {
    return decodeBase64url(value);
  } catch {
    throw wrong;
  }
}

function bytesOf(jwk: JsonObject, name: string, length: number): Uint8Array {
  const bytes = decodeMember(jwk, name);
  if (bytes.length !== length)
    throw refuse('jwk_member', `The member ${name} of the key has the wrong length.`);
  return bytes;
}

/** Base64urlUInt (RFC 7518, section 2): no leading zero bytes. */
function unsignedOf(jwk: JsonObject, name: string): Uint8Array {
  const bytes = decodeMember(jwk, name);
  if (bytes.length === 0 || bytes[0] === 0) {
    throw refuse('jwk_member', `The member ${name} of the key begins with a zero byte.`);
  }
  return bytes;
}

/** The canonical JWK of a key: what `parsePublicJwk` reads back to an equal key. */
export function publicJwk(key: PublicKey): PublicJwk {
  switch (key.algorithm) {
    case 'Ed25519':
      return { kty: 'OKP', crv: 'Ed25519', x: encodeBase64url(key.x), alg: 'Ed25519' };
    case 'ES256':
    case 'ES384':
      return {
        kty: 'EC',
        crv: CURVES[key.algorithm].name,
        x: encodeBase64url(key.x),
        y: encodeBase64url(key.y),
        alg: key.algorithm,
      };
    case 'PS256':
      return { kty: 'RSA', n: encodeBase64url(key.n), e: encodeBase64url(key.e), alg: 'PS256' };
  }
}
