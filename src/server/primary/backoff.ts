// How long to wait before a worker takes a dead one's place.

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 10_000;

/** @param earlyDeaths how many in a row died at once; none: no pause */
export function pauseMs(earlyDeaths: number): number {
  return earlyDeaths === 0 ? 0 : Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (earlyDeaths - 1));
}
