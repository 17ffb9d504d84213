// The node's time as far as it was heard, kept on by the page's steady clock: a wall clock that is set back meanwhile changes nothing.

export interface NodeClock {
  /** Epoch seconds. */
  readonly now: () => number;
  /** Seconds that this device's clock is behind the node's. */
  readonly offset: () => number;
  /** Takes the difference that an answer told; null: it told none. */
  readonly hear: (offset: number | null) => void;
}

/** @param known the difference as it was kept, in seconds */
export function createNodeClock(known: number): NodeClock {
  let offset = known;
  let anchor: { readonly epoch: number; readonly steady: number } | null = null;
  const wall = (): number => Date.now() / 1000 + offset;
  const steady = (): number => performance.now() / 1000;
  return {
    now: () => (anchor === null ? wall() : Math.max(wall(), anchor.epoch + steady() - anchor.steady)),
    offset: () => offset,
    hear: (found) => {
      if (found === null) return;
      offset = found;
      anchor = { epoch: wall(), steady: steady() };
    },
  };
}
