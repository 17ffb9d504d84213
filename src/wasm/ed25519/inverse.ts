// 1/z in GF(p) in variable time: everything here is public. Division steps in blocks of thirty
// (D. J. Bernstein, B.-Y. Yang, "Fast constant-time gcd computation and modular inversion", 2019, sections 8 to 12), with several steps
// taken at once where no swap can fall between them.
//
// State: f odd and g with gcd(f, g) = gcd(p, z), and d, e with d z = f, e z = g modulo p. Thirty steps on the low bits of f and g give a
// matrix (u v; q r) whose rows have |u| + |v| <= 2^30; then (f, g) and (d, e) become (u f + v g, q f + r g) / 2^30, the latter modulo p.
// g is 0 after at most 738 steps for 255-bit inputs (theorem 11.2), f is then 1 or -1, and 1/z is f d.

import { unpack } from './field-bytes';

/** Limbs of thirty bits, the ninth signed and open. */
const COUNT = 9;
const MASK: i64 = 0x3fffffff;
const STEPS = 30;
const MAX_BLOCKS = 25;

const F = memory.data(72, 64);
const G = memory.data(72, 64);
const D = memory.data(72, 64);
const E = memory.data(72, 64);
const BYTES = memory.data(32, 64);

/** -1/p modulo 2^30, which is 1/19: 19 * 678152731 = 1 modulo 2^30. */
const MINUS_P_INVERSE: i64 = 678152731;
/** p = 2^255 - 19 as limbs: -19, zeros, 2^15 at 2^240. */
const P_TOP = 15;

let u: i64 = 0;
let v: i64 = 0;
let q: i64 = 0;
let r: i64 = 0;

/** Thirty division steps on the low words of f and g. @returns the new eta (minus the paper's delta) */
function divisionSteps(eta: i64, f: i64, g: i64): i64 {
  let left: i64 = STEPS;
  u = 1;
  v = 0;
  q = 0;
  r = 1;
  while (true) {
    const zeros = ctz<i64>(g | ((-1 as i64) << left));
    g >>= zeros;
    u <<= zeros;
    v <<= zeros;
    eta -= zeros;
    left -= zeros;
    if (left === 0) return eta;
    if (eta < 0) {
      eta = -eta;
      let swap = f;
      f = g;
      g = -swap;
      swap = u;
      u = q;
      q = -swap;
      swap = v;
      v = r;
      r = -swap;
    }
    // eta + 1 steps without a swap: cancel as many low bits of g, at most six, with a multiple of f. f (2 - f^2) = 1/f modulo 2^6.
    const bits = min<i64>(min<i64>(eta + 1, left), 6);
    const w = (f * g * (f * f - 2)) & (((1 as i64) << bits) - 1);
    g += f * w;
    q += u * w;
    r += v * w;
  }
}

/** (F, G) = (u F + v G, q F + r G) / 2^30, which is exact. */
function stepPair(): void {
  let first: i64 = 0;
  let second: i64 = 0;
  for (let i = 0; i < COUNT; i++) {
    const f = load<i64>(F + 8 * i);
    const g = load<i64>(G + 8 * i);
    first += u * f + v * g;
    second += q * f + r * g;
    if (i > 0) {
      store<i64>(F + 8 * (i - 1), first & MASK);
      store<i64>(G + 8 * (i - 1), second & MASK);
    }
    first >>= 30;
    second >>= 30;
  }
  store<i64>(F + 8 * (COUNT - 1), first);
  store<i64>(G + 8 * (COUNT - 1), second);
}

/** (D, E) likewise modulo p: a multiple of p below 2^30 p makes the sum divisible. Each block adds at most p, so |D| < 26 p. */
function stepCofactors(): void {
  const d0 = load<i64>(D);
  const e0 = load<i64>(E);
  const firstTimes = ((u * d0 + v * e0) * MINUS_P_INVERSE) & MASK;
  const secondTimes = ((q * d0 + r * e0) * MINUS_P_INVERSE) & MASK;
  let first: i64 = -19 * firstTimes;
  let second: i64 = -19 * secondTimes;
  for (let i = 0; i < COUNT; i++) {
    const d = load<i64>(D + 8 * i);
    const e = load<i64>(E + 8 * i);
    first += u * d + v * e;
    second += q * d + r * e;
    if (i === COUNT - 1) {
      first += firstTimes << P_TOP;
      second += secondTimes << P_TOP;
    }
    if (i > 0) {
      store<i64>(D + 8 * (i - 1), first & MASK);
      store<i64>(E + 8 * (i - 1), second & MASK);
    }
    first >>= 30;
    second >>= 30;
  }
  store<i64>(D + 8 * (COUNT - 1), first);
  store<i64>(E + 8 * (COUNT - 1), second);
}

