// Latencies in buckets that widen with the value, as HdrHistogram does: at most 0.8 % off, 25 kB whatever is recorded.

export interface Histogram {
  /** @param us whole or fractional microseconds, 0 to 2^31 - 1; what is above counts as that */
  readonly record: (us: number) => void;
  /**
   * The largest value of the bucket that the quantile falls into, microseconds; NaN while nothing is recorded.
   * @param share 0 to 1
   */
  readonly quantile: (share: number) => number;
  readonly count: () => number;
}

/** Below twice this, one bucket a microsecond; above, this many for each doubling. */
const STEPS = 128;
const STEPS_LOG2 = 7;
const MAX_US = 2 ** 31 - 1;

export function createHistogram(): Histogram {
  const buckets = new Float64Array(bucketOf(MAX_US) + 1);
  let total = 0;
  return {
    record: (us) => {
      const bucket = bucketOf(Math.min(Math.max(0, Math.round(us)), MAX_US));
      buckets[bucket] = (buckets[bucket] ?? 0) + 1;
      total += 1;
    },
    quantile: (share) => {
      if (total === 0) return Number.NaN;
      const rank = Math.max(1, Math.ceil(share * total));
      let seen = 0;
      const bucket = buckets.findIndex((count) => {
        seen += count;
        return seen >= rank;
      });
      return topOf(bucket);
    },
    count: () => total,
  };
}

function bucketOf(us: number): number {
  const shift = Math.max(0, 31 - Math.clz32(us) - STEPS_LOG2);
  return shift * STEPS + (us >>> shift);
}

/** The largest value that `bucketOf` puts there. */
function topOf(bucket: number): number {
  const shift = Math.max(0, Math.floor(bucket / STEPS) - 1);
  const step = bucket - shift * STEPS;
  return (step + 1) * 2 ** shift - 1;
}
