// Byte arrays: joining, comparing, UTF-8 and hex. Uint8Array only, so that it runs in a browser.

import { damaged } from './damaged.js';

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  const joined = new Uint8Array(length);
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}

/** Whether two arrays hold the same bytes. Stops at the first difference: for public values only, never for secrets. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** UTF-8 of a string; a lone surrogate becomes U+FFFD, so check untrusted text first. */
export function utf8Encode(text: string): Uint8Array {
  return encoder.encode(text);
}

/**
 * The string that well-formed UTF-8 encodes; a byte order mark is kept as a character.
 * @throws YimaError `damaged` for anything that is not well-formed UTF-8 (RFC 3629)
 */
export function utf8Decode(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw damaged('not_utf8');
  }
}

/** One byte a character, for text the caller knows to be ASCII. */
export function asciiEncode(text: string): Uint8Array {
  return encoder.encode(text);
}

/** The text of bytes that the caller knows to be ASCII. */
export function asciiDecode(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** Lower-case hex. */
export function hexEncode(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += HEX[byte];
  return text;
}

/** @throws YimaError `damaged` unless the text is an even number of hex digits of either case */
export function hexDecode(text: string): Uint8Array {
  if (text.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(text)) throw damaged('not_hex');
  const bytes = new Uint8Array(text.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(text.slice(2 * i, 2 * i + 2), 16);
  return bytes;
}
