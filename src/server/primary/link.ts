// What one worker has been told and has acknowledged. Time is counted in ticks of this process, so that a primary that was itself
// held up does not take its workers for hung.

import type { Numbered } from '../messages.js';

export interface Link {
  readonly send: (message: Numbered) => void;
  /** The worker has applied everything up to this number. */
  readonly acknowledge: (seq: number) => void;
  /** Resolves when everything sent so far is acknowledged, or the worker is no more. */
  readonly settled: () => Promise<void>;
  /** A tick has passed. @returns whether something has waited `ticks` of them for its acknowledgement */
  readonly isOverdue: (ticks: number) => boolean;
  /** The process is gone: nobody waits for it any longer. */
  readonly end: () => void;
  readonly isEnded: () => boolean;
}

interface Waiting {
  readonly seq: number;
  readonly resolve: () => void;
}

/** @param post hands a message to the process */
export function createLink(post: (message: Numbered & { readonly seq: number }) => void): Link {
  let sent = 0;
  let acknowledged = 0;
  let ended = false;
  let now = 0;
  /** When what is not acknowledged was sent, in order. */
  let open: { readonly seq: number; readonly tick: number }[] = [];
  let waiting: Waiting[] = [];

  const release = (isDone: (wait: Waiting) => boolean): void => {
    const done = waiting.filter(isDone);
    waiting = waiting.filter((wait) => !isDone(wait));
    for (const { resolve } of done) resolve();
  };

  return {
    send: (message) => {
      if (ended) return;
      sent += 1;
      open.push({ seq: sent, tick: now });
      post({ ...message, seq: sent });
    },
    acknowledge: (seq) => {
      if (seq <= acknowledged || seq > sent) return;
      acknowledged = seq;
      open = open.filter((each) => each.seq > seq);
      release((wait) => wait.seq <= seq);
    },
    settled: () =>
      ended || acknowledged === sent
        ? Promise.resolve()
        : new Promise((resolve) => waiting.push({ seq: sent, resolve })),
    isOverdue: (ticks) => {
      now += 1;
      const [oldest] = open;
      return oldest !== undefined && now - oldest.tick >= ticks;
    },
    end: () => {
      ended = true;
      open = [];
      release(() => true);
    },
    isEnded: () => ended,
  };
}
