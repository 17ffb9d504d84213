// Integers modulo L = 2^252 + 27742317777372353535851937790883648493, the order of the base point (RFC 8032, section 5.1).

/** 21-bit limbs, signed: L's tail, so that 2^252 = sum TAIL(i) 2^(21 i) modulo L. */
const TAIL = memory.data<i64>([666643, 470296, 654183, -997805, 136657, -683901]);
const LIMBS = memory.data(192, 64);

const ORDER = memory.data<u64>([0x5812631a5cf5d3ed, 0x14def9dea2f79cd6, 0, 0x1000000000000000]);

/** Bytes of a scalar with the room that `recode` reads beyond it. */
export const SCALAR: usize = 40;

/** L as a scalar, 32 bytes little-endian. */
export function order(out: usize): void {
  memory.copy(out, ORDER, 32);
}

/** Whether the 32 bytes, little-endian, are below L. */
export function isReduced(scalar: usize): bool {
  for (let i = 24; i >= 0; i -= 8) {
    const word = load<u64>(scalar + i);
    const limit = load<u64>(ORDER + i);
    if (word !== limit) return word < limit;
  }
  return false;
}

@inline
function limbAt(i: i32): i64 {
  return load<i64>(LIMBS + 8 * i);
}

@inline
function setLimb(i: i32, value: i64): void {
  store<i64>(LIMBS + 8 * i, value);
}

/** Moves what limbs from..to hold beyond 21 bits up by one; limbs stay in [0, 2^21). */
function carryLimbs(from: i32, to: i32): void {
  for (let i = from; i <= to; i++) {
    const carry = limbAt(i) >> 21;
    setLimb(i, limbAt(i) - (carry << 21));
    setLimb(i + 1, limbAt(i + 1) + carry);
  }
}

/** Replaces limb i (12 to 23) by what it is worth below. |limb| < 2^41 keeps every sum below 2^63. */
function foldLimb(i: i32): void {
  const value = limbAt(i);
  setLimb(i, 0);
  for (let j = 0; j < 6; j++) setLimb(i - 12 + j, limbAt(i - 12 + j) + value * load<i64>(TAIL + 8 * j));
}

/** The 64 bytes of a hash, little-endian, modulo L: 32 bytes of a number in [0, 2^252 + 2^147). */
export function reduceHash(out: usize, hash: usize): void {
  // Limb i holds bits 21 i to 21 i + 20, the last one all 29 that remain. Every load stays inside the 64 bytes.
  for (let i = 0; i < 23; i++) {
    const bit = 21 * i;
    const byte = min(bit >> 3, 56);
    setLimb(i, ((load<u64>(hash + byte) >> ((bit - 8 * byte) as u64)) & 0x1fffff) as i64);
  }
  setLimb(23, (load<u64>(hash + 56) >> 35) as i64);
  for (let i = 23; i >= 18; i--) foldLimb(i);
  carryLimbs(6, 16);
  for (let i = 17; i >= 12; i--) foldLimb(i);
  carryLimbs(0, 11);
  foldLimb(12);
  carryLimbs(0, 10);
  // The last fold moved less than 2^147 either way: what became negative is lifted by L = 2^252 - sum TAIL(i) 2^(21 i).
  if (limbAt(11) < 0) {
    setLimb(11, limbAt(11) + (1 << 21));
    setLimb(12, -1);
    foldLimb(12);
    carryLimbs(0, 10);
  }
  for (let word = 0; word < 4; word++) store<u64>(out + 8 * word, wordOfLimbs(64 * word));
}

/** Bits bit to bit + 63 of the limbs. */
function wordOfLimbs(bit: i32): u64 {
  let word: u64 = 0;
  for (let i = 0; i < 12; i++) {
    const shift = 21 * i - bit;
    if (shift <= -21 || shift >= 64) continue;
    const limb = limbAt(i) as u64;
    word |= shift < 0 ? limb >> (-shift as u64) : limb << (shift as u64);
  }
  return word;
}

/** Windows of a width: ceil(254 / width). */
export function windowsOf(width: i32): i32 {
  return (253 + width) / width;
}

/**
 * Signed digits of a scalar below 2^253: scalar = sum digit(j) 2^(width j), |digit| <= 2^(width - 1). No carry leaves the last
 * window, whose bits from 253 up are zero.
 * @param digits i32 each, windowsOf(width) of them
 */
export function recode(digits: usize, scalar: usize, width: i32): void {
  const half = 1 << (width - 1);
  const mask = (1 << width) - 1;
  let carry = 0;
  for (let j = 0; j < windowsOf(width); j++) {
    const bit = width * j;
    let digit = (((load<u32>(scalar + (bit >> 3)) >> (bit & 7)) as i32) & mask) + carry;
    carry = digit > half ? 1 : 0;
    digit -= carry << width;
    store<i32>(digits + 4 * j, digit);
  }
}
