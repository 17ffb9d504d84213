// Elements from and to bytes. Limbs and the four 64-bit words of a number end together at bits 64, 128, 192 and 255, so that three limbs
// are cut from each word.

import { exponent, limb, powerBits } from './field';

/** 2^(52 + e(k)): its mantissa counts in units of 2^e(k), so integers below 2^52 become limbs by OR and a subtraction. */
const UNIT = memory.data(192, 64);
/** 2^-e(k), to read limbs as integers. */
const SCALE = memory.data(192, 64);
const INTEGERS = memory.data(96, 64);

/** Fills the constants; once, before anything else. */
export function prepareBytes(): void {
  for (let k = 0; k < 12; k++) {
    v128.store(UNIT + 16 * k, i64x2.splat(powerBits(52 + exponent(k))));
    v128.store(SCALE + 16 * k, i64x2.splat(powerBits(-exponent(k))));
  }
}

/** Three limbs from k on: the lowest `first` bits of each lane's word, the next `second`, and the rest. */
@inline
function spread(out: usize, k: usize, words: v128, first: i64, second: i64, flip: v128): void {
  const low = v128.and(words, i64x2.splat(((1 as i64) << first) - 1));
  const middle = v128.and(i64x2.shr_u(words, first as i32), i64x2.splat(((1 as i64) << second) - 1));
  const high = i64x2.shr_u(words, (first + second) as i32);
  v128.store(out + 16 * k, asLimb(k, low, flip));
  v128.store(out + 16 * (k + 1), asLimb(k + 1, middle, flip));
  v128.store(out + 16 * (k + 2), asLimb(k + 2, high, flip));
}

@inline
function asLimb(k: usize, integer: v128, flip: v128): v128 {
  const unit = limb(UNIT, k);
  return v128.xor(f64x2.sub(v128.or(integer, unit), unit), flip);
}

/**
 * Two numbers below 2^255, 32 bytes little-endian each, as one element of at most two units.
 * @param flip sign bits: a lane with its highest bit set is negated
 */
export function unpack(out: usize, first: usize, second: usize, flip: v128): void {
  const firstLow = v128.load(first);
  const secondLow = v128.load(second);
  spread(out, 0, v128.shuffle<u64>(firstLow, secondLow, 0, 2), 22, 21, flip);
  spread(out, 3, v128.shuffle<u64>(firstLow, secondLow, 1, 3), 21, 22, flip);
  const firstHigh = v128.load(first, 16);
  const secondHigh = v128.load(second, 16);
  spread(out, 6, v128.shuffle<u64>(firstHigh, secondHigh, 0, 2), 21, 21, flip);
  spread(out, 9, v128.shuffle<u64>(firstHigh, secondHigh, 1, 3), 21, 21, flip);
}

@inline
function integer(f: usize, k: usize): i64 {
  return (load<f64>(f + 16 * k) * load<f64>(SCALE + 16 * k)) as i64;
}

/** Bits of limb k: e(k+1) - e(k). */
@inline
function widthOf(k: i32): i64 {
  return (exponent(k + 1) - exponent(k)) as i64;
}

/** Carries from the bottom, leaving limbs in [0, 2^width). @returns what passes 2^255 */
function carryIntegers(): i64 {
  let carry: i64 = 0;
  for (let k = 0; k < 12; k++) {
    const at = INTEGERS + 8 * k;
    const value = load<i64>(at) + carry;
    carry = value >> widthOf(k);
    store<i64>(at, value - (carry << widthOf(k)));
  }
  return carry;
}

function addToLowest(value: i64): void {
  store<i64>(INTEGERS, load<i64>(INTEGERS) + value);
}

/** One lane (0 or 1) of f, of at most 16 units, as the canonical 32 bytes of its residue below p. */
export function pack(out: usize, f: usize, lane: usize): void {
  for (let k = 0; k < 12; k++) store<i64>(INTEGERS + 8 * k, integer(f + 8 * lane, k));
  // |value| < 2^260. What passes 2^255 returns as 19 times itself: the first time at most 19 * 2^5, then a borrow or a last carry.
  addToLowest(19 * carryIntegers());
  addToLowest(19 * carryIntegers());
  carryIntegers();
  // Now in [0, 2^255): adding 19 passes 2^255 exactly when it is p or more; then 19 stays and 2^255 goes.
  addToLowest(19);
  if (carryIntegers() === 0) {
    addToLowest(-19);
    carryIntegers();
  }
  for (let word = 0; word < 4; word++) {
    const at = INTEGERS + 24 * word;
    const second = widthOf(3 * word);
    const third = second + widthOf(3 * word + 1);
    store<i64>(out + 8 * word, load<i64>(at) | (load<i64>(at, 8) << second) | (load<i64>(at, 16) << third));
  }
}
