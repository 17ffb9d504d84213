// base64url without padding (RFC 4648, section 5), strict: one byte string has one text, and every other is refused.

import { asciiDecode, utf8Encode } from './bytes.js';
import { damaged } from './damaged.js';

const ALPHABET = utf8Encode('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_');
/** Value of each byte of text, -1 for those outside the alphabet, so of every part of a longer character. */
const VALUES = new Int8Array(256).fill(-1);
for (const [value, character] of ALPHABET.entries()) VALUES[character] = value;

/** Never padded. */
export function encodeBase64url(bytes: Uint8Array): string {
  const text = new Uint8Array(Math.ceil((bytes.length * 4) / 3));
  let out = 0;
  for (let i = 0; i < bytes.length; i += 3) {
    const group = ((bytes[i] ?? 0) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    // What a short last group lacks lies past the end of `text`, where a typed array drops it.
    text[out] = ALPHABET[group >> 18] ?? 0;
    text[out + 1] = ALPHABET[(group >> 12) & 63] ?? 0;
    text[out + 2] = ALPHABET[(group >> 6) & 63] ?? 0;
    text[out + 3] = ALPHABET[group & 63] ?? 0;
    out += 4;
  }
  return asciiDecode(text);
}

function value(character: number | undefined): number {
  return VALUES[character ?? 0] ?? -1;
}

/**
 * The bytes of a canonical base64url text.
 * @throws YimaError `damaged`: padding, white space, `+` or `/`, length mod 4 = 1, trailing bits that are not zero
 * @see RFC 4648, sections 3.2, 3.3 and 3.5
 */
export function decodeBase64url(text: string): Uint8Array {
  const codes = utf8Encode(text);
  const tail = codes.length & 3;
  if (tail === 1) throw damaged('base64url_length');
  const whole = codes.length - tail;
  const bytes = new Uint8Array((whole / 4) * 3 + (tail === 0 ? 0 : tail - 1));
  let out = 0;
  let seen = 0;
  for (let i = 0; i < whole; i += 4) {
    const a = value(codes[i]);
    const b = value(codes[i + 1]);
    const c = value(codes[i + 2]);
    const d = value(codes[i + 3]);
    seen |= a | b | c | d;
    const group = (a << 18) | (b << 12) | (c << 6) | d;
    bytes[out] = group >> 16;
    bytes[out + 1] = group >> 8;
    bytes[out + 2] = group;
    out += 3;
  }
  if (tail > 0) {
    const a = value(codes[whole]);
    const b = value(codes[whole + 1]);
    const c = tail === 3 ? value(codes[whole + 2]) : 0;
    seen |= a | b | c;
    const group = (a << 12) | (b << 6) | c;
    if ((group & (tail === 3 ? 0x3 : 0x3ff)) !== 0) throw damaged('base64url_trailing_bits');
    bytes[out] = group >> 10;
    if (tail === 3) bytes[out + 1] = group >> 2;
  }
  if (seen < 0) throw damaged('base64url');
  return bytes;
}
