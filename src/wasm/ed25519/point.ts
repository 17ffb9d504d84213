// Points of edwards25519, -x^2 + y^2 = 1 + d x^2 y^2, in extended coordinates (X : Y : Z : T), x = X/Z, y = Y/Z, T = XY/Z: two at a time,
// one in each lane. The addition formulas are those of RFC 8032, section 5.1.4 (H. Hisil et al., "Twisted Edwards curves
// revisited", 2008): complete on this curve, so the identity, equal and opposite points need no branch.

import { add, addSub, copy, ELEMENT, firstLanes, mul, mulBy, prepareFactor, secondLanes, sub } from './field';
import { pack, unpack } from './field-bytes';
import { powRoot } from './field-power';
import { invert } from './inverse';

/** X, Y, Z, T. */
export const POINT: usize = 4 * ELEMENT;
/** An affine point as (y - x, y + x, 2 d x y), 32 bytes each, canonical. */
export const ENTRY: usize = 96;

/** The identity as an entry: 1, 1, 0. */
export const IDENTITY_ENTRY = memory.data<u64>([1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0]);

const ONE_BYTES = memory.data<u64>([1, 0, 0, 0]);
/** d = -121665/121666, 2 d and sqrt(-1) = 2^((p - 1) / 4) (section 5.1). */
const D_BYTES = memory.data<u64>([0x75eb4dca135978a3, 0x00700a4d4141d8ab, 0x8cc740797779e898, 0x52036cee2b6ffe73]);
const D2_BYTES = memory.data<u64>([0xebd69b9426b2f159, 0x00e0149a8283b156, 0x198e80f2eef3d130, 0x2406d9dc56dffce7]);
const ROOT_BYTES = memory.data<u64>([0xc4ee1b274a0ea0b0, 0x2f431806ad2fe478, 0x2b4d00993dfbd7a7, 0x2b8324804fc1df0b]);

const ONE = memory.data(192, 64);
const D = memory.data(192, 64);
const D2 = memory.data(192, 64);
const ROOT = memory.data(192, 64);
/** (2 d, 2) in the two lanes. */
const D2_AND_2 = memory.data(192, 64);

const A = memory.data(192, 64);
const B = memory.data(192, 64);
const C = memory.data(192, 64);
const E = memory.data(192, 64);
const F = memory.data(192, 64);
const G = memory.data(192, 64);
const H = memory.data(192, 64);
const S = memory.data(192, 64);
const BYTES = memory.data(96, 64);

@inline
function x(p: usize): usize {
  return p;
}
@inline
function y(p: usize): usize {
  return p + ELEMENT;
}
@inline
function z(p: usize): usize {
  return p + 2 * ELEMENT;
}
@inline
function t(p: usize): usize {
  return p + 3 * ELEMENT;
}

@inline
function none(): v128 {
  return i64x2.splat(0);
}

/** Fills the constants; once, after `prepareField`. */
export function preparePoints(): void {
  unpack(ONE, ONE_BYTES, ONE_BYTES, none());
  unpack(D, D_BYTES, D_BYTES, none());
  unpack(D2, D2_BYTES, D2_BYTES, none());
  unpack(ROOT, ROOT_BYTES, ROOT_BYTES, none());
  add(A, ONE, ONE);
  firstLanes(D2_AND_2, D2, A);
}

/** X = E F, Y = G H, T = E H, Z = F G, each one unit: units(E) * units(F), ... <= 16. */
function combine(p: usize): void {
  prepareFactor(E);
  mulBy(x(p), F, E);
  mulBy(t(p), H, E);
  prepareFactor(G);
  mulBy(y(p), H, G);
  mulBy(z(p), F, G);
}

