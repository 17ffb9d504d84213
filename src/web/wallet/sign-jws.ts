// Compact JWS by a code's own key: the proofs that claiming and holder requests carry.

import { encodeBase64url } from '../../core/codec/base64url.js';
import { asciiEncode, utf8Encode } from '../../core/codec/bytes.js';
import { type DeviceKey, publicJwkOf, signWith } from './device-key.js';

type Json = Readonly<Record<string, unknown>>;

/** ES256, the public key in the header. */
export async function signJws(typ: string, payload: Json, key: DeviceKey): Promise<string> {
  const header = { alg: 'ES256', typ, jwk: publicJwkOf(key) };
  const input = [header, payload].map((part) => encodeBase64url(utf8Encode(JSON.stringify(part)))).join('.');
  return `${input}.${encodeBase64url(await signWith(key, asciiEncode(input)))}`;
}

export function randomId(): string {
  return encodeBase64url(crypto.getRandomValues(new Uint8Array(16)));
}
