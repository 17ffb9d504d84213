// GF(p), p = 2^255 - 19, two elements at a time: one in each lane of f64x2 vectors, all arithmetic exact.
//
// An element is twelve vectors, limb k at byte 16k. Limb k is a multiple of 2^e(k), e(k) = ceil(21.25 k), so a value is the plain
// sum of its limbs (D. J. Bernstein, "Curve25519: new Diffie-Hellman speed records", 2006, sections 2 and 3: radix 2^21.25).
// A double holds 53 bits, so a sum of products is exact as long as no column k exceeds 2^53 times its unit 2^e(k).
//
// Bounds. "One unit" is what `mul` returns: |limb k| <= 2^(e(k+1) - 1), limbs 1 and 7 up to 2^(e(k) + 11) more. Sums and differences add units;
// `unpack` gives at most two. `mul` is exact while units(f) * units(g) <= 16. Every caller states its units; the tests recompute
// the bound of each column (field-bounds.test.ts) and hold products at the bound against BigInt (field.test.ts).

/** Bytes of an element. */
export const ELEMENT: usize = 192;

/** The bits of the double 2^exponent. */
@inline
export function powerBits(exponent: i64): u64 {
  return ((1023 + exponent) as u64) << 52;
}

/** 19 * 2^-255 (the shortest decimal of exactly this double): what a limb past 2^255 is worth at the bottom. */
const WRAP: f64 = 3.281744050935889e-76;

/** 3 * 2^(51 + e(k+1)) = 1.5 * 2^(52 + e(k+1)): adding and subtracting it rounds limb k to a multiple of 2^e(k+1). */
const ROUND = memory.data(192, 64);
/** The twelve limbs of 19 * 2^-255 * g, for the columns that wrap. */
const WRAPPED = memory.data(192, 64);
/** Columns after six of twelve rows. */
const COLUMNS = memory.data(192, 64);

/** e(k) = ceil(21.25 k). */
@inline
export function exponent(k: i32): i32 {
  return (85 * k + 3) >> 2;
}

/** Fills the constants; once, before any product. */
export function prepareField(): void {
  for (let k = 0; k < 12; k++) {
    v128.store(ROUND + 16 * k, i64x2.splat(powerBits(52 + exponent(k + 1)) | ((1 as u64) << 51)));
  }
}

@inline
export function limb(f: usize, k: usize): v128 {
  return v128.load(f + 16 * k);
}

export function add(out: usize, f: usize, g: usize): void {
  for (let k: usize = 0; k < ELEMENT; k += 16) {
    v128.store(out + k, f64x2.add(v128.load(f + k), v128.load(g + k)));
  }
}

export function sub(out: usize, f: usize, g: usize): void {
  for (let k: usize = 0; k < ELEMENT; k += 16) {
    v128.store(out + k, f64x2.sub(v128.load(f + k), v128.load(g + k)));
  }
}

/** sum = f + g and difference = f - g, each of units(f) + units(g). Neither may be f or g. */
export function addSub(sum: usize, difference: usize, f: usize, g: usize): void {
  for (let k: usize = 0; k < ELEMENT; k += 16) {
    const a = v128.load(f + k);
    const b = v128.load(g + k);
    v128.store(sum + k, f64x2.add(a, b));
    v128.store(difference + k, f64x2.sub(a, b));
  }
}

export function copy(out: usize, f: usize): void {
  memory.copy(out, f, ELEMENT);
}

/** out = (f's first lane, g's first lane). */
export function firstLanes(out: usize, f: usize, g: usize): void {
  for (let k: usize = 0; k < ELEMENT; k += 16) {
    v128.store(out + k, v128.shuffle<u64>(v128.load(f + k), v128.load(g + k), 0, 2));
  }
}

/** out = (f's second lane, g's second lane). */
export function secondLanes(out: usize, f: usize, g: usize): void {
  for (let k: usize = 0; k < ELEMENT; k += 16) {
    v128.store(out + k, v128.shuffle<u64>(v128.load(f + k), v128.load(g + k), 1, 3));
  }
}

