// Base45 (RFC 9285), strict: one byte string has one text, and every other text is refused.

import { asciiDecode, utf8Encode } from './bytes.js';
import { damaged } from './damaged.js';

const ALPHABET = utf8Encode('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:');
/** Digit of each ASCII character, -1 for those outside the alphabet. */
const DIGITS = new Int8Array(128).fill(-1);
for (const [digit, character] of ALPHABET.entries()) DIGITS[character] = digit;

/** Where a text of ours is put together before it becomes a string. */
const scratch = new Uint8Array(1_024);

/** Two bytes become three characters, a last single byte two; every byte string has one text. */
export function encodeBase45(bytes: Uint8Array): string {
  const length = Math.ceil(bytes.length * 1.5);
  const text = length <= scratch.length ? scratch : new Uint8Array(length);
  let out = 0;
  for (let i = 0; i < bytes.length; i += 2) {
    const isPair = i + 1 < bytes.length;
    const value = isPair ? ((bytes[i] ?? 0) << 8) | (bytes[i + 1] ?? 0) : (bytes[i] ?? 0);
    const rest = (value / 45) | 0;
    text[out] = ALPHABET[value % 45] ?? 0;
    text[out + 1] = ALPHABET[rest % 45] ?? 0;
    if (isPair) text[out + 2] = ALPHABET[(rest / 45) | 0] ?? 0;
    out += 3;
  }
  return asciiDecode(text.subarray(0, length));
}

/** NaN, past the end of a text, is no digit either. */
function digitAt(text: string, index: number): number {
  return DIGITS[text.charCodeAt(index)] ?? -1;
}

/**
 * The bytes of a canonical Base45 text.
 * @param from where in `text` it begins, after a prefix
 * @throws YimaError `damaged`: a character outside the alphabet (lower case too), length mod 3 = 1, a triple over
 *   65535 or a pair over 255
 * @see RFC 9285, sections 4 and 6
 */
export function decodeBase45(text: string, from = 0): Uint8Array {
  const length = text.length - from;
  const tail = length % 3;
  if (tail === 1) throw damaged('base45_length');
  const end = text.length - tail;
  const bytes = new Uint8Array(((length - tail) / 3) * 2 + (tail >> 1));
  let out = 0;
  for (let i = from; i < end; i += 3) {
    const low = digitAt(text, i);
    const middle = digitAt(text, i + 1);
    const high = digitAt(text, i + 2);
    const value = low + 45 * middle + 2025 * high;
    if ((low | middle | high) < 0 || value > 0xffff) throw damaged('base45');
    bytes[out] = value >> 8;
    bytes[out + 1] = value;
    out += 2;
  }
  if (tail === 2) {
    const low = digitAt(text, end);
    const high = digitAt(text, end + 1);
    const value = low + 45 * high;
    if ((low | high) < 0 || value > 0xff) throw damaged('base45');
    bytes[out] = value;
  }
  return bytes;
}
