// Ed25519 verification with tables (RFC 8032, section 5.1.7): R' = s B + k (-A) is summed from precomputed multiples of B and of -A,
// one in each lane, and compared with R byte for byte. No cofactor; everything here is public, so nothing needs constant time.
//
// The caller owns the memory beyond `heapBase`: it places tables there, builds them by start, build and finish, and keeps
// which key has which. Sound tables need nothing of the caller but their addresses.

import { prepareField } from './field';
import { prepareBytes } from './field-bytes';
import {
  addEntries, IDENTITY_ENTRY, isIdentity, preparePoints, startWithEntries, sumLanes,
} from './point';
import { isReduced, order, recode, reduceHash, windowsOf } from './scalar';
import { sha512 } from './sha512';
import { buildWindows, entryAt, scratchBytes, startTable, tableBytes, widthOf } from './table';

export { tableBytes, scratchBytes };

const MAX_WINDOWS = 64;
/** Longest message, bytes. */
const MAX_MESSAGE = 16384;

/** R, A and the message: what k hashes. */
const INPUT = memory.data(16448, 64);
/** s, with room that `recode` reads. */
const S = memory.data(64, 64);
const K = memory.data(64, 64);
const HASH = memory.data(64, 64);
const DIGITS = memory.data(256, 64);
/** Addresses of the entries to add, for each window: of B, of -A; and the signs. */
const ADDRESSES = memory.data(512, 64);
const FLIPS = memory.data(1024, 64);
const SUM = memory.data(768, 64);
const AFFINE = memory.data(64, 64);
/** Addresses of the base point's tables by width. */
const BASE_TABLES = memory.data(64, 64);

/** Where sums of touched bytes go, so that no compiler leaves the loads out. */
const TOUCHED = memory.data(8, 8);

/** Fills the constants; once, before anything else. */
export function prepare(): void {
  prepareField();
  prepareBytes();
  preparePoints();
}

/** Where the caller writes R (32 bytes); the message goes 64 bytes further. */
export function inputAt(): usize {
  return INPUT;
}

/** Where the caller writes s (32 bytes). */
export function scalarAt(): usize {
  return S;
}

export function maxMessage(): i32 {
  return MAX_MESSAGE;
}

export function heapBase(): usize {
  return __heap_base;
}

/** Bytes to have at `table`: the key (or base point) in its first 32. @returns 0: not a canonical encoding of a point */
export function start(table: usize, width: i32, negative: i32): i32 {
  return startTable(table, width, negative !== 0) ? 1 : 0;
}

export function build(table: usize, window: i32, scratch: usize): void {
  buildWindows(table, window, scratch);
}

/**
 * Whether the finished table is one of a point of order L: not the identity, and L times it is the identity. Only then may k be
 * reduced modulo L.
 */
export function finish(table: usize): i32 {
  const width = widthOf(table);
  order(K);
  recode(DIGITS, K, width);
  locate(1, table, width);
  for (let j = 0; j < windowsOf(width); j++) place(j, 0, IDENTITY_ENTRY, 0);
  addAll(windowsOf(width));
  if (!isIdentity(AFFINE)) return 0;
  // P itself is the first entry: y - x = y + x = 1 for the identity.
  return memory.compare(entryAt(table, width, 0, 1), IDENTITY_ENTRY, 96) === 0 ? 0 : 1;
}

/** Makes a finished table of B the one for its width. */
export function useBase(table: usize): void {
  store<u32>(BASE_TABLES + 4 * widthOf(table), table as u32);
}

/**
 * Verifies R (at inputAt), s (at scalarAt) and the message (64 bytes after R) under the table's key.
 * @param length of the message, at most maxMessage()
 * @returns 1 when it is the signature of exactly these bytes
 */
export function verify(table: usize, length: i32): i32 {
  if (length < 0 || length > MAX_MESSAGE || !isReduced(S)) return 0;
  const width = widthOf(table);
  memory.copy(INPUT + 32, table, 32);
  sha512(HASH, INPUT, 64 + length);
  reduceHash(K, HASH);
  recode(DIGITS, S, width);
  locate(0, load<u32>(BASE_TABLES + 4 * width), width);
  recode(DIGITS, K, width);
  locate(1, table, width);
  addAll(windowsOf(width));
  return isEncoded(AFFINE, INPUT) && !isIdentity(AFFINE) ? 1 : 0;
}

@inline
function place(window: i32, lane: usize, address: usize, sign: u64): void {
  store<u32>(ADDRESSES + 8 * window + 4 * lane, address as u32);
  store<u64>(FLIPS + 16 * window + 8 * lane, sign);
}

/** Turns the digits of one lane into addresses and signs, and touches each entry, so that cache misses overlap. */
function locate(lane: usize, table: usize, width: i32): void {
  let seen: u64 = 0;
  for (let j = 0; j < windowsOf(width); j++) {
    const digit = load<i32>(DIGITS + 4 * j);
    const m = digit < 0 ? -digit : digit;
    const address = m === 0 ? IDENTITY_ENTRY : entryAt(table, width, j, m);
    seen += load<u64>(address) + load<u64>(address, 88);
    place(j, lane, address, digit < 0 ? (1 as u64) << 63 : 0);
  }
  store<u64>(TOUCHED, seen);
}

/** AFFINE = the sum of everything placed, in both lanes. */
function addAll(windows: i32): void {
  startWithEntries(SUM, load<u32>(ADDRESSES), load<u32>(ADDRESSES, 4), v128.load(FLIPS));
  for (let j = 1; j < windows; j++) {
    const at = ADDRESSES + 8 * j;
    addEntries(SUM, load<u32>(at), load<u32>(at, 4), v128.load(FLIPS + 16 * j));
  }
  sumLanes(AFFINE, SUM);
}

/** Whether (x, y) encodes as these 32 bytes: y with x's lowest bit on top (RFC 8032, section 5.1.2). */
function isEncoded(affine: usize, bytes: usize): bool {
  const top = load<u64>(affine, 56) | (load<u64>(affine) << 63);
  return (
    load<u64>(affine, 32) === load<u64>(bytes) &&
    load<u64>(affine, 40) === load<u64>(bytes, 8) &&
    load<u64>(affine, 48) === load<u64>(bytes, 16) &&
    top === load<u64>(bytes, 24)
  );
}
