// Digests of packed lists, made of blocks, so that one change costs one block and a few hashes; and the root over all lists, which is
// what an entry signs.

import type { Sha256 } from '../../signature/public-key.js';
import type { StatusBits } from '../packed.js';

export const BLOCK_BYTES = 16 * 1024;
export const DIGEST_BYTES = 32;

/** A list as the manifest names it. */
export interface ManifestRow {
  readonly number: number;
  readonly bits: StatusBits;
  readonly entries: number;
  /** 32 bytes. */
  readonly digest: Uint8Array;
}

/** Number (8), bits (1), entries (4), digest. */
const ROW_BYTES = 13 + DIGEST_BYTES;

/** The SHA-256 of each block of 16 KiB (the last may be shorter), one after the other. */
export function blockDigests(packed: Uint8Array, sha256: Sha256): Uint8Array {
  const blocks = Math.ceil(packed.length / BLOCK_BYTES);
  const digests = new Uint8Array(blocks * DIGEST_BYTES);
  for (let block = 0; block < blocks; block++) {
    const start = block * BLOCK_BYTES;
    digests.set(sha256(packed.subarray(start, start + BLOCK_BYTES)), block * DIGEST_BYTES);
  }
  return digests;
}

/** SHA-256 over the digests of the blocks. */
export function listDigest(packed: Uint8Array, sha256: Sha256): Uint8Array {
  return sha256(blockDigests(packed, sha256));
}

/** SHA-256 over number, bits, entries (big-endian) and digest of every list, by ascending number. */
export function manifestRoot(rows: readonly ManifestRow[], sha256: Sha256): Uint8Array {
  const sorted = [...rows].sort((a, b) => a.number - b.number);
  const bytes = new Uint8Array(sorted.length * ROW_BYTES);
  const view = new DataView(bytes.buffer);
  sorted.forEach(({ number, bits, entries, digest }, i) => {
    const at = i * ROW_BYTES;
    view.setBigUint64(at, BigInt(number));
    view.setUint8(at + 8, bits);
    view.setUint32(at + 9, entries);
    bytes.set(digest, at + 13);
  });
  return sha256(bytes);
}
