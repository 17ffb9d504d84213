// The y coordinate of a P-256 point from its x and the parity of y (SEC 1, section 2.3.4). Public values only: not constant time.

import { hexDecode } from '../codec/bytes.js';
import { CURVES, integerFromBytes } from '../signature/weierstrass.js';

const { p, b, coordinateBytes } = CURVES.ES256;

function powerModP(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  let square = base;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) result = (result * square) % p;
    square = (square * square) % p;
  }
  return result;
}

/**
 * @param xBytes 32 bytes, big-endian
 * @returns y, 32 bytes, odd as asked; null when no point of the curve has this x
 */
export function decompressP256(xBytes: Uint8Array, odd: boolean): Uint8Array | null {
  const x = integerFromBytes(xBytes);
  if (x >= p) return null;
  const square = (((x * x * x - 3n * x + b) % p) + p) % p;
  const root = powerModP(square, (p + 1n) / 4n); // p = 3 mod 4
  if ((root * root) % p !== square) return null;
  const y = ((root & 1n) === 1n) === odd ? root : p - root;
  return hexDecode(y.toString(16).padStart(2 * coordinateBytes, '0'));
}
