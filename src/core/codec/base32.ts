// Base32 (RFC 4648, section 6) in lower case without padding: identifiers that survive any file system and a phone call.

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
