// Where two packed lists of one shape differ.

import { getStatus, type StatusBits } from '../packed.js';

/**
 * Every index at which `packed` holds another value than `other`, ascending, with the value in `packed`.
 * @returns null when there are more than `limit`
 */
export function differences(
  packed: Uint8Array,
  other: Uint8Array,
  { bits, entries }: { readonly bits: StatusBits; readonly entries: number },
  limit: number,
): { readonly index: number; readonly value: number }[] | null {
  const found: { index: number; value: number }[] = [];
  const perByte = 8 / bits;
  for (let byte = 0; byte < packed.length; byte++) {
    if (packed[byte] === other[byte]) continue;
    const end = Math.min(entries, (byte + 1) * perByte);
    for (let index = byte * perByte; index < end; index++) {
      const value = getStatus(packed, bits, index) ?? 0;
      if (value === getStatus(other, bits, index)) continue;
      if (found.length === limit) return null;
      found.push({ index, value });
    }
  }
  return found;
}
