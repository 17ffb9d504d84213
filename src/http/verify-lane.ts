// Which parsed verification is made now, which waits, and which is given up. As long as the process keeps up nothing waits and
// nothing is allocated. When it does not, each turn of the event loop spends a bounded time on verifications, so that everything
// else is served between them; what waited too long is shed, and connections that bring more are not read.

import type { RequestError } from './request-error.js';

/** What the caller of a shed job is told. */
export const OVERLOADED: RequestError & Required<Pick<RequestError, 'detail' | 'retryAfterSeconds'>> = {
  code: 'overloaded',
  detail: 'Too busy to judge now. Try again in 1 s, or verify offline.',
  retryAfterSeconds: 1,
};

/** One verification to be made; exactly one of the two is called, once. */
export interface LaneJob {
  readonly run: () => void;
  /** It will not be made: tell the caller to come later. */
  readonly shed: () => void;
}

export interface VerifyLane {
  /** Runs the job before it returns when nothing waits and this turn has time left. Waiting counts from here. */
  readonly enter: (job: LaneJob) => void;
  /** Whether a job that enters now would be shed rather than made: what can be put off should be. */
  readonly isBehind: (nowMs: number) => boolean;
  readonly figures: () => LaneFigures;
}

export interface LaneFigures {
  readonly waiting: number;
  /** Jobs shed since the start: `waited` too long, or found the queue `full`. */
  readonly shed: Readonly<Record<'waited' | 'full', number>>;
  /** Jobs that had to wait and left the queue since the start, and the milliseconds they waited. */
  readonly waits: { readonly count: number; readonly sumMs: number };
}

/** The connections that bring verifications: they can be left unread for a while, which costs nothing. */
export interface ReadingGate {
  readonly hold: () => void;
  /** Reads some of those that are held again, the longest held first. */
  readonly release: () => void;
  readonly isHolding: () => boolean;
}

export interface LaneDeps {
  /** Monotonic milliseconds. */
  readonly clock: () => number;
  /** Calls after everything that is ready now was served: setImmediate. */
  readonly defer: (run: () => void) => void;
  readonly gate: ReadingGate;
}

export interface LaneLimits {
  /** Milliseconds of verifications in a row. */
  readonly budgetMs: number;
  /** A job that waited longer is shed. */
  readonly maxWaitMs: number;
  readonly maxWaiting: number;
}

/** 4,096 requests hold at most 64 MiB of bodies, and some 8 MiB as they are. */
export const LANE_LIMITS: LaneLimits = { budgetMs: 10, maxWaitMs: 100, maxWaiting: 4_096 };
/** With fewer than that waiting, held connections are read again. */
const FEW = 32;

interface Waiting {
  readonly job: LaneJob;
  readonly since: number;
}

export function createVerifyLane(
  { clock, defer, gate }: LaneDeps,
  { budgetMs, maxWaitMs, maxWaiting }: LaneLimits = LANE_LIMITS,
): VerifyLane {
  const shed = { waited: 0, full: 0 };
  const waits = { count: 0, sumMs: 0 };
  /** A ring: `count` jobs from `head` on. */
  const slots: (Waiting | undefined)[] = [];
  let head = 0;
  let count = 0;
  /** Whether a turn is due, since when; and when the last one ended. */
  let due = false;
  let dueSince = 0;
  let endedAt = Number.NEGATIVE_INFINITY;

  const arm = (nowMs: number): void => {
    due = true;
    dueSince = nowMs;
    defer(turn);
  };
  const wait = (job: LaneJob, nowMs: number): void => {
    if (count === maxWaiting) {
      shed.full++;
      gate.hold();
      job.shed();
      return;
    }
    slots[(head + count) % maxWaiting] = { job, since: nowMs };
    count++;
  };
  const next = (): Waiting | undefined => {
    if (count === 0) return undefined;
    const waiting = slots[head];
    slots[head] = undefined;
    head = (head + 1) % maxWaiting;
    count--;
    return waiting;
  };
  const leave = ({ job, since }: Waiting, nowMs: number): void => {
    waits.count++;
    waits.sumMs += nowMs - since;
    if (nowMs - since <= maxWaitMs) {
      job.run();
    } else {
      shed.waited++;
      job.shed();
    }
  };
  const turn = (): void => {
    try {
      spend();
    } finally {
      settle(clock()); // whatever a job throws, the next turn comes
    }
  };
  const spend = (): void => {
    let nowMs = clock();
    const until = nowMs + budgetMs;
    while (nowMs < until) {
      const waiting = next();
      if (waiting === undefined) return;
      leave(waiting, nowMs);
      nowMs = clock();
    }
  };
  const settle = (nowMs: number): void => {
    const oldest = count === 0 ? undefined : slots[head];
    if (oldest !== undefined && nowMs - oldest.since >= maxWaitMs / 2) gate.hold();
    else if (count < FEW) gate.release();
    due = false;
    endedAt = nowMs;
    if (count > 0 || gate.isHolding()) arm(nowMs);
  };

  return {
    enter: (job) => {
      const nowMs = clock();
      if (count > 0 || (due && nowMs - dueSince >= budgetMs)) {
        wait(job, nowMs);
        return;
      }
      if (!due && nowMs - endedAt >= budgetMs) arm(nowMs);
      job.run();
    },
    isBehind: (nowMs) =>
      count === maxWaiting || (count > 0 && nowMs - (slots[head]?.since ?? nowMs) >= maxWaitMs),
    figures: () => ({ waiting: count, shed: { ...shed }, waits: { ...waits } }),
  };
}
