// Powers in GF(p), as square roots need them.

import { copy, ELEMENT, mul } from './field';

const STEPS = memory.data(4 * 192, 64);

/** out = f^(2^n), n >= 1; out must not be f. */
function squareTimes(out: usize, f: usize, n: i32): void {
  const turn = STEPS + 3 * ELEMENT;
  copy(out, f);
  for (let i = 0; i < n; i++) {
    copy(turn, out);
    mul(out, out, turn);
  }
}

/** out = f^((p - 5) / 8) = f^(2^252 - 3): 252 squarings and 11 products (RFC 8032, section 5.1.3, step 3). */
export function powRoot(out: usize, f: usize): void {
  const a = STEPS;
  const b = STEPS + ELEMENT;
  const c = STEPS + 2 * ELEMENT;
  squareTimes(a, f, 1); // 2
  squareTimes(b, a, 2); // 8
  mul(b, b, f); // 9
  mul(a, a, b); // 11
  squareTimes(c, a, 1); // 22
  mul(b, b, c); // 31 = 2^5 - 1
  squareTimes(c, b, 5);
  mul(b, b, c); // 2^10 - 1
  squareTimes(c, b, 10);
  mul(c, c, b); // 2^20 - 1
  squareTimes(a, c, 20);
  mul(c, c, a); // 2^40 - 1
  squareTimes(a, c, 10);
  mul(b, b, a); // 2^50 - 1
  squareTimes(c, b, 50);
  mul(c, c, b); // 2^100 - 1
  squareTimes(a, c, 100);
  mul(c, c, a); // 2^200 - 1
  squareTimes(a, c, 50);
  mul(b, b, a); // 2^250 - 1
  squareTimes(c, b, 2);
  mul(out, c, f); // 2^252 - 3
}
