// How batches share one thread with everything else: all of them together have a few milliseconds in each turn of the event loop,
// and among themselves they go in the order they came.

export interface Turn {
  /** Whether the time is used up. */
  readonly isOver: () => boolean;
  readonly end: () => void;
}

export interface Turns {
  /** Resolves when it is the caller's turn. Whoever got one ends it, or nobody else gets another. */
  readonly begin: () => Promise<Turn>;
}

export interface TurnsDeps {
  readonly budgetMs: number;
  /** Milliseconds of a clock that only goes forward. */
  readonly now: () => number;
  /** Runs something in the event loop's next turn. */
  readonly nextTurn: (run: () => void) => void;
}

export function createTurns({ budgetMs, now, nextTurn }: TurnsDeps): Turns {
  const waiting: ((turn: Turn) => void)[] = [];
  let isTaken = false;
  let begunAt = 0;
  let usedMs = 0;
  let isRenewing = false;

  const grant = (): void => {
    if (isTaken || usedMs >= budgetMs) return;
    const next = waiting.shift();
    if (next === undefined) return;
    isTaken = true;
    begunAt = now();
    next(turn);
  };
  const renew = (): void => {
    isRenewing = false;
    usedMs = 0;
    grant();
  };
  const turn: Turn = {
    isOver: () => usedMs + now() - begunAt >= budgetMs,
    end: () => {
      isTaken = false;
      usedMs += now() - begunAt;
      if (!isRenewing) nextTurn(renew);
      isRenewing = true;
      grant();
    },
  };
  return {
    begin: () =>
      new Promise((resolve) => {
        waiting.push(resolve);
        grant();
      }),
  };
}
