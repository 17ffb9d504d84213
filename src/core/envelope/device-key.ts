// The key a credential is bound to (`cnf`, RFC 8747 and RFC 7800): one form in CBOR, one in JSON, Ed25519 and P-256 alone.

import { decodeBase64url, encodeBase64url } from '../codec/base64url.js';
import { isJsonObject, type JsonObject } from '../codec/json.js';
import { YimaError } from '../errors/yima-error.js';
import type { PublicKey } from '../signature/public-key.js';
import { decompressP256 } from './p256-decompress.js';

/** As carried. `YM1` has only the parity of a P-256 key's y: true for odd (RFC 9053, section 7.1.1). */
export type DeviceKey =
  | { readonly algorithm: 'Ed25519'; readonly x: Uint8Array }
  | { readonly algorithm: 'ES256'; readonly x: Uint8Array; readonly y: Uint8Array | boolean };

const COSE_KEY = { type: 1, curve: -1, x: -2, y: -3 } as const;
const COSE_OKP = { type: 1, curve: 6 } as const;
const COSE_EC2 = { type: 2, curve: 1 } as const;
/** 32 bytes in their only base64url form: the last character holds two zero bits. */
const COORDINATE = /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/;

function unsuitable(): YimaError {
  return new YimaError('internal', 'A device key is Ed25519 or ES256.');
}

function isCoordinate(value: unknown): value is Uint8Array {
  return value instanceof Uint8Array && value.length === 32;
}

/** The COSE_Key, with y of P-256 as its parity, which saves 32 bytes in the symbol. */
export function coseDeviceKey(key: PublicKey): ReadonlyMap<number, unknown> {
  if (key.algorithm === 'Ed25519') {
    return new Map<number, unknown>([
      [COSE_KEY.type, COSE_OKP.type],
      [COSE_KEY.curve, COSE_OKP.curve],
      [COSE_KEY.x, key.x],
    ]);
  }
  if (key.algorithm !== 'ES256') throw unsuitable();
  return new Map<number, unknown>([
    [COSE_KEY.type, COSE_EC2.type],
    [COSE_KEY.curve, COSE_EC2.curve],
    [COSE_KEY.x, key.x],
    [COSE_KEY.y, ((key.y[31] ?? 0) & 1) === 1],
  ]);
}

/** null for anything but the form that `coseDeviceKey` writes. */
export function parseCoseDeviceKey(value: unknown): DeviceKey | null {
  if (!(value instanceof Map)) return null;
  const [type, curve, x, y] = [COSE_KEY.type, COSE_KEY.curve, COSE_KEY.x, COSE_KEY.y].map((key) =>
    value.get(key),
  );
  if (!isCoordinate(x)) return null;
  if (type === COSE_OKP.type && curve === COSE_OKP.curve && value.size === 3)
    return { algorithm: 'Ed25519', x };
  const isEc = type === COSE_EC2.type && curve === COSE_EC2.curve && value.size === 4;
  return isEc && typeof y === 'boolean' ? { algorithm: 'ES256', x, y } : null;
}

/** The JWK with its required members alone. */
export function jwkDeviceKey(key: PublicKey): JsonObject {
  if (key.algorithm === 'Ed25519') return { kty: 'OKP', crv: 'Ed25519', x: encodeBase64url(key.x) };
  if (key.algorithm !== 'ES256') throw unsuitable();
  return { kty: 'EC', crv: 'P-256', x: encodeBase64url(key.x), y: encodeBase64url(key.y) };
}

/** null for anything but the form that `jwkDeviceKey` writes; private parts and key URLs are among that. */
export function parseJwkDeviceKey(value: unknown): DeviceKey | null {
  if (!isJsonObject(value)) return null;
  const { kty, crv, x, y, ...others } = value;
  if (Object.keys(others).length > 0 || typeof x !== 'string' || !COORDINATE.test(x)) return null;
  if (kty === 'OKP' && crv === 'Ed25519' && y === undefined) {
    return { algorithm: 'Ed25519', x: decodeBase64url(x) };
  }
  if (kty !== 'EC' || crv !== 'P-256' || typeof y !== 'string' || !COORDINATE.test(y)) return null;
  return { algorithm: 'ES256', x: decodeBase64url(x), y: decodeBase64url(y) };
}

/**
 * The whole public key; for P-256 out of a `YM1` this costs about as much as a signature check, so it waits until the issuer's
 * signature has proven the binding. Whether the key is admissible is `checkPublicKey`'s question.
 * @throws YimaError `invalid_claims` when no point of the curve has this x
 */
export function devicePublicKey(key: DeviceKey): PublicKey {
  if (key.algorithm === 'Ed25519' || typeof key.y !== 'boolean') return key as PublicKey;
  const y = decompressP256(key.x, key.y);
  if (y === null)
    throw new YimaError('invalid_claims', 'The device key is not a point of its curve.', { field: 'cnf' });
  return { algorithm: 'ES256', x: key.x, y };
}
