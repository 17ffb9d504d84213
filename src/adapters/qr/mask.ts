// Which of the eight QR masks scans best: the penalty rules of ISO/IEC 18004:2015, 7.8.3, on 32 modules at a time.
// Masks, and the format bits that name them, are linear over GF(2): going from mask 0 to mask p flips a set of modules that
// depends on the version alone. Flips are made once a version; a choice is then some thousand word operations.

export const MASK_COUNT = 8;

/** A symbol drawn with mask 0: modules and which of them belong to patterns, row-major, one byte each. */
export interface DrawnSymbol {
  readonly size: number;
  readonly modules: Uint8Array;
  readonly reserved: Uint8Array;
}

/** Rows and columns of a symbol, each as `words` 32-bit words, least significant bit first. */
interface BitGrid {
  readonly size: number;
  readonly words: number;
  readonly rows: Int32Array;
  readonly columns: Int32Array;
}

interface MaskFlips {
  readonly modules: readonly Uint8Array[];
  readonly grids: readonly BitGrid[];
}

const flipsBySize = new Map<number, MaskFlips>();

/** The mask with the lowest penalty, the first of equals, and the modules under it. `symbol` is left as it was. */
export function chooseMask(symbol: DrawnSymbol): { readonly mask: number; readonly modules: Uint8Array } {
  const flips = flipsFor(symbol);
  const base = bitGrid(symbol.size, symbol.modules);
  const trial = { ...base, rows: base.rows.slice(), columns: base.columns.slice() };
  let mask = 0;
  let least = Number.POSITIVE_INFINITY;
  flips.grids.forEach((flip, candidate) => {
    xorInto(trial.rows, base.rows, flip.rows);
    xorInto(trial.columns, base.columns, flip.columns);
    const points = gridPenalty(trial);
    if (points < least) {
      least = points;
      mask = candidate;
    }
  });
  const modules = symbol.modules.slice();
  const flipped = flips.modules[mask];
  if (flipped !== undefined) {
    for (let at = 0; at < modules.length; at++) modules[at] = (modules[at] ?? 0) ^ (flipped[at] ?? 0);
  }
  return { mask, modules };
}

/** Penalty points of a finished symbol: the sum of N1 to N4. */
export function penalty(size: number, modules: Uint8Array): number {
  return gridPenalty(bitGrid(size, modules));
}

function flipsFor(symbol: DrawnSymbol): MaskFlips {
  const known = flipsBySize.get(symbol.size);
  if (known !== undefined) return known;
  const modules = Array.from({ length: MASK_COUNT }, (_, mask) => maskFlips(symbol, mask));
  const made = { modules, grids: modules.map((flip) => bitGrid(symbol.size, flip)) };
  flipsBySize.set(symbol.size, made);
  return made;
}

/** Modules that differ between mask 0 and `mask`, format bits included. */
function maskFlips({ size, reserved }: DrawnSymbol, mask: number): Uint8Array {
  const flips = new Uint8Array(size * size);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const at = row * size + column;
      if (reserved[at] === 0 && isMasked(0, row, column) !== isMasked(mask, row, column)) flips[at] = 1;
    }
  }
  flipFormat(flips, size, mask);
  return flips;
}

/** ISO/IEC 18004:2015, table 10: a module is masked where its condition is 0. */
const CONDITIONS: readonly ((i: number, j: number) => number)[] = [
  (i, j) => (i + j) % 2,
  (i) => i % 2,
  (_i, j) => j % 3,
  (i, j) => (i + j) % 3,
  (i, j) => (Math.floor(i / 2) + Math.floor(j / 3)) % 2,
  (i, j) => ((i * j) % 2) + ((i * j) % 3),
  (i, j) => (((i * j) % 2) + ((i * j) % 3)) % 2,
  (i, j) => (((i + j) % 2) + ((i * j) % 3)) % 2,
];

function isMasked(mask: number, i: number, j: number): boolean {
  return CONDITIONS[mask]?.(i, j) === 0;
}

/** Both copies of the 15 format bits (7.9.1): the BCH(15,5) code is linear, so the difference is the code word of `mask`. */
function flipFormat(flips: Uint8Array, size: number, mask: number): void {
  const generator = 0x537;
  let remainder = mask << 10;
  for (let bit = 14; bit >= 10; bit--) {
    if ((remainder >>> bit) & 1) remainder ^= generator << (bit - 10);
  }
  const word = (mask << 10) | remainder;
  for (let bit = 0; bit < 15; bit++) {
    if (((word >>> bit) & 1) === 0) continue;
    const down = bit < 6 ? bit : bit < 8 ? bit + 1 : size - 15 + bit;
    const across = bit < 8 ? size - 1 - bit : bit === 8 ? 7 : 14 - bit;
    flips[down * size + 8] = 1;
    flips[8 * size + across] = 1;
  }
}

