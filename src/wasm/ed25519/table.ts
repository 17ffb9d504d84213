// The table of a point P: m 2^(W j) P for each window j and m = 1 .. 2^(W - 1), so that a multiple of P is a sum of entries, without doublings.
// Built two windows at a time, one in each lane; each call does a bounded piece, so that a server can build between requests.

import { ELEMENT, mul } from './field';
import { pack, unpack } from './field-bytes';
import { invertBytes } from './inverse';
import {
  addPoint, decodePoint, doublePoint, ENTRY, joinPoints, negatePoint, POINT, prepareAddend, writeEntries,
} from './point';
import { windowsOf } from './scalar';

/** In front of the entries: the point's 32 bytes, and the width as i32. */
const HEADER: usize = 64;
const WIDTH_AT: usize = 32;

/** X, Y, Z and the product of all Z so far, for each m, while a pair of windows is built. */
const STEP: usize = 4 * ELEMENT;

const BASE = memory.data(768, 64);
const MULTIPLE = memory.data(768, 64);
const ADDEND = memory.data(768, 64);
const INVERSE = memory.data(192, 64);
const Z_INVERSE = memory.data(192, 64);
const XS = memory.data(192, 64);
const YS = memory.data(192, 64);
const BYTES = memory.data(64, 64);

@inline
export function widthOf(table: usize): i32 {
  return load<i32>(table + WIDTH_AT);
}

/** Bytes of a table. */
export function tableBytes(width: i32): usize {
  return HEADER + (((windowsOf(width) << (width - 1)) as usize) * ENTRY);
}

/** Bytes of scratch that a build needs. */
export function scratchBytes(width: i32): usize {
  return ((1 as usize) << (width - 1)) * STEP;
}

/** Where m 2^(W j) P stands, m >= 1. */
@inline
export function entryAt(table: usize, width: i32, window: i32, m: i32): usize {
  return table + HEADER + (((window << (width - 1)) + m - 1) as usize) * ENTRY;
}

/**
 * Begins the table of the point whose 32 bytes stand at `table`, or of its negative.
 * @returns false: the bytes are not a canonical encoding of a point
 */
export function startTable(table: usize, width: i32, negative: bool): bool {
  store<i32>(table + WIDTH_AT, width);
  if (!decodePoint(BASE, table)) return false;
  if (negative) negatePoint(BASE);
  memory.copy(MULTIPLE, BASE, POINT);
  for (let i = 0; i < width; i++) doublePoint(MULTIPLE);
  joinPoints(BASE, BASE, MULTIPLE);
  return true;
}

/** Writes windows j and j + 1 (the latter where there is one); call for j = 0, 2, 4, ... in turn. */
export function buildWindows(table: usize, window: i32, scratch: usize): void {
  const width = widthOf(table);
  const half = 1 << (width - 1);
  memory.copy(MULTIPLE, BASE, POINT);
  prepareAddend(ADDEND, BASE);
  keepMultiple(scratch, 0);
  for (let m = 1; m < half; m++) {
    addPoint(MULTIPLE, ADDEND);
    keepMultiple(scratch, m);
  }
  invertLast(scratch, half - 1);
  const hasSecond = window + 1 < windowsOf(width);
  for (let m = half - 1; m >= 0; m--) {
    makeAffine(scratch, m);
    const first = entryAt(table, width, window, m + 1);
    writeEntries(first, hasSecond ? entryAt(table, width, window + 1, m + 1) : 0, XS, YS);
  }
  for (let i = 0; i < 2 * width; i++) doublePoint(BASE);
}

/** Keeps X, Y, Z of MULTIPLE and the product of the Z up to it (P. L. Montgomery's shared inversion). */
function keepMultiple(scratch: usize, m: i32): void {
  const at = scratch + (m as usize) * STEP;
  memory.copy(at, MULTIPLE, 3 * ELEMENT);
  if (m === 0) memory.copy(at + 3 * ELEMENT, MULTIPLE + 2 * ELEMENT, ELEMENT);
  else mul(at + 3 * ELEMENT, at - ELEMENT, MULTIPLE + 2 * ELEMENT);
}

/** INVERSE = 1 / the product of all Z, lane by lane. */
function invertLast(scratch: usize, m: i32): void {
  const product = scratch + (m as usize) * STEP + 3 * ELEMENT;
  pack(BYTES, product, 0);
  pack(BYTES + 32, product, 1);
  invertBytes(BYTES);
  invertBytes(BYTES + 32);
  unpack(INVERSE, BYTES, BYTES + 32, i64x2.splat(0));
}

/** XS, YS = the m-th multiple, affine, going down from the last. */
function makeAffine(scratch: usize, m: i32): void {
  const at = scratch + (m as usize) * STEP;
  if (m === 0) memory.copy(Z_INVERSE, INVERSE, ELEMENT);
  else mul(Z_INVERSE, INVERSE, at - ELEMENT);
  mul(INVERSE, INVERSE, at + 2 * ELEMENT);
  mul(XS, at, Z_INVERSE);
  mul(YS, at + ELEMENT, Z_INVERSE);
}