function isZero(limbs: usize): bool {
  let any: i64 = 0;
  for (let i = 0; i < COUNT; i++) any |= load<i64>(limbs + 8 * i);
  return any === 0;
}

/** 32 bytes below 2^255, little-endian, as limbs. */
function readLimbs(out: usize, bytes: usize): void {
  for (let i = 0; i < COUNT; i++) {
    const bit = 30 * i;
    const byte = min(bit >> 3, 24);
    store<i64>(out + 8 * i, (load<u64>(bytes + byte) >> ((bit - 8 * byte) as u64)) as i64 & MASK);
  }
}

/** limbs * sign + 32 p, which is positive, as 32 bytes below 2^255 that are right modulo p. */
function writeBytes(out: usize, limbs: usize, sign: i64): void {
  // 32 p = 2^260 - 608.
  let carry: i64 = -608;
  for (let i = 0; i < COUNT; i++) {
    const value = sign * load<i64>(limbs + 8 * i) + carry + (i === COUNT - 1 ? (1 as i64) << 20 : 0);
    const isTop = i === COUNT - 1;
    carry = isTop ? value >> 15 : value >> 30;
    store<i64>(limbs + 8 * i, isTop ? value & 0x7fff : value & MASK);
  }
  // Bits 255 and up, below 2^6, return as 19 times themselves. Where that passes 2^255 again, less than 2^11 is left: two turns do.
  for (let turn = 0; turn < 2; turn++) {
    carry *= 19;
    for (let i = 0; i < COUNT; i++) {
      const isTop = i === COUNT - 1;
      const value = load<i64>(limbs + 8 * i) + carry;
      carry = isTop ? value >> 15 : value >> 30;
      store<i64>(limbs + 8 * i, isTop ? value & 0x7fff : value & MASK);
    }
  }
  for (let word = 0; word < 4; word++) {
    let bits: u64 = 0;
    for (let i = 0; i < COUNT; i++) {
      const shift = 30 * i - 64 * word;
      if (shift <= -30 || shift >= 64) continue;
      const limb = load<u64>(limbs + 8 * i);
      bits |= shift < 0 ? limb >> (-shift as u64) : limb << (shift as u64);
    }
    store<u64>(out + 8 * word, bits);
  }
}

/**
 * Replaces 32 canonical bytes z by bytes below 2^255 that are 1/z modulo p. 0 stays 0.
 */
export function invertBytes(bytes: usize): void {
  for (let i = 0; i < COUNT; i++) {
    store<i64>(F + 8 * i, i === COUNT - 1 ? (1 as i64) << P_TOP : 0);
    store<i64>(D + 8 * i, 0);
    store<i64>(E + 8 * i, i === 0 ? 1 : 0);
  }
  store<i64>(F, -19);
  readLimbs(G, bytes);
  let eta: i64 = -1;
  for (let block = 0; block < MAX_BLOCKS && !isZero(G); block++) {
    eta = divisionSteps(eta, load<i64>(F), load<i64>(G));
    stepPair();
    stepCofactors();
  }
  // f is 1 or -1, all limbs but the lowest 0 or the sign's borrow; or p, for z = 0, where d is 0.
  writeBytes(bytes, D, load<i64>(F + 8 * (COUNT - 1)) < 0 ? -1 : 1);
}

/** out = 1/z in both lanes, for z's canonical 32 bytes. */
export function invert(out: usize, z: usize): void {
  memory.copy(BYTES, z, 32);
  invertBytes(BYTES);
  unpack(out, BYTES, BYTES, i64x2.splat(0));
}
