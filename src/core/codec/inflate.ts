// Inflating without a runtime's help, for browsers: whole streams only, every bit accounted for, never more out than was allowed.
// Servers use node:zlib; both give one answer for every input.

import { damaged } from './damaged.js';

/** Codes of one alphabet in canonical order: how many there are of each length, and their symbols (RFC 1951, section 3.2.2). */
interface Huffman {
  readonly counts: Uint16Array;
  readonly symbols: Uint16Array;
}

interface Input {
  readonly bytes: Uint8Array;
  at: number;
  bits: number;
  held: number;
}

interface Output {
  bytes: Uint8Array;
  length: number;
  readonly max: number;
}

const MAX_BITS = 15;
const END_OF_BLOCK = 256;
const FIRST_BYTES = 4_096;
const LENGTH_BASE = [
  3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195,
  227, 258,
];
const LENGTH_EXTRA = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
const DISTANCE_BASE = [
  1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097,
  6145, 8193, 12289, 16385, 24577,
];
const DISTANCE_EXTRA = [
  0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13,
];
/** The order in which the lengths of the code-length code come (section 3.2.7). */
const ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
const FIXED = fixedCodes();

/**
 * One raw deflate stream (RFC 1951) and nothing after it.
 * @throws YimaError `damaged`, rule `zlib`: no such stream, truncated, more than `maxBytes` out; `zlib_trailing`: bytes after it
 */
export function inflateRawStream(bytes: Uint8Array, maxBytes: number): Uint8Array {
  return inflateFrom({ bytes, at: 0, bits: 0, held: 0 }, bytes.length, maxBytes);
}

/** One zlib stream (RFC 1950), its checksum included, and nothing after it. @throws YimaError as `inflateRawStream` */
export function inflateZlibStream(bytes: Uint8Array, maxBytes: number): Uint8Array {
  const [method = 0, flags = 0] = bytes;
  const isZlib = (method & 0x0f) === 8 && method >> 4 <= 7 && (method * 256 + flags) % 31 === 0;
  if (!isZlib || (flags & 0x20) !== 0 || bytes.length < 6) throw damaged('zlib');
  const input = { bytes: bytes.subarray(0, bytes.length), at: 2, bits: 0, held: 0 };
  const inflated = inflateFrom(input, null, maxBytes);
  const sum = bytes.subarray(input.at, input.at + 4);
  if (sum.length !== 4 || checksum(inflated) !== number(sum)) throw damaged('zlib');
  if (input.at + 4 !== bytes.length) throw damaged('zlib_trailing');
  return inflated;
}

/** @param end where the stream must end; null: the caller looks */
function inflateFrom(input: Input, end: number | null, max: number): Uint8Array {
  const output: Output = { bytes: new Uint8Array(Math.min(max, FIRST_BYTES)), length: 0, max };
  let isLast = false;
  while (!isLast) {
    isLast = takeBits(input, 1) === 1;
    const type = takeBits(input, 2);
    if (type === 0) copyStored(input, output);
    else if (type === 1) inflateBlock(input, output, FIXED);
    else if (type === 2) inflateBlock(input, output, readCodes(input));
    else throw damaged('zlib');
  }
  if (end !== null && input.at !== end) throw damaged('zlib_trailing');
  return output.bytes.slice(0, output.length);
}

function takeBits(input: Input, count: number): number {
  while (input.held < count) {
    if (input.at >= input.bytes.length) throw damaged('zlib');
    input.bits |= (input.bytes[input.at++] as number) << input.held;
    input.held += 8;
  }
  const value = input.bits & ((1 << count) - 1);
  input.bits >>>= count;
  input.held -= count;
  return value;
}

function room(output: Output, more: number): void {
  const needed = output.length + more;
  if (needed > output.max) throw damaged('zlib');
  if (needed <= output.bytes.length) return;
  const grown = new Uint8Array(Math.min(output.max, Math.max(needed, output.bytes.length * 2)));
  grown.set(output.bytes.subarray(0, output.length));
  output.bytes = grown;
}

function copyStored(input: Input, output: Output): void {
  input.bits = 0;
  input.held = 0;
  const { bytes, at } = input;
  const length = (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8);
  const inverse = (bytes[at + 2] ?? 0) | ((bytes[at + 3] ?? 0) << 8);
  const end = at + 4 + length;
  if (length !== (~inverse & 0xffff) || end > bytes.length) throw damaged('zlib');
  room(output, length);
  output.bytes.set(bytes.subarray(at + 4, end), output.length);
  output.length += length;
  input.at = end;
}