/** Reads an entry into each lane of (E, H, C); a lane is negated where flip has its highest bit set: -(x, y) = (-x, y). */
function loadEntries(first: usize, second: usize, flip: v128): void {
  const swapFirst = (i64x2.extract_lane(flip, 0) >>> 58) as usize & 32;
  const swapSecond = (i64x2.extract_lane(flip, 1) >>> 58) as usize & 32;
  unpack(E, first + swapFirst, second + swapSecond, none());
  unpack(H, first + (32 - swapFirst), second + (32 - swapSecond), none());
  unpack(C, first + 64, second + 64, flip);
}

/** p = the entries themselves: the sum with the identity, where a = y - x, b = y + x, c = 0 and 2 Z = 2. */
export function startWithEntries(p: usize, first: usize, second: usize, flip: v128): void {
  loadEntries(first, second, flip);
  addSub(A, B, H, E); // 2 y and 2 x, four units
  copy(E, B);
  copy(H, A);
  add(F, ONE, ONE);
  copy(G, F);
  combine(p); // at most 4 * 4
}

/** p += entries, lane by lane: seven multiplications. */
export function addEntries(p: usize, first: usize, second: usize, flip: v128): void {
  loadEntries(first, second, flip);
  addSub(S, G, y(p), x(p)); // two units
  mul(A, G, E); // 2 * 2
  mul(B, S, H); // 2 * 2
  mul(S, t(p), C); // 1 * 2
  addSub(H, E, B, A); // two units
  add(C, z(p), z(p)); // two
  addSub(G, F, C, S); // three
  combine(p); // at most 3 * 3
}

/** q as the right side of `addPoint`: (Y - X, Y + X, 2 d T, 2 Z), of 2, 2, 1 and 2 units. */
export function prepareAddend(out: usize, q: usize): void {
  addSub(out + ELEMENT, out, y(q), x(q));
  mul(out + 2 * ELEMENT, t(q), D2);
  add(out + 3 * ELEMENT, z(q), z(q));
}

/** p += q, lane by lane, for q's `prepareAddend`. */
export function addPoint(p: usize, addend: usize): void {
  addSub(S, G, y(p), x(p)); // two units
  mul(A, G, addend); // 2 * 2
  mul(B, S, addend + ELEMENT); // 2 * 2
  mul(C, t(p), addend + 2 * ELEMENT); // 1 * 1
  mul(S, z(p), addend + 3 * ELEMENT); // 1 * 2
  addSub(H, E, B, A); // two
  addSub(G, F, S, C); // two
  combine(p); // 2 * 2
}

/** p = 2 p, lane by lane: A = X^2, B = Y^2, C = 2 Z^2, H = A + B, E = H - (X + Y)^2, G = A - B, F = C + G. */
export function doublePoint(p: usize): void {
  add(S, x(p), y(p)); // two units
  mul(A, x(p), x(p));
  mul(B, y(p), y(p));
  mul(C, z(p), z(p));
  add(C, C, C); // two
  addSub(H, G, A, B); // two
  mul(F, S, S); // 2 * 2
  sub(E, H, F); // three
  add(F, C, G); // four
  combine(p); // at most 3 * 4
}

/** out = (the first lane's point of p, the first lane's point of q). */
export function joinPoints(out: usize, p: usize, q: usize): void {
  for (let k: usize = 0; k < POINT; k += ELEMENT) firstLanes(out + k, p + k, q + k);
}

/** The sum of p's two lanes, affine: x to out, y to out + 32, canonical bytes. */
export function sumLanes(out: usize, p: usize): void {
  addSub(S, G, y(p), x(p)); // two units
  firstLanes(A, G, S);
  secondLanes(B, G, S);
  mul(C, A, B); // (a, b)
  firstLanes(A, t(p), z(p));
  secondLanes(B, t(p), z(p));
  mul(A, A, D2_AND_2); // 1 * 2
  mul(S, A, B); // (c, 2 Z Z')
  firstLanes(A, C, S);
  secondLanes(B, C, S);
  addSub(H, E, B, A); // H = (H, G), E = (E, F), two units
  firstLanes(A, E, H); // (E, H)
  secondLanes(B, E, H); // (F, G)
  secondLanes(G, H, E); // (G, F)
  mul(C, A, B); // (X, Y), 2 * 2
  mul(S, B, G); // (Z, Z), 2 * 2
  pack(BYTES, S, 0);
  invert(G, BYTES);
  mul(A, C, G); // 1 * 2
  pack(out, A, 0);
  pack(out + 32, A, 1);
}

