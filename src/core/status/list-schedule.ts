// When which list of one partner is fetched. Pure: time and chance are arguments. One that fails is asked for more and more seldom, a
// partner that does not answer at all likewise, and neither list nor partner waits for another.

export interface ScheduleTimes {
  /** The index of the partner's lists is read this often, seconds. */
  readonly indexSeconds: number;
  /** Pauses after failures, doubled each time from the first to the longest, seconds. */
  readonly list: readonly [first: number, longest: number];
  readonly partner: readonly [first: number, longest: number];
}

/**
 * A partner that is back is noticed within a minute. A list that is not served, or not acceptable, is asked for every ten minutes
 * in the end; a code that names it asks no sooner.
 */
export const SCHEDULE_TIMES: ScheduleTimes = { indexSeconds: 600, list: [10, 600], partner: [2, 60] };

/** Lists of one partner that are looked after. */
export const MAX_LISTS = 1_024;
/** Whoever asks for many lists at the same moment spreads them over the last tenth before it. */
const JITTER = 0.1;
const AGAIN_SECONDS = 60;

/** A list's number, or the index of them. */
export type Wanted = number | 'index';

export interface ListSchedule {
  /** This list is to be looked after. @returns false when there are too many, and all are held */
  readonly want: (list: number, now: number) => boolean;
  /** What is to be fetched now, if anything; the longest due first. */
  readonly due: (now: number) => Wanted | undefined;
  /** It is held; fetch it anew at `renewAt`. The index has its own time. */
  readonly succeeded: (wanted: Wanted, now: number, renewAt?: number) => void;
  /** @param isPartner whether the partner itself did not answer as it should, so that nothing else is asked either */
  readonly failed: (wanted: Wanted, now: number, isPartner: boolean) => void;
  /** Somebody lacks this list, which was fetched: once more, but not sooner than a minute after the last time. */
  readonly again: (list: number) => void;
  /** Everything is due again, as at the start. */
  readonly restart: (now: number) => void;
  /** Whether the partner did not answer the last time, or was never asked. */
  readonly isFailing: () => boolean;
}

interface Entry {
  at: number;
  /** When it was fetched last. */
  doneAt: number;
  failures: number;
  isHeld: boolean;
}

/** @param chance uniform in [0, 1) */
export function createListSchedule(
  now: number,
  chance: () => number,
  times: ScheduleTimes = SCHEDULE_TIMES,
): ListSchedule {
  const entries = new Map<Wanted, Entry>([['index', fresh(now)]]);
  let pausedUntil = Number.NEGATIVE_INFINITY;
  let partnerFailures = 0;
  let hasAnswered = false;

  /** The list that failed most often leaves, if any did. */
  const makeRoom = (): boolean => {
    const lists = [...entries].filter(
      ([wanted, entry]) => wanted !== 'index' && !entry.isHeld && entry.failures > 0,
    );
    const worst = lists.sort(([, a], [, b]) => b.failures - a.failures)[0];
    return worst !== undefined && entries.delete(worst[0]);
  };

  const answered = (): void => {
    partnerFailures = 0;
    hasAnswered = true;
  };

  const sooner = (seconds: number): number => seconds * (1 - JITTER * chance());

  return {
    want: (list, at) => {
      if (entries.has(list)) return true;
      if (entries.size > MAX_LISTS && !makeRoom()) return false;
      entries.set(list, fresh(at));
      return true;
    },
    due: (at) => {
      if (at < pausedUntil) return undefined;
      let first: readonly [Wanted, Entry] | undefined;
      for (const each of entries)
        if (each[1].at <= at && each[1].at < (first?.[1].at ?? Infinity)) first = each;
      return first?.[0];
    },
    succeeded: (wanted, at, renewAt = at + times.indexSeconds) => {
      answered();
      pausedUntil = Number.NEGATIVE_INFINITY;
      const next = at + sooner(Math.max(0, renewAt - at));
      entries.set(wanted, { at: next, doneAt: at, failures: 0, isHeld: true });
    },
    failed: (wanted, at, isPartner) => {
      const entry = entries.get(wanted);
      if (isPartner) {
        pausedUntil = at + sooner(pause(times.partner, partnerFailures));
        partnerFailures += 1;
        hasAnswered = false;
        if (entry !== undefined) entry.at = pausedUntil; // behind those that have waited for their turn
        return;
      }
      answered();
      if (entry === undefined) return;
      entry.at = at + sooner(pause(times.list, entry.failures));
      entry.failures += 1;
    },
    again: (list) => {
      const entry = entries.get(list);
      if (entry?.isHeld === true) entry.at = Math.min(entry.at, entry.doneAt + AGAIN_SECONDS);
    },
    restart: (at) => {
      for (const entry of entries.values()) entry.at = at;
    },
    isFailing: () => !hasAnswered,
  };
}

function fresh(at: number): Entry {
  return { at, doneAt: Number.NEGATIVE_INFINITY, failures: 0, isHeld: false };
}

function pause([first, longest]: readonly [number, number], failures: number): number {
  return Math.min(longest, first * 2 ** Math.min(failures, 30));
}
