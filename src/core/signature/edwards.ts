// Bytes of edwards25519 that no key and no signature may hold: points of small order, and encodings that are not canonical.

import { hexDecode } from '../codec/bytes.js';

const MIDDLE_FF = 'ff'.repeat(30);
const MIDDLE_00 = '00'.repeat(30);

/**
 * Every 32-byte string that some decoder reads as a point of order 1, 2, 4 or 8. Half of them are not canonical: x = 0 with
 * the sign bit set, or y of p and p + 1.
 * @see RFC 8032, section 5.1.3
 */
export const SMALL_ORDER_ENCODINGS: readonly Uint8Array[] = [
  `01${MIDDLE_00}00`,
  `ec${MIDDLE_FF}7f`,
  `00${MIDDLE_00}00`,
  `00${MIDDLE_00}80`,
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa',
  `01${MIDDLE_00}80`,
  `ec${MIDDLE_FF}ff`,
  `ed${MIDDLE_FF}7f`,
  `ed${MIDDLE_FF}ff`,
  `ee${MIDDLE_FF}7f`,
  `ee${MIDDLE_FF}ff`,
].map(hexDecode);

/** Whether the first 32 bytes are one of `SMALL_ORDER_ENCODINGS`. */
export function startsWithSmallOrder(bytes: Uint8Array): boolean {
  return SMALL_ORDER_ENCODINGS.some((encoding) => {
    for (let i = 0; i < 32; i++) if (bytes[i] !== encoding[i]) return false;
    return true;
  });
}

/** Whether the first 32 bytes encode a y below p = 2^255 - 19, the sign bit aside. */
export function startsWithCanonicalY(bytes: Uint8Array): boolean {
  if (((bytes[31] ?? 0) & 0x7f) !== 0x7f) return true;
  for (let i = 30; i > 0; i--) if (bytes[i] !== 0xff) return true;
  return (bytes[0] ?? 0) < 0xed;
}

/** The order L of the base point, little-endian. */
const ORDER = hexDecode('edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010');

/** Whether bytes 32 to 63, little-endian, are below L (RFC 8032, section 5.1.7). */
export function hasReducedScalar(signature: Uint8Array): boolean {
  for (let i = 31; i >= 0; i--) {
    const difference = (signature[32 + i] ?? 0) - (ORDER[i] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}
