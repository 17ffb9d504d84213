// The PIN that it takes to leave a checkpoint. Kept as a salted hash; whoever takes the device apart finds a number of few digits anyway.

import { decodeBase64url, encodeBase64url } from '../../core/codec/base64url.js';
import { concatBytes, utf8Encode } from '../../core/codec/bytes.js';

/** SHA-256 of salt and PIN; both base64url. */
export interface KeptPin {
  readonly salt: string;
  readonly hash: string;
}

async function digest(pin: string, salt: Uint8Array): Promise<string> {
  const bytes = concatBytes(salt, utf8Encode(pin));
  return encodeBase64url(new Uint8Array(await crypto.subtle.digest('SHA-256', Uint8Array.from(bytes))));
}

export async function hashPin(pin: string): Promise<KeptPin> {
  const salt = crypto.getRandomValues(new Uint8Array(16));
  return { salt: encodeBase64url(salt), hash: await digest(pin, salt) };
}

export async function isPin(pin: string, { salt, hash }: KeptPin): Promise<boolean> {
  return (await digest(pin, decodeBase64url(salt))) === hash;
}
