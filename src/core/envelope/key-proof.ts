// A proof that somebody holds a key, as a compact JWS that brings the key along (`jwk`): what a wallet signs to claim a credential and to
// sign in with it. A page makes one with a key that only signs asynchronously, so making has two steps.

import { encodeBase64url } from '../codec/base64url.js';
import { asciiEncode, utf8Decode, utf8Encode } from '../codec/bytes.js';
import { damaged } from '../codec/damaged.js';
import { isJsonObject, type JsonObject, parseStrictJson } from '../codec/json.js';
import { type CompactJws, parseCompactJws } from '../codec/jws.js';
import { YimaError } from '../errors/yima-error.js';
import { checkPublicKey } from '../signature/admissible-key.js';
import type { VerifySignature } from '../signature/ports.js';
import { parsePublicJwk } from '../signature/public-jwk.js';
import type { PublicKey } from '../signature/public-key.js';
import { jwkDeviceKey } from './device-key.js';

const MAX_CHARS = 4_096;
const DEVICE_ALGORITHMS: readonly string[] = ['ES256', 'Ed25519'];

export interface UnsignedProof {
  /** What the device signs; ES256 gives r||s, 64 bytes. */
  readonly message: Uint8Array;
  /** The proof's text. */
  readonly signedWith: (signature: Uint8Array) => string;
}

/** @param key Ed25519 or ES256 */
export function startKeyProof(type: string, key: PublicKey, payload: JsonObject): UnsignedProof {
  const header = { alg: key.algorithm, typ: type, jwk: jwkDeviceKey(key) };
  const segments = [header, payload].map((part) => encodeBase64url(utf8Encode(JSON.stringify(part))));
  const signed = segments.join('.');
  return {
    message: asciiEncode(signed),
    signedWith: (signature) => `${signed}.${encodeBase64url(signature)}`,
  };
}

export interface KeyProof {
  readonly key: PublicKey;
  readonly payload: JsonObject;
}

/**
 * Reads a proof and checks its signature with the key that it brings; what the payload says is for the caller.
 * @throws YimaError `invalid_request` for anything but one key in `jwk`, of Ed25519 or P-256, and a payload that it signed
 */
export function readKeyProof(text: string, type: string, verify: VerifySignature): KeyProof {
  try {
    const jws = parseCompactJws(text, { maxChars: MAX_CHARS, foreign: true, bringsKey: true });
    const key = keyOf(jws, type);
    const payload = parseStrictJson(utf8Decode(jws.payloadBytes), { maxDepth: 4 });
    if (!isJsonObject(payload)) throw damaged('jwt');
    if (!verify(key, jws.signingInput, jws.signature)) throw damaged('signature');
    return { key, payload };
  } catch (cause) {
    if (!(cause instanceof YimaError)) throw cause;
    const rule = cause.rule === undefined ? {} : { rule: cause.rule };
    throw new YimaError(
      'invalid_request',
      'The proof of the device’s key is not sound; sign a new one.',
      rule,
    );
  }
}

function keyOf({ header, algorithm, kid, type: found }: CompactJws, type: string): PublicKey {
  const { jwk } = header;
  if (found !== type) throw damaged('typ');
  if (kid !== null || !isJsonObject(jwk) || Object.hasOwn(header, 'zip')) throw damaged('jws_header');
  if (!DEVICE_ALGORITHMS.includes(algorithm)) throw damaged('jws_alg');
  const key = parsePublicJwk({ alg: algorithm, ...jwk });
  if (key.algorithm !== algorithm) throw damaged('jws_alg');
  checkPublicKey(key);
  return key;
}
