// A list that is replaced whole must not bring back to life what is revoked in the one before (Token Status List, section 7.1).

import type { StatusBits } from './packed.js';
import { STATUS_REVOKED } from './published-value.js';

/** For each width and byte: the bits of those of its values that say "revoked". */
const REVOKED_BITS: Readonly<Record<StatusBits, Uint8Array>> = {
  1: revokedBits(1),
  2: revokedBits(2),
  4: revokedBits(4),
  8: revokedBits(8),
};

function revokedBits(bits: StatusBits): Uint8Array {
  const field = (1 << bits) - 1;
  return Uint8Array.from({ length: 256 }, (_, byte) => {
    let mask = 0;
    for (let shift = 0; shift < 8; shift += bits)
      if (((byte >>> shift) & field) === STATUS_REVOKED) mask |= field << shift;
    return mask;
  });
}

/**
 * Writes "revoked" into `next` wherever `before` says so and `next` does not. Past the end of either, nothing.
 * @returns how many values were kept that way: more than none is a reason for an alarm
 */
export function keepRevoked(before: Uint8Array, next: Uint8Array, bits: StatusBits): number {
  const table = REVOKED_BITS[bits];
  const length = Math.min(before.length, next.length);
  let kept = 0;
  for (let at = 0; at < length; at++) {
    const revoked = table[before[at] ?? 0] ?? 0;
    if (revoked === 0) continue;
    const value = next[at] ?? 0;
    const lost = revoked & ~(table[value] ?? 0);
    if (lost === 0) continue;
    next[at] = (value & ~lost) | (lost & ONES[bits]);
    kept += fieldsIn(lost & ONES[bits]);
  }
  return kept;
}

/** A byte whose every value is 1. */
const ONES: Readonly<Record<StatusBits, number>> = { 1: 0xff, 2: 0x55, 4: 0x11, 8: 0x01 };

/** One bit is set for each. */
function fieldsIn(byte: number): number {
  let count = 0;
  for (let rest = byte; rest !== 0; rest &= rest - 1) count++;
  return count;
}