@inline
function sixProducts(
  f0: v128, f1: v128, f2: v128, f3: v128, f4: v128, f5: v128,
  g0: v128, g1: v128, g2: v128, g3: v128, g4: v128, g5: v128,
): v128 {
  const low = f64x2.add(f64x2.add(f64x2.mul(f0, g0), f64x2.mul(f1, g1)), f64x2.mul(f2, g2));
  return f64x2.add(f64x2.add(f64x2.add(low, f64x2.mul(f3, g3)), f64x2.mul(f4, g4)), f64x2.mul(f5, g5));
}

/** Makes g the right factor of the next calls of `mulBy`. */
export function prepareFactor(g: usize): void {
  const wrap = f64x2.splat(WRAP);
  for (let k: usize = 16; k < ELEMENT; k += 16) {
    v128.store(WRAPPED + k, f64x2.mul(v128.load(g + k), wrap));
  }
}

/** out = f * g mod p, one unit; units(f) * units(g) <= 16. out may be f and must not be g. */
export function mul(out: usize, f: usize, g: usize): void {
  prepareFactor(g);
  mulBy(out, f, g);
}

/**
 * `mul` for the g of the last `prepareFactor`.
 *
 * Column k is the sum of f(i) * g(k - i), where g(m) for negative m is WRAPPED(m + 12). Two passes of six rows each, so that
 * rows and a window of six g stay in registers; the stores in between keep V8 from moving all loads to the front. The second pass
 * carries as it goes: each column is rounded to a multiple of the next one's unit, which is added there.
 */
