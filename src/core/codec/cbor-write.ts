// Deterministic CBOR out: the twin of cbor-strict.ts. One value has one byte string, and nothing else can be written.

import { utf8Encode } from './bytes.js';

interface Writer {
  bytes: Uint8Array;
  length: number;
}

/** Thrown inside this room only; `encodeCbor` says it in the project's words. */
export class NotWritable extends Error {}

/** Where every value is written first: one of ours fits, and its bytes are copied out. A larger one gets room of its own. */
const scratch = new Uint8Array(1_024);
const LONE_SURROGATE = /\p{Cs}/u;
const MAX_DEPTH = 16;

/**
 * @throws NotWritable for anything that `readStrict` would not give back
 * @see RFC 8949, section 4.2.1
 */
export function writeDeterministic(value: unknown): Uint8Array {
  const writer: Writer = { bytes: scratch, length: 0 };
  writeItem(writer, value, 0);
  return writer.bytes.slice(0, writer.length);
}

function writeItem(writer: Writer, value: unknown, depth: number): void {
  if (typeof value === 'number') writeNumber(writer, value);
  else if (typeof value === 'string') writeText(writer, value);
  else if (typeof value === 'bigint') writeBigint(writer, value);
  else if (value instanceof Uint8Array) writeString(writer, 2, value);
  else if (Array.isArray(value)) writeArray(writer, value, depth + 1);
  else if (value instanceof Map) writeMap(writer, value, depth + 1);
  else writeByte(writer, simple(value));
}

function simple(value: unknown): number {
  if (value === false) return 0xf4;
  if (value === true) return 0xf5;
  if (value === null) return 0xf6;
  throw new NotWritable();
}

function reserve(writer: Writer, more: number): void {
  if (writer.length + more <= writer.bytes.length) return;
  const grown = new Uint8Array(Math.max(writer.length + more, 2 * writer.bytes.length));
  grown.set(writer.bytes.subarray(0, writer.length));
  writer.bytes = grown;
}

function writeByte(writer: Writer, byte: number): void {
  reserve(writer, 1);
  writer.bytes[writer.length++] = byte;
}

/** Major type and argument in the shortest form. */
function writeHead(writer: Writer, major: number, argument: number): void {
  const width =
    argument < 24 ? 0 : argument < 2 ** 8 ? 1 : argument < 2 ** 16 ? 2 : argument < 2 ** 32 ? 4 : 8;
  reserve(writer, 1 + width);
  const information = width === 0 ? argument : 24 + Math.log2(width);
  writer.bytes[writer.length] = (major << 5) | information;
  let rest = argument;
  for (let at = writer.length + width; at > writer.length; at--) {
    writer.bytes[at] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  writer.length += 1 + width;
}

function writeNumber(writer: Writer, value: number): void {
  if (!Number.isSafeInteger(value) || Object.is(value, -0)) throw new NotWritable();
  if (value >= 0) writeHead(writer, 0, value);
  else writeHead(writer, 1, -1 - value);
}

function writeBigint(writer: Writer, value: bigint): void {
  const argument = value >= 0n ? value : -1n - value;
  if (argument >= 2n ** 64n) throw new NotWritable();
  const major = value >= 0n ? 0 : 1;
  if (argument <= BigInt(Number.MAX_SAFE_INTEGER)) {
    writeHead(writer, major, Number(argument));
    return;
  }
  reserve(writer, 9);
  writer.bytes[writer.length] = (major << 5) | 27;
  new DataView(writer.bytes.buffer).setBigUint64(writer.length + 1, argument);
  writer.length += 9;
}

function writeText(writer: Writer, text: string): void {
  if (writeAscii(writer, text)) return;
  if (LONE_SURROGATE.test(text) || text.startsWith('\uFEFF')) throw new NotWritable();
  writeString(writer, 3, utf8Encode(text));
}

/** Most of our texts: one byte a character, and no encoder to call. Writes nothing and returns false for any other. */
function writeAscii(writer: Writer, text: string): boolean {
  const start = writer.length;
  writeHead(writer, 3, text.length);
  reserve(writer, text.length);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 0x7f) {
      writer.length = start;
      return false;
    }
    writer.bytes[writer.length++] = code;
  }
  return true;
}

function writeString(writer: Writer, major: 2 | 3, content: Uint8Array): void {
  writeHead(writer, major, content.length);
  reserve(writer, content.length);
  writer.bytes.set(content, writer.length);
  writer.length += content.length;
}

function writeArray(writer: Writer, items: readonly unknown[], depth: number): void {
  if (depth > MAX_DEPTH) throw new NotWritable();
  writeHead(writer, 4, items.length);
  for (const item of items) writeItem(writer, item, depth);
}

/** Entries in the bytewise order of their encoded keys, which are integers or text. */
function writeMap(writer: Writer, map: ReadonlyMap<unknown, unknown>, depth: number): void {
  if (depth > MAX_DEPTH) throw new NotWritable();
  writeHead(writer, 5, map.size);
  for (const key of areInOrder(map) ? map.keys() : [...map.keys()].sort(compareKeys)) {
    writeKey(writer, key);
    writeItem(writer, map.get(key), depth);
  }
}

/** Whether these are numbers that stand as they have to be written, as in most maps of ours. */
function areInOrder(map: ReadonlyMap<unknown, unknown>): boolean {
  let last: number | null = null;
  for (const key of map.keys()) {
    if (typeof key !== 'number' || (last !== null && compareKeys(last, key) > 0)) return false;
    last = key;
  }
  return true;
}

function writeKey(writer: Writer, key: unknown): void {
  if (typeof key !== 'number' && typeof key !== 'string' && typeof key !== 'bigint') throw new NotWritable();
  writeItem(writer, key, 0);
}

/** Numbers, which is what our own maps have, are compared without being written: from 0 upwards, then from -1 downwards. */
function compareKeys(a: unknown, b: unknown): number {
  if (typeof a !== 'number' || typeof b !== 'number') return compareBytes(keyBytes(a), keyBytes(b));
  if (a < 0 !== b < 0) return a < 0 ? 1 : -1;
  return Math.abs(a) - Math.abs(b);
}

function keyBytes(key: unknown): Uint8Array {
  const writer: Writer = { bytes: new Uint8Array(9), length: 0 };
  writeKey(writer, key);
  return writer.bytes.subarray(0, writer.length);
}

/** Two equal keys (1 and 1n) make no map. */
function compareBytes(a: Uint8Array, b: Uint8Array): number {
  for (let i = 0; i < a.length && i < b.length; i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  throw new NotWritable(); // complete items are never prefixes of each other, so these are equal
}
