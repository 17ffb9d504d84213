// base64 with padding (RFC 4648, section 4), as signed notes hold it; strict like base64url, which does the work.

import { decodeBase64url, encodeBase64url } from './base64url.js';
import { damaged } from './damaged.js';

const FORM = /^[A-Za-z0-9+/]*={0,2}$/;

export function encodeBase64(bytes: Uint8Array): string {
  const text = encodeBase64url(bytes).replaceAll('-', '+').replaceAll('_', '/');
  return text.padEnd(Math.ceil(text.length / 4) * 4, '=');
}

/** @throws YimaError `damaged`: another alphabet, missing or superfluous padding, trailing bits that are not zero */
export function decodeBase64(text: string): Uint8Array {
  if (!FORM.test(text) || text.length % 4 !== 0) throw damaged('base64');
  const bare = text.replace(/=+$/, '');
  if (text.length - bare.length !== (4 - (bare.length % 4)) % 4) throw damaged('base64');
  return decodeBase64url(bare.replaceAll('+', '-').replaceAll('/', '_'));
}
