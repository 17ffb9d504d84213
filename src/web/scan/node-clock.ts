// The node's time as far as it was heard, kept on by the page's steady clock: a wall clock that is set back while the page is open changes
// nothing, and one that was set back before it was opened is noticed.

export interface NodeClock {
  /** Epoch seconds. */
  readonly now: () => number;
  /** Seconds that this device's clock is behind the node's. */
  readonly offset: () => number;
  /** The latest time that was told here, epoch seconds, until the node says what time it is: a clock before it was set back. */
  readonly passed: () => number;
  /** Takes the difference that an answer told; null: it told none. */
  readonly hear: (offset: number | null) => void;
}

/**
 * @param known the difference as it was kept, in seconds
 * @param before what `passed` was when it was kept
 */
export function createNodeClock(known: number, before: number): NodeClock {
  let offset = known;
  let latest = before;
  const wall = (): number => Date.now() / 1000 + offset;
  const steady = (): number => performance.now() / 1000;
  let anchor = { epoch: wall(), steady: steady() };
  const now = (): number => Math.max(wall(), anchor.epoch + steady() - anchor.steady);
  return {
    now,
    offset: () => offset,
    passed: () => {
      latest = Math.max(latest, now());
      return latest;
    },
    hear: (found) => {
      if (found === null) return;
      offset = found;
      latest = wall();
      anchor = { epoch: latest, steady: steady() };
    },
  };
}
