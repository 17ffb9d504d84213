// Base32 (RFC 4648, section 6) without padding: in lower case for identifiers that survive any file system and a phone call, read in
// upper case from the alphanumeric symbols of others.

import { asciiEncode } from './bytes.js';
import { damaged } from './damaged.js';

const ALPHABET = [...'abcdefghijklmnopqrstuvwxyz234567'];

/** Five bits a character; a last group is filled with zero bits, never padded. */
export function encodeBase32(bytes: Uint8Array): string {
  let text = '';
  let buffer = 0;
  let bits = 0;
  for (const byte of bytes) {
    buffer = ((buffer << 8) | byte) & 0xfff;
    bits += 8;
    for (; bits >= 5; bits -= 5) text += ALPHABET[(buffer >> (bits - 5)) & 31];
  }
  return bits > 0 ? text + ALPHABET[(buffer << (5 - bits)) & 31] : text;
}

const VALUES = new Int8Array(128).fill(-1);
for (const [value, character] of ALPHABET.entries()) VALUES[character.toUpperCase().charCodeAt(0)] = value;
/** Characters of a last group that hold whole bytes: 1, 2, 3 and 4 of them. */
const TAILS: ReadonlySet<number> = new Set([0, 2, 4, 5, 7]);

/**
 * The bytes of a text in upper case, which has to be their only one.
 * @throws YimaError `damaged`: padding, lower case, a length that no bytes have, trailing bits that are not zero
 */
export function decodeBase32(text: string): Uint8Array {
  if (!TAILS.has(text.length % 8)) throw damaged('base32_length');
  const bytes = new Uint8Array(Math.floor((text.length * 5) / 8));
  let buffer = 0;
  let bits = 0;
  let out = 0;
  for (const code of asciiEncode(text)) {
    const value = VALUES[code] ?? -1;
    if (value < 0) throw damaged('base32');
    buffer = ((buffer << 5) | value) & 0xfff;
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    bytes[out++] = buffer >> bits;
  }
  if ((buffer & ((1 << bits) - 1)) !== 0) throw damaged('base32_trailing_bits');
  return bytes;
}
