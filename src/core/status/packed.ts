// Status values packed into bytes, least significant bits first (Token Status List, section 4.1).

/** Widths a Token Status List may have (section 4.1). */
export const STATUS_BITS = [1, 2, 4, 8] as const;
export type StatusBits = (typeof STATUS_BITS)[number];

/** The most entries one list holds here; the standard sets no limit. */
export const MAX_ENTRIES = 2 ** 20;

export function isStatusBits(value: unknown): value is StatusBits {
  return STATUS_BITS.some((bits) => bits === value);
}

/** Bytes that `entries` values of `bits` bits take. */
export function packedLength(entries: number, bits: StatusBits): number {
  return Math.ceil((entries * bits) / 8);
}

/**
 * The value at `index`, or undefined when the index is negative, fractional or past the end (section 8.3, step 7: reject).
 * Whole bytes count: a list of 3 values at 2 bits also answers for index 3.
 */
export function getStatus(bytes: Uint8Array, bits: StatusBits, index: number): number | undefined {
  if (!Number.isSafeInteger(index) || index < 0) return undefined;
  const bit = index * bits;
  const byte = bytes[Math.floor(bit / 8)];
  return byte === undefined ? undefined : (byte >>> (bit % 8)) & ((1 << bits) - 1);
}

/** Writes one value in place. The caller has checked that index and value fit. */
export function setStatus(bytes: Uint8Array, bits: StatusBits, index: number, value: number): void {
  const bit = index * bits;
  const at = Math.floor(bit / 8);
  const shift = bit % 8;
  const mask = ((1 << bits) - 1) << shift;
  bytes[at] = ((bytes[at] ?? 0) & ~mask) | ((value << shift) & mask);
}
