// Ids of credentials, proposals and what else is kept in order: the second of making first, so that stores append, then 88 random bits, so that nobody guesses it.

import { encodeBase32 } from '../codec/base32.js';
import type { Random } from './ports.js';

const TIME_BYTES = 5;
const BYTES = 16;

/**
 * 26 lower-case base32 characters, the first 8 of them the time.
 * @param now epoch seconds
 */
export function newTimedId(now: number, random: Random): string {
  const id = new Uint8Array(BYTES);
  let rest = now;
  for (let at = TIME_BYTES - 1; at >= 0; at--) {
    id[at] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  id.set(random(BYTES - TIME_BYTES), TIME_BYTES);
  return encodeBase32(id);
}
