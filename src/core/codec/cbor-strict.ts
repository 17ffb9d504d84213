// Deterministic CBOR in one pass, checked and built at once: shortest heads, definite lengths, keys in bytewise order, no tags, no
// floats, of the simple values only false, true and null. It stands on the path of every verification, where walking the bytes
// twice costs more than all other checks of the claims.

import { utf8Decode } from './bytes.js';
import type { CborLimits } from './cbor-scan.js';
import { damaged } from './damaged.js';

interface Reader {
  readonly bytes: Uint8Array;
  readonly maxDepth: number;
  itemsLeft: number;
  position: number;
}

/** Texts up to this length are built from character codes; a TextDecoder costs more than it saves on them. */
const SHORT_TEXT = 32;

/**
 * @throws YimaError `damaged`
 * @see RFC 8949, section 4.2.1
 */
export function readStrict(bytes: Uint8Array, limits: CborLimits): unknown {
  if (bytes.length > (limits.maxBytes ?? 65_536)) throw damaged('cbor_length');
  const reader: Reader = {
    bytes,
    maxDepth: limits.maxDepth ?? 16,
    itemsLeft: limits.maxItems ?? 4_096,
    position: 0,
  };
  const value = readItem(reader, 0);
  if (reader.position !== bytes.length) throw damaged('cbor_trailing');
  return value;
}

function readItem(reader: Reader, depth: number): unknown {
  const initial = reader.bytes[reader.position];
  if (initial === undefined || --reader.itemsLeft < 0) throw damaged('cbor');
  const major = initial >> 5;
  if (major === 7) return readSimple(reader, initial);
  const start = reader.position;
  const argument = readArgument(reader, initial & 31);
  switch (major) {
    case 0:
      return argument <= Number.MAX_SAFE_INTEGER ? argument : wideArgument(reader.bytes, start);
    case 1:
      return argument < Number.MAX_SAFE_INTEGER ? -1 - argument : -1n - wideArgument(reader.bytes, start);
    case 2:
      return readBytes(reader, argument);
    case 3:
      return readText(reader, argument);
    case 4:
      return readArray(reader, argument, depth + 1);
    case 5:
      return readMap(reader, argument, depth + 1);
    default:
      throw damaged('cbor_tag');
  }
}

/** The argument of a head, exact up to 2^53, in its shortest form. Moves past the head. */
function readArgument(reader: Reader, information: number): number {
  if (information < 24) {
    reader.position++;
    return information;
  }
  if (information > 27) throw damaged('cbor');
  const length = 1 << (information - 24);
  const end = reader.position + 1 + length;
  if (end > reader.bytes.length) throw damaged('cbor');
  let value = 0;
  for (let i = reader.position + 1; i < end; i++) value = value * 256 + (reader.bytes[i] ?? 0);
  if (value < (length === 1 ? 24 : 2 ** (4 * length))) throw damaged('cbor_not_minimal');
  reader.position = end;
  return value;
}

/** The eight-byte argument of the head at `start`. */
function wideArgument(bytes: Uint8Array, start: number): bigint {
  return new DataView(bytes.buffer, bytes.byteOffset + start + 1, 8).getBigUint64(0);
}

/** Moves past `length` bytes of content and returns where they begin. */
function take(reader: Reader, length: number): number {
  const start = reader.position;
  if (length > reader.bytes.length - start) throw damaged('cbor');
  reader.position = start + length;
  return start;
}

/** A copy: what is decoded does not keep the message alive, nor change with it. */
function readBytes(reader: Reader, length: number): Uint8Array {
  const start = take(reader, length);
  return new Uint8Array(reader.bytes.subarray(start, start + length)); // slice on a Buffer would copy nothing
}

function readText(reader: Reader, length: number): string {
  const start = take(reader, length);
  const { bytes, position } = reader;
  if (length > SHORT_TEXT) return decodeText(bytes, start, position);
  let text = '';
  for (let i = start; i < position; i++) {
    const code = bytes[i] ?? 0;
    if (code >= 0x80) return decodeText(bytes, start, position);
    text += String.fromCharCode(code);
  }
  return text;
}

/** A byte order mark in front is refused as in `scanCbor`: a decoder elsewhere may drop it silently. */
function decodeText(bytes: Uint8Array, start: number, end: number): string {
  const text = utf8Decode(bytes.subarray(start, end));
  if (text.startsWith('\uFEFF')) throw damaged('byte_order_mark');
  return text;
}

function readArray(reader: Reader, length: number, depth: number): unknown[] {
  if (depth > reader.maxDepth) throw damaged('cbor_depth');
  if (length > reader.bytes.length - reader.position) throw damaged('cbor');
  const items: unknown[] = [];
  for (let i = 0; i < length; i++) items.push(readItem(reader, depth));
  return items;
}

function readMap(reader: Reader, length: number, depth: number): Map<unknown, unknown> {
  if (depth > reader.maxDepth) throw damaged('cbor_depth');
  if (2 * length > reader.bytes.length - reader.position) throw damaged('cbor');
  const map = new Map<unknown, unknown>();
  let lastStart = -1;
  let lastEnd = -1;
  for (let i = 0; i < length; i++) {
    const start = reader.position;
    const major = (reader.bytes[start] ?? 0xff) >> 5;
    if (major > 1 && major !== 3) throw damaged('cbor_key');
    const key = readItem(reader, depth);
    if (i > 0 && !inOrder(reader.bytes, lastStart, lastEnd, start, reader.position)) {
      throw damaged('cbor_key_order');
    }
    lastStart = start;
    lastEnd = reader.position;
    map.set(key, readItem(reader, depth));
  }
  return map;
}

/** Whether the first range stands strictly before the second, bytewise. Complete items never are prefixes of each other. */
function inOrder(bytes: Uint8Array, aStart: number, aEnd: number, bStart: number, bEnd: number): boolean {
  for (let a = aStart, b = bStart; a < aEnd && b < bEnd; a++, b++) {
    const difference = (bytes[a] ?? 0) - (bytes[b] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}

function readSimple(reader: Reader, initial: number): boolean | null {
  reader.position++;
  if (initial === 0xf4) return false;
  if (initial === 0xf5) return true;
  if (initial === 0xf6) return null;
  throw damaged('cbor_simple');
}