function bitGrid(size: number, modules: Uint8Array): BitGrid {
  const words = Math.ceil(size / 32);
  const rows = new Int32Array(size * words);
  const columns = new Int32Array(size * words);
  for (let row = 0; row < size; row++) {
    const rowWord = row >>> 5;
    const rowBit = row & 31;
    for (let column = 0; column < size; column++) {
      const dark = modules[row * size + column] ?? 0;
      const inRow = row * words + (column >>> 5);
      const inColumn = column * words + rowWord;
      rows[inRow] = (rows[inRow] ?? 0) | (dark << (column & 31));
      columns[inColumn] = (columns[inColumn] ?? 0) | (dark << rowBit);
    }
  }
  return { size, words, rows, columns };
}

function xorInto(target: Int32Array, left: Int32Array, right: Int32Array): void {
  for (let i = 0; i < target.length; i++) target[i] = (left[i] ?? 0) ^ (right[i] ?? 0);
}

function gridPenalty({ size, words, rows, columns }: BitGrid): number {
  return (
    linePenalty(rows, size, words) +
    linePenalty(columns, size, words) +
    blockPenalty(rows, size, words) +
    balancePenalty(rows, size)
  );
}

/** Bits of word `word` that are modules of the first `count`. */
function validBits(word: number, count: number): number {
  const bits = count - word * 32;
  return bits >= 32 ? -1 : bits <= 0 ? 0 : (1 << bits) - 1;
}

/**
 * N1, a run of n >= 5 like modules: n - 2. N3, dark-light-dark-light-dark as 1:1:3:1:1 with 4 light modules on a side: 40.
 * Reads down the lines, so 32 neighbouring lines advance together; `likeN` says where the module N steps back is like the
 * one before it.
 */
function linePenalty(lines: Int32Array, size: number, words: number): number {
  let points = 0;
  for (let word = 0; word < words; word++) {
    const valid = validBits(word, size);
    let before = lines[word] ?? 0;
    let [like1, like2, like3, like4, like5, runBefore] = [0, 0, 0, 0, 0, 0];
    for (let at = 1; at < size; at++) {
      const here = lines[at * words + word] ?? 0;
      const like = ~(here ^ before) & valid;
      const run = like & like1 & like2 & like3;
      if (run !== 0) points += countBits(run) + 2 * countBits(run & ~runBefore);
      const finder = here & ~like & ~like1 & like2 & like3 & ~like4 & ~like5;
      if (finder !== 0 && at >= 6) points += 40 * countLightSides(lines, size, words, word, at, finder);
      like5 = like4;
      like4 = like3;
      like3 = like2;
      like2 = like1;
      like1 = like;
      runBefore = run;
      before = here;
    }
  }
  return points;
}

/** Light sides of the finder patterns that end at `at` in the lines of `finder`. */
function countLightSides(
  lines: Int32Array,
  size: number,
  words: number,
  word: number,
  at: number,
  finder: number,
): number {
  return (
    countBits(finder & lightBits(lines, size, words, word, at - 10)) +
    countBits(finder & lightBits(lines, size, words, word, at + 1))
  );
}

/** Lines that are light at all four places from `start`; none when those are not all inside the symbol. */
function lightBits(lines: Int32Array, size: number, words: number, word: number, start: number): number {
  if (start < 0 || start + 4 > size) return 0;
  const at = start * words + word;
  const dark =
    (lines[at] ?? 0) | (lines[at + words] ?? 0) | (lines[at + 2 * words] ?? 0) | (lines[at + 3 * words] ?? 0);
  return ~dark;
}

/** N2: 3 points for each 2 x 2 block of like modules. */
function blockPenalty(rows: Int32Array, size: number, words: number): number {
  let blocks = 0;
  for (let row = 1; row < size; row++) {
    for (let word = 0; word < words; word++) {
      const at = row * words + word;
      const last = word === words - 1;
      const here = rows[at] ?? 0;
      const right = (here >>> 1) | (last ? 0 : (rows[at + 1] ?? 0) << 31);
      const above = here ^ (rows[at - words] ?? 0);
      const aboveRight =
        (above >>> 1) | (last ? 0 : ((rows[at + 1] ?? 0) ^ (rows[at + 1 - words] ?? 0)) << 31);
      blocks += countBits(~(here ^ right) & ~above & ~aboveRight & validBits(word, size - 1));
    }
  }
  return blocks * 3;
}

/** N4: 10 points for each whole 5 % that the dark share is away from half. */
function balancePenalty(rows: Int32Array, size: number): number {
  let dark = 0;
  for (const word of rows) dark += countBits(word);
  const modules = size * size;
  return Math.floor((Math.abs(2 * dark - modules) * 10) / modules) * 10;
}

function countBits(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
