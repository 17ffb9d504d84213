// The parts of the verifier one by one, for the tests: the same sources, another entry. Nothing that runs in production loads it.

import { add, addSub, mul, prepareField, sub } from './field';
import { pack, prepareBytes, unpack } from './field-bytes';
import { powRoot } from './field-power';
import { invertBytes } from './inverse';
import { decodePoint, preparePoints } from './point';
import { isReduced, recode, reduceHash, windowsOf } from './scalar';
import { sha512 } from './sha512';

export { add, addSub, decodePoint, invertBytes, isReduced, mul, pack, powRoot, recode, reduceHash, sha512, sub, windowsOf };

export function prepare(): void {
  prepareField();
  prepareBytes();
  preparePoints();
}

export function heapBase(): usize {
  return __heap_base;
}

/** @param flips bit 0: negate the first lane; bit 1: the second */
export function unpackPair(out: usize, first: usize, second: usize, flips: i32): void {
  const sign: u64 = (1 as u64) << 63;
  const flip = i64x2.replace_lane(i64x2.splat(flips & 1 ? sign : 0), 1, flips & 2 ? sign : 0);
  unpack(out, first, second, flip);
}
