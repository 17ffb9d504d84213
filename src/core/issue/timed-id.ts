// Ids of credentials, proposals and what else is kept in order: the second of making and a counter first, so that stores append, then
// 64 random bits, so that nobody guesses it. A row at a random place would cost a commit a page of its own, a third more time.

import { encodeBase32 } from '../codec/base32.js';
import type { Random } from './ports.js';

const TIME_BYTES = 5;
const COUNTER_BYTES = 3;
const ORDER_BYTES = TIME_BYTES + COUNTER_BYTES;
const BYTES = 16;
const COUNTERS = 256 ** COUNTER_BYTES;

/**
 * Gives ids one after the other: 26 lower-case base32 characters, the first 8 of them the time. Those of a second begin at a
 * random count, so that an id does not tell how many there were.
 * @returns takes epoch seconds
 */
export function createTimedIds(random: Random): (now: number) => string {
  let second = -1;
  let counter = 0;
  return (now) => {
    if (now === second) counter = (counter + 1) % COUNTERS;
    else counter = readNumber(random(COUNTER_BYTES));
    second = now;
    const id = new Uint8Array(BYTES);
    writeNumber(id, 0, TIME_BYTES, now);
    writeNumber(id, TIME_BYTES, ORDER_BYTES, counter);
    id.set(random(BYTES - ORDER_BYTES), ORDER_BYTES);
    return encodeBase32(id);
  };
}

/** One id on its own. */
export function newTimedId(now: number, random: Random): string {
  return createTimedIds(random)(now);
}

/** Lower than any id of this second or later. */
export function lowestTimedId(second: number): string {
  const id = new Uint8Array(BYTES);
  writeNumber(id, 0, TIME_BYTES, second);
  return encodeBase32(id);
}

/** Big-endian into `[from, to)`, and so is `readNumber`. */
function writeNumber(bytes: Uint8Array, from: number, to: number, value: number): void {
  let rest = value;
  for (let at = to - 1; at >= from; at--) {
    bytes[at] = rest % 256;
    rest = Math.floor(rest / 256);
  }
}

function readNumber(bytes: Uint8Array): number {
  return bytes.reduce((value, byte) => value * 256 + byte, 0);
}
