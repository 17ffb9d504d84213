// Codes that nobody signed: spoilt copies of sound ones, and texts that are no codes.

import { decodeBase45, encodeBase45 } from '../../src/core/codec/base45.js';
import { YM1_PREFIX } from '../../src/core/envelope/ym1.js';

/** An Ed25519 signature ends a YM1 code; its first half is R. */
const SIGNATURE_BYTES = 64;

/** The same code with one bit of its signature changed, so that all in front of it is known and sound. */
export function flipSignatureBit(code: string, bit: number): string {
  const bytes = decodeBase45(code.slice(YM1_PREFIX.length));
  const at = bytes.length - SIGNATURE_BYTES + (Math.floor(bit / 8) % (SIGNATURE_BYTES / 2));
  bytes[at] = (bytes[at] ?? 0) ^ (1 << (bit % 8));
  return YM1_PREFIX + encodeBase45(bytes);
}

/** The beginning of a code, as a torn symbol gives it. */
export function cutShort(code: string, serial: number): string {
  return code.slice(0, YM1_PREFIX.length + 3 * (1 + (serial % 50)));
}

export function strangeText(serial: number): string {
  return `https://example.com/menu?table=${serial}`;
}
