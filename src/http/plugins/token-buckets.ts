// Rate limits in memory: a bucket of one minute's requests for each visitor, refilled evenly. Bounded, no timers.

export interface TokenBuckets {
  /** Takes one request; 0 when allowed, else the seconds until one is. */
  readonly take: (visitor: string, nowMs: number) => number;
}

interface Bucket {
  tokens: number;
  at: number;
}

const WINDOW_MS = 60_000;

/**
 * A bucket untouched for a minute is full again and may be forgotten, so two generations of buckets lose nothing. When more
 * visitors come within a minute than `maxVisitors`, the older generation goes early: memory stays bounded, and limits are
 * only ever more generous.
 * @param perMinute requests a minute, also the largest burst
 */
export function createTokenBuckets(perMinute: number, maxVisitors = 100_000): TokenBuckets {
  const perMs = perMinute / WINDOW_MS;
  let current = new Map<string, Bucket>();
  let previous = new Map<string, Bucket>();
  let turnsAt = 0;

  const find = (visitor: string, nowMs: number): Bucket => {
    const known = previous.get(visitor);
    if (known === undefined && current.size >= maxVisitors) turn(nowMs);
    const bucket = known ?? { tokens: perMinute, at: nowMs };
    current.set(visitor, bucket);
    return bucket;
  };
  const turn = (nowMs: number): void => {
    previous = current;
    current = new Map();
    turnsAt = nowMs + WINDOW_MS;
  };

  return {
    take: (visitor, nowMs) => {
      if (nowMs >= turnsAt) turn(nowMs);
      const bucket = current.get(visitor) ?? find(visitor, nowMs);
      bucket.tokens = Math.min(perMinute, bucket.tokens + Math.max(0, nowMs - bucket.at) * perMs);
      bucket.at = nowMs;
      if (bucket.tokens < 1) return Math.max(1, Math.ceil((1 - bucket.tokens) / perMs / 1000));
      bucket.tokens -= 1;
      return 0;
    },
  };
}
