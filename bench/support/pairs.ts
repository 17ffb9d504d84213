// Ours and the floor alternate, so that a machine whose speed drifts slows both. The figure is the median of the ratios.

export interface PairFigures {
  readonly ratio: number;
  /** Smallest and largest ratio of the pairs. */
  readonly spread: string;
  /** Median cost of one call, microseconds. */
  readonly oursUs: number;
  readonly floorUs: number;
}

/** Runs its work once. Results must be used by the work itself, or they cost nothing. */
type Work = () => unknown;

const PAIRS = 9;
const SLICE_MS = 100;
/** The compiler needs thousands of calls before a figure stands still. */
const WARM_UP_MS = 2_000;

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

export function spreadOf(values: readonly number[]): string {
  return `${Math.min(...values).toFixed(3)}..${Math.max(...values).toFixed(3)}`;
}

/** Microseconds a call over one slice of time. `weight` calls count for one run of `work`. */
async function slice(work: Work, weight: number, ms = SLICE_MS): Promise<number> {
  const begin = performance.now();
  let calls = 0;
  let elapsed = 0;
  do {
    const result = work();
    if (result instanceof Promise) await result;
    calls += weight;
    elapsed = performance.now() - begin;
  } while (elapsed < ms);
  return (elapsed * 1000) / calls;
}

/** @param weights how many calls one run of each work counts for */
export async function measurePairs(
  ours: Work,
  floor: Work,
  weights: { readonly ours?: number; readonly floor?: number } = {},
): Promise<PairFigures> {
  const [oursWeight, floorWeight] = [weights.ours ?? 1, weights.floor ?? 1];
  await slice(ours, oursWeight, WARM_UP_MS);
  await slice(floor, floorWeight, WARM_UP_MS);
  const pairs: { ours: number; floor: number }[] = [];
  for (let i = 0; i < PAIRS; i += 1) {
    pairs.push({ ours: await slice(ours, oursWeight), floor: await slice(floor, floorWeight) });
  }
  const ratios = pairs.map((pair) => pair.ours / pair.floor);
  return {
    ratio: median(ratios),
    spread: spreadOf(ratios),
    oursUs: median(pairs.map((pair) => pair.ours)),
    floorUs: median(pairs.map((pair) => pair.floor)),
  };
}

/** A function that returns the next of `items` at each call, for ever. */
export function cycle<T>(items: readonly T[]): () => T {
  let next = 0;
  return () => {
    const item = items[next] as T;
    next = next + 1 === items.length ? 0 : next + 1;
    return item;
  };
}
