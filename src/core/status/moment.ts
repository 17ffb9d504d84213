// A moment on two clocks. Somebody can step a wall clock, and a steady one stands still while a machine sleeps: an age is the
// greater of what the two say, so that neither makes knowledge younger than it is.

export interface Moment {
  /** Epoch seconds, by the wall clock. */
  readonly epoch: number;
  /** Seconds by the machine's monotonic clock, the same for all its processes. */
  readonly steady: number;
}

/** Seconds by a clock that only goes forward; where it begins means nothing. */
export type Steady = () => number;

/** Older than any limit. */
export const NEVER: Moment = { epoch: 0, steady: Number.NEGATIVE_INFINITY };

/** Whole seconds from `asOf` to `now`, never below 0. Of `NEVER` it is the wall clock's age, which no kind allows. */
export function ageSeconds(asOf: Moment, now: Moment): number {
  const byWall = now.epoch - asOf.epoch;
  const bySteady = asOf.steady === NEVER.steady ? 0 : Math.floor(now.steady - asOf.steady);
  return Math.max(0, byWall, bySteady);
}