/** Whether f, of at most 16 units, is 0 in its first lane. */
function isZero(f: usize): bool {
  pack(BYTES, f, 0);
  return (load<u64>(BYTES) | load<u64>(BYTES, 8) | load<u64>(BYTES, 16) | load<u64>(BYTES, 24)) === 0;
}

/** out = f with the sign that makes its canonical form odd or even. Clobbers BYTES. */
function withParity(out: usize, f: usize, parity: u64): void {
  pack(BYTES, f, 0);
  if ((load<u64>(BYTES) & 1) === parity) copy(out, f);
  else {
    sub(A, f, f);
    sub(out, A, f);
  }
}

/**
 * Reads 32 bytes as a point, the same in both lanes (RFC 8032, section 5.1.3).
 * @returns false: y is not below p, no x belongs to it, or x is 0 with the sign bit set
 */
export function decodePoint(p: usize, bytes: usize): bool {
  const sign = load<u64>(bytes, 24) >> 63;
  memory.copy(BYTES, bytes, 32);
  store<u64>(BYTES, load<u64>(BYTES, 24) & 0x7fffffffffffffff, 24);
  unpack(y(p), BYTES, BYTES, none());
  pack(BYTES + 32, y(p), 0);
  if (memory.compare(BYTES, BYTES + 32, 32) !== 0) return false;
  mul(A, y(p), y(p));
  sub(E, A, ONE); // u = y^2 - 1, three units
  mul(B, A, D);
  add(F, B, ONE); // v = d y^2 + 1, three units
  mul(A, F, F); // v^2, 3 * 3
  mul(B, A, F); // v^3
  mul(C, A, A); // v^4
  mul(G, C, B); // v^7
  mul(H, E, G); // u v^7
  powRoot(S, H);
  mul(A, E, B); // u v^3
  mul(C, A, S); // x = u v^3 (u v^7)^((p - 5) / 8)
  mul(A, C, C);
  mul(B, A, F); // v x^2
  sub(G, B, E);
  add(H, B, E);
  if (isZero(G)) copy(S, C);
  else if (isZero(H)) mul(S, C, ROOT);
  else return false;
  if (isZero(S) && sign === 1) return false;
  withParity(x(p), S, sign);
  copy(z(p), ONE);
  mul(t(p), x(p), y(p)); // 1 * 2
  return true;
}

/** p = -p. */
export function negatePoint(p: usize): void {
  sub(A, ONE, ONE);
  sub(x(p), A, x(p));
  sub(t(p), A, t(p));
}

/** Whether the bytes x (at) and y (at + 32) are the identity's, (0, 1). */
export function isIdentity(at: usize): bool {
  return (
    (load<u64>(at) | load<u64>(at, 8) | load<u64>(at, 16) | load<u64>(at, 24)) === 0 &&
    load<u64>(at, 32) === 1 &&
    (load<u64>(at, 40) | load<u64>(at, 48) | load<u64>(at, 56)) === 0
  );
}

/** Writes affine lanes as entries: first lane to first, second lane to second; second may be 0. x and y one unit each. */
export function writeEntries(first: usize, second: usize, xs: usize, ys: usize): void {
  addSub(H, E, ys, xs); // two units
  mul(A, xs, ys);
  mul(C, A, D2); // 1 * 2
  writeEntry(first, 0);
  if (second !== 0) writeEntry(second, 1);
}

function writeEntry(out: usize, lane: usize): void {
  pack(out, E, lane);
  pack(out + 32, H, lane);
  pack(out + 64, C, lane);
}