/** @throws YimaError `damaged` when the lengths ask for more codes than there are, or leave some unused where that is not allowed */
function huffman(lengths: readonly number[], mayBeIncomplete: boolean): Huffman {
  const counts = new Uint16Array(MAX_BITS + 1);
  for (const length of lengths) counts[length] = (counts[length] as number) + 1;
  const used = lengths.length - (counts[0] as number);
  counts[0] = 0;
  let left = 1;
  const offsets = new Uint16Array(MAX_BITS + 2);
  for (let length = 1; length <= MAX_BITS; length++) {
    left = left * 2 - (counts[length] as number);
    if (left < 0) throw damaged('zlib');
    offsets[length + 1] = (offsets[length] as number) + (counts[length] as number);
  }
  // One code of one bit, or none at all, is the only incomplete set that is allowed (section 3.2.7).
  if (left > 0 && !(mayBeIncomplete && (used === 0 || (used === 1 && counts[1] === 1))))
    throw damaged('zlib');
  const symbols = new Uint16Array(used);
  lengths.forEach((length, symbol) => {
    if (length === 0) return;
    symbols[offsets[length] as number] = symbol;
    offsets[length] = (offsets[length] as number) + 1;
  });
  return { counts, symbols };
}

function takeSymbol(input: Input, { counts, symbols }: Huffman): number {
  let code = 0;
  let first = 0;
  let index = 0;
  for (let length = 1; length <= MAX_BITS; length++) {
    code |= takeBits(input, 1);
    const count = counts[length] as number;
    if (code - count < first) return symbols[index + code - first] as number;
    index += count;
    first = (first + count) << 1;
    code <<= 1;
  }
  throw damaged('zlib');
}

interface BlockCodes {
  readonly literals: Huffman;
  readonly distances: Huffman;
}

function fixedCodes(): BlockCodes {
  const lengths = Array.from({ length: 288 }, (_, symbol) => {
    if (symbol < 144) return 8;
    if (symbol < 256) return 9;
    return symbol < 280 ? 7 : 8;
  });
  return { literals: huffman(lengths, false), distances: huffman(new Array(32).fill(5), false) };
}

function readCodes(input: Input): BlockCodes {
  const literalCount = takeBits(input, 5) + 257;
  const distanceCount = takeBits(input, 5) + 1;
  const lengthCount = takeBits(input, 4) + 4;
  if (literalCount > 286 || distanceCount > 30) throw damaged('zlib');
  const codeLengths = new Array<number>(19).fill(0);
  for (let i = 0; i < lengthCount; i++) codeLengths[ORDER[i] as number] = takeBits(input, 3);
  const lengths = readLengths(input, huffman(codeLengths, false), literalCount + distanceCount);
  if (lengths[END_OF_BLOCK] === 0) throw damaged('zlib');
  return {
    literals: huffman(lengths.slice(0, literalCount), true),
    distances: huffman(lengths.slice(literalCount), true),
  };
}

function readLengths(input: Input, code: Huffman, total: number): number[] {
  const lengths: number[] = [];
  while (lengths.length < total) {
    const symbol = takeSymbol(input, code);
    if (symbol < 16) {
      lengths.push(symbol);
      continue;
    }
    if (symbol === 16 && lengths.length === 0) throw damaged('zlib');
    const value = symbol === 16 ? (lengths.at(-1) as number) : 0;
    const times =
      symbol === 16
        ? 3 + takeBits(input, 2)
        : symbol === 17
          ? 3 + takeBits(input, 3)
          : 11 + takeBits(input, 7);
    if (lengths.length + times > total) throw damaged('zlib');
    for (let i = 0; i < times; i++) lengths.push(value);
  }
  return lengths;
}

function inflateBlock(input: Input, output: Output, { literals, distances }: BlockCodes): void {
  for (;;) {
    const symbol = takeSymbol(input, literals);
    if (symbol === END_OF_BLOCK) return;
    if (symbol < END_OF_BLOCK) {
      room(output, 1);
      output.bytes[output.length++] = symbol;
      continue;
    }
    const row = symbol - 257;
    if (row >= LENGTH_BASE.length) throw damaged('zlib');
    const length = (LENGTH_BASE[row] as number) + takeBits(input, LENGTH_EXTRA[row] as number);
    const column = takeSymbol(input, distances);
    if (column >= DISTANCE_BASE.length) throw damaged('zlib');
    const distance = (DISTANCE_BASE[column] as number) + takeBits(input, DISTANCE_EXTRA[column] as number);
    if (distance > output.length) throw damaged('zlib');
    room(output, length);
    const { bytes } = output;
    for (let i = 0; i < length; i++) {
      bytes[output.length] = bytes[output.length - distance] as number;
      output.length++;
    }
  }
}

function number(bytes: Uint8Array): number {
  return bytes.reduce((all, byte) => all * 256 + byte, 0);
}

/** Adler-32 (RFC 1950, section 8.2); sums of so many bytes stay below 2^32. */
function checksum(bytes: Uint8Array): number {
  let a = 1;
  let b = 0;
  for (let from = 0; from < bytes.length; from += 3_800) {
    const end = Math.min(bytes.length, from + 3_800);
    for (let i = from; i < end; i++) {
      a += bytes[i] as number;
      b += a;
    }
    a %= 65_521;
    b %= 65_521;
  }
  return b * 65_536 + a;
}
