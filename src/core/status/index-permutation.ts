// Which index the n-th encoding of a list gets: a keyed bijection, so that indices are unpredictable, never reused and need no retries.

import { YimaError } from '../errors/yima-error.js';
import type { Sha256 } from '../signature/public-key.js';
import { MAX_ENTRIES } from './packed.js';

/**
 * Ten rounds, as FF1 (NIST SP 800-38G) takes. Four already make a Feistel network a strong pseudorandom permutation (Luby,
 * Rackoff 1988), but the bound holds only up to about 2^(width / 4) known values, 32 in a list of 2^20, and whoever handles
 * codes sees more; the known attacks on small domains grow dearer with every round, and a round costs 2 ns here.
 */
const ROUNDS = 10;

/** A hash of 32 bytes fills this many 16-bit table entries. */
const ENTRIES_PER_HASH = 16;
const SEED_BYTES = 32;
const LABEL = 'yima index permutation 1';

/**
 * A bijection on [0, entries), keyed by the list's seed: counter -> index.
 *
 * A Feistel network on the counter's bits, with a random table for each round; an odd width gives the right half one bit
 * more, and the halves take turns (no swapping), so every width is a bijection. The tables are made once, from
 * SHA-256(label, seed, round, block): at 2^20 entries 640 hashes and 20 KB. A call is ten look-ups.
 * @param seed 32 random bytes, kept secret: who has them foresees every index
 * @param entries a power of two, 1 to 2^20
 * @throws YimaError `internal` for other sizes, and from the returned function for a counter outside [0, entries)
 */
export function createPermutation(
  seed: Uint8Array,
  entries: number,
  sha256: Sha256,
): (counter: number) => number {
  const width = Math.log2(entries);
  if (!Number.isInteger(width) || width < 0 || entries > MAX_ENTRIES || seed.length !== SEED_BYTES) {
    throw new YimaError(
      'internal',
      'A permutation needs a power of two up to 2^20 entries and a seed of 32 bytes.',
    );
  }
  const leftBits = Math.floor(width / 2);
  const rightBits = width - leftBits;
  const tables = Array.from({ length: ROUNDS }, (_, round) =>
    round % 2 === 0
      ? roundTable(seed, round, rightBits, leftBits, sha256)
      : roundTable(seed, round, leftBits, rightBits, sha256),
  );
  const rightMask = (1 << rightBits) - 1;

  return (counter) => {
    if (!Number.isInteger(counter) || counter < 0 || counter >= entries) {
      throw new YimaError('internal', 'The counter lies outside its status list.');
    }
    let left = counter >>> rightBits;
    let right = counter & rightMask;
    let fromRight = true;
    for (const table of tables) {
      if (fromRight) left ^= table[right] ?? 0;
      else right ^= table[left] ?? 0;
      fromRight = !fromRight;
    }
    return (left << rightBits) | right;
  };
}

/** A random function from `inBits` to `outBits` bits. */
function roundTable(
  seed: Uint8Array,
  round: number,
  inBits: number,
  outBits: number,
  sha256: Sha256,
): Uint16Array {
  const table = new Uint16Array(1 << inBits);
  const input = new Uint8Array(LABEL.length + SEED_BYTES + 2);
  for (let i = 0; i < LABEL.length; i++) input[i] = LABEL.charCodeAt(i);
  input.set(seed, LABEL.length);
  input[input.length - 2] = round;
  for (let start = 0; start < table.length; start += ENTRIES_PER_HASH) {
    input[input.length - 1] = start / ENTRIES_PER_HASH;
    fillBlock(table, start, sha256(input), (1 << outBits) - 1);
  }
  return table;
}

function fillBlock(table: Uint16Array, start: number, digest: Uint8Array, mask: number): void {
  const end = Math.min(start + ENTRIES_PER_HASH, table.length);
  for (let at = start; at < end; at++) {
    const from = (at - start) * 2;
    table[at] = (((digest[from] ?? 0) << 8) | (digest[from + 1] ?? 0)) & mask;
  }
}
