// Runs something in a while, does not keep the process alive for it, and forgets it when the node closes.

export interface RetryTimer {
  /** Runs the function after the pause; a second call takes the place of the first. */
  readonly later: (run: () => void) => void;
  /** From now on nothing runs any more. */
  readonly stop: () => void;
}

/** @param pauseMs milliseconds */
export function createRetryTimer(pauseMs: number): RetryTimer {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  return {
    later: (run) => {
      clearTimeout(timer);
      if (!stopped) timer = setTimeout(run, pauseMs).unref();
    },
    stop: () => {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