export function mulBy(out: usize, f: usize, g: usize): void {
  let f0 = limb(f, 0), f1 = limb(f, 1), f2 = limb(f, 2), f3 = limb(f, 3), f4 = limb(f, 4), f5 = limb(f, 5);
  let a = limb(WRAPPED, 7), b = limb(WRAPPED, 8), c = limb(WRAPPED, 9), d = limb(WRAPPED, 10), e = limb(WRAPPED, 11);
  let n = limb(g, 0);
  v128.store(COLUMNS, sixProducts(f0, f1, f2, f3, f4, f5, n, e, d, c, b, a), 0);
  a = limb(g, 1);
  v128.store(COLUMNS, sixProducts(f0, f1, f2, f3, f4, f5, a, n, e, d, c, b), 16);
  b = limb(g, 2);
  v128.store(COLUMNS, sixProducts(f0, f1, f2, f3, f4, f5, b, a, n, e, d, c), 32);
  c = limb(g, 3);
  v128.store(COLUMNS, sixProducts(f0, f1, f2, f3, f4, f5, c, b, a, n, e, d), 48);
  d = limb(g, 4);
  v128.store(COLUMNS, sixProducts(f0, f1, f2, f3, f4, f5, d, c, b, a, n, e), 64);
  e = limb(g, 5);
  v128.store(COLUMNS, sixProducts(f0, f1, f2, f3, f4, f5, e, d, c, b, a, n), 80);
  n = limb(g, 6);
  v128.store(COLUMNS, sixProducts(f0, f1, f2, f3, f4, f5, n, e, d, c, b, a), 96);
  a = limb(g, 7);
  v128.store(COLUMNS, sixProducts(f0, f1, f2, f3, f4, f5, a, n, e, d, c, b), 112);
  b = limb(g, 8);
  v128.store(COLUMNS, sixProducts(f0, f1, f2, f3, f4, f5, b, a, n, e, d, c), 128);
  c = limb(g, 9);
  v128.store(COLUMNS, sixProducts(f0, f1, f2, f3, f4, f5, c, b, a, n, e, d), 144);
  d = limb(g, 10);
  v128.store(COLUMNS, sixProducts(f0, f1, f2, f3, f4, f5, d, c, b, a, n, e), 160);
  e = limb(g, 11);
  v128.store(COLUMNS, sixProducts(f0, f1, f2, f3, f4, f5, e, d, c, b, a, n), 176);

  f0 = limb(f, 6); f1 = limb(f, 7); f2 = limb(f, 8); f3 = limb(f, 9); f4 = limb(f, 10); f5 = limb(f, 11);
  a = limb(WRAPPED, 1); b = limb(WRAPPED, 2); c = limb(WRAPPED, 3); d = limb(WRAPPED, 4); e = limb(WRAPPED, 5);
  n = limb(WRAPPED, 6);
  let carry = f64x2.splat(0);
  carry = settle(COLUMNS, 0, sixProducts(f0, f1, f2, f3, f4, f5, n, e, d, c, b, a), carry);
  a = limb(WRAPPED, 7);
  carry = settle(COLUMNS, 1, sixProducts(f0, f1, f2, f3, f4, f5, a, n, e, d, c, b), carry);
  b = limb(WRAPPED, 8);
  carry = settle(out, 2, sixProducts(f0, f1, f2, f3, f4, f5, b, a, n, e, d, c), carry);
  c = limb(WRAPPED, 9);
  carry = settle(out, 3, sixProducts(f0, f1, f2, f3, f4, f5, c, b, a, n, e, d), carry);
  d = limb(WRAPPED, 10);
  carry = settle(out, 4, sixProducts(f0, f1, f2, f3, f4, f5, d, c, b, a, n, e), carry);
  e = limb(WRAPPED, 11);
  carry = settle(out, 5, sixProducts(f0, f1, f2, f3, f4, f5, e, d, c, b, a, n), carry);
  n = limb(g, 0);
  const middle = carry;
  carry = settle(COLUMNS, 6, sixProducts(f0, f1, f2, f3, f4, f5, n, e, d, c, b, a), f64x2.splat(0));
  a = limb(g, 1);
  carry = settle(COLUMNS, 7, sixProducts(f0, f1, f2, f3, f4, f5, a, n, e, d, c, b), carry);
  b = limb(g, 2);
  carry = settle(out, 8, sixProducts(f0, f1, f2, f3, f4, f5, b, a, n, e, d, c), carry);
  c = limb(g, 3);
  carry = settle(out, 9, sixProducts(f0, f1, f2, f3, f4, f5, c, b, a, n, e, d), carry);
  d = limb(g, 4);
  carry = settle(out, 10, sixProducts(f0, f1, f2, f3, f4, f5, d, c, b, a, n, e), carry);
  e = limb(g, 5);
  carry = settle(out, 11, sixProducts(f0, f1, f2, f3, f4, f5, e, d, c, b, a, n), carry);

  // What passed 2^255 comes back at the bottom.
  settlePair(out, 0, f64x2.mul(carry, f64x2.splat(WRAP)));
  settlePair(out, 6, middle);
}

@inline
function rounded(value: v128, round: v128): v128 {
  return f64x2.sub(f64x2.add(value, round), round);
}

/** Finishes column k: stores what stays and returns what is carried to k + 1. */
@inline
function settle(out: usize, k: usize, products: v128, carry: v128): v128 {
  const column = f64x2.add(carry, f64x2.add(limb(COLUMNS, k), products));
  const carried = rounded(column, limb(ROUND, k));
  v128.store(out + 16 * k, f64x2.sub(column, carried));
  return carried;
}

/** Takes a late carry into column k and passes on what that lifts out of it, at most 2^11 units of limb k + 1. */
@inline
function settlePair(out: usize, k: usize, carry: v128): void {
  const column = f64x2.add(limb(COLUMNS, k), carry);
  const carried = rounded(column, limb(ROUND, k));
  v128.store(out + 16 * k, f64x2.sub(column, carried));
  v128.store(out + 16 * (k + 1), f64x2.add(limb(COLUMNS, k + 1), carried));
}
