// Walks foreign CBOR before anything is built from it: well-formed and within limits. Our own codes are read by cbor-strict.ts.

import { utf8Decode } from './bytes.js';
import { damaged } from './damaged.js';

export interface CborLimits {
  /** Arrays, maps and tags inside each other; 16 when absent. */
  readonly maxDepth?: number;
  /** Data items of any kind, counting map keys; 4,096 when absent. */
  readonly maxItems?: number;
  /** Length of the input; 65,536 when absent. */
  readonly maxBytes?: number;
}

/** The largest tag number looked at; greater ones name nothing we meet. */
const MAX_TAG = 0xffff_ffff;
const BREAK = 0xff;
const INDEFINITE = -1;

interface Scan {
  readonly bytes: Uint8Array;
  readonly maxDepth: number;
  itemsLeft: number;
  position: number;
  /** Tag numbers met. */
  readonly tags: Set<number>;
}

/**
 * Checks that `bytes` hold exactly one CBOR item within `limits`, and returns the tag numbers in it.
 *
 * Any length of head, arrays and maps of indefinite length, tags, floats and undefined pass; strings in chunks are refused. Keys
 * are integers or text, text is well-formed UTF-8 without a byte order mark in front.
 * @throws YimaError `damaged`
 */
export function scanCbor(bytes: Uint8Array, limits: CborLimits): ReadonlySet<number> {
  if (bytes.length > (limits.maxBytes ?? 65_536)) throw damaged('cbor_length');
  const scan: Scan = {
    bytes,
    maxDepth: limits.maxDepth ?? 16,
    itemsLeft: limits.maxItems ?? 4_096,
    position: 0,
    tags: new Set(),
  };
  scanItem(scan, 0);
  if (scan.position !== bytes.length) throw damaged('cbor_trailing');
  return scan.tags;
}

function scanItem(scan: Scan, depth: number): void {
  const initial = scan.bytes[scan.position];
  if (initial === undefined || --scan.itemsLeft < 0) throw damaged('cbor');
  const major = initial >> 5;
  if (major === 7) {
    scanSimple(scan, initial);
    return;
  }
  const argument = readArgument(scan, initial & 31);
  if (argument === INDEFINITE && major !== 4 && major !== 5) throw damaged('cbor_indefinite');
  if (major >= 4) scanNested(scan, major, argument, depth + 1);
  else if (major >= 2) scanString(scan, major, argument);
}

function scanNested(scan: Scan, major: number, argument: number, depth: number): void {
  if (depth > scan.maxDepth) throw damaged('cbor_depth');
  if (major === 4) scanArray(scan, argument, depth);
  else if (major === 5) scanMap(scan, argument, depth);
  else scanTag(scan, argument, depth);
}

/** The argument of a head; exact up to 2^53, which every comparison below stays under. Moves past the head. */
function readArgument(scan: Scan, information: number): number {
  if (information < 24) {
    scan.position++;
    return information;
  }
  if (information === 31) {
    scan.position++;
    return INDEFINITE;
  }
  if (information > 27) throw damaged('cbor');
  const length = 1 << (information - 24);
  const end = scan.position + 1 + length;
  if (end > scan.bytes.length) throw damaged('cbor');
  let value = 0;
  for (let i = scan.position + 1; i < end; i++) value = value * 256 + (scan.bytes[i] ?? 0);
  scan.position = end;
  return value;
}

function scanString(scan: Scan, major: number, length: number): void {
  const start = scan.position;
  if (length > scan.bytes.length - start) throw damaged('cbor');
  scan.position = start + length;
  if (major === 3) checkText(scan.bytes, start, scan.position);
}

function checkText(bytes: Uint8Array, start: number, end: number): void {
  for (let i = start; i < end; i++) {
    if ((bytes[i] ?? 0) < 0x80) continue;
    // A decoder may drop a byte order mark silently; then two texts would become one.
    if (utf8Decode(bytes.subarray(start, end)).startsWith('\uFEFF')) throw damaged('byte_order_mark');
    return;
  }
}

function scanArray(scan: Scan, length: number, depth: number): void {
  if (length > scan.bytes.length - scan.position) throw damaged('cbor');
  if (length === INDEFINITE) {
    while (!atBreak(scan)) scanItem(scan, depth);
  } else {
    for (let i = 0; i < length; i++) scanItem(scan, depth);
  }
}

function scanMap(scan: Scan, length: number, depth: number): void {
  if (2 * length > scan.bytes.length - scan.position) throw damaged('cbor');
  for (let i = 0; length === INDEFINITE ? !atBreak(scan) : i < length; i++) {
    const major = (scan.bytes[scan.position] ?? BREAK) >> 5;
    if (major > 1 && major !== 3) throw damaged('cbor_key');
    scanItem(scan, depth);
    scanItem(scan, depth);
  }
}

function scanTag(scan: Scan, tag: number, depth: number): void {
  if (tag > MAX_TAG) throw damaged('cbor_tag');
  scan.tags.add(tag);
  scanItem(scan, depth);
}

function scanSimple(scan: Scan, initial: number): void {
  const isPlain = initial === 0xf4 || initial === 0xf5 || initial === 0xf6;
  const floatLength = initial === 0xf9 ? 2 : initial === 0xfa ? 4 : initial === 0xfb ? 8 : 0;
  if (!isPlain && floatLength === 0 && initial !== 0xf7) throw damaged('cbor_simple');
  scan.position += 1 + floatLength;
  if (scan.position > scan.bytes.length) throw damaged('cbor');
}

function atBreak(scan: Scan): boolean {
  if (scan.bytes[scan.position] !== BREAK) return false;
  scan.position++;
  return true;
}
