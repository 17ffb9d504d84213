// Requests leave when their time has come, whether or not earlier ones were answered, and a latency counts from that time: what
// a visitor waits for behind a slow answer is in it (no coordinated omission).

import { setTimeout as delay } from 'node:timers/promises';
import { createHistogram, type Histogram } from './histogram.js';
import {
  describeAnswer,
  describeExpected,
  type Exchange,
  type Expected,
  type Judgement,
  judge,
} from './judge.js';
import { createLine, type Fault, type Line } from './line.js';
import { SORTS, type Sort } from './mix.js';

export interface Shot {
  readonly sort: Sort;
  readonly request: Buffer;
  readonly expected: Expected;
}

export interface LoopOptions {
  readonly host: string;
  readonly port: number;
  readonly connections: number;
  /** Requests a second. */
  readonly rate: number;
  readonly seconds: number;
  readonly next: () => Shot;
  /** Called while no request is due. */
  readonly idle: () => void;
}

export type Counts = Record<Judgement | 'broken', number>;

export interface Tally {
  sent: number;
  /** Due, but no connection became free for them. */
  unsent: number;
  readonly counts: Readonly<Record<Sort, Counts>>;
  /** Of right and wrong answers; what was shed is not among them. */
  readonly latency: Histogram;
  /** The first wrong answers in words. */
  readonly wrongs: string[];
  readonly faults: Map<Fault, number>;
  /** The longest that the generator itself did not come to its turn: so much of the latencies may be its own. */
  stallMs: number;
  seconds: number;
}

/** A timer's grain: requests leave in groups, each at most this late. */
const TICK_MS = 1;
/** For answers that are under way, and for what is due, when the time is over. */
const GRACE_MS = 10_000;
const SHOWN_WRONGS = 10;

export async function runOpenLoop(options: LoopOptions): Promise<Tally> {
  const { connections, rate, seconds, next, idle } = options;
  const tally = createTally();
  const lines = Array.from({ length: connections }, () => createLine(options.port, options.host));
  const free: Line[] = [...lines];
  const total = Math.floor(rate * seconds);
  const begin = performance.now();
  let isOpen = true;
  const dueBy = (now: number): number => Math.min(total, Math.floor(((now - begin) * rate) / 1000) + 1);

  const fire = (line: Line): void => {
    const shot = next();
    const dueAt = begin + (tally.sent * 1000) / rate;
    tally.sent += 1;
    const sentAt = performance.now();
    line.send(shot.request, (answer) => {
      const answeredAt = performance.now();
      if (typeof answer === 'string') countFault(tally, shot, answer);
      else count(tally, shot, { sentAt, answeredAt, answer }, answeredAt - dueAt);
      free.push(line);
      fireDue();
    });
  };
  const fireDue = (): void => {
    const due = dueBy(performance.now());
    while (isOpen && tally.sent < due) {
      const line = free.shift(); // the one that has rested longest, so that none rests until the node closes it
      if (line === undefined) return;
      fire(line);
    }
  };
  const isOver = (): boolean => tally.sent === total && free.length === connections;
  const deadline = begin + seconds * 1000 + GRACE_MS;
  for (let last = begin; !isOver() && last < deadline; last = performance.now()) {
    fireDue();
    if (tally.sent === dueBy(performance.now())) idle();
    await delay(TICK_MS);
    tally.stallMs = Math.max(tally.stallMs, performance.now() - last - TICK_MS);
  }
  tally.seconds = (performance.now() - begin) / 1000;
  tally.unsent = total - tally.sent;
  isOpen = false;
  for (const line of lines) line.close();
  return tally;
}

function createTally(): Tally {
  const counts = Object.fromEntries(
    SORTS.map((sort) => [sort, { right: 0, wrong: 0, shed: 0, broken: 0 }]),
  ) as Record<Sort, Counts>;
  const latency = createHistogram();
  return { sent: 0, unsent: 0, counts, latency, wrongs: [], faults: new Map(), stallMs: 0, seconds: 0 };
}

function countFault(tally: Tally, { sort }: Shot, fault: Fault): void {
  tally.counts[sort].broken += 1;
  tally.faults.set(fault, (tally.faults.get(fault) ?? 0) + 1);
}

function count(tally: Tally, { sort, expected }: Shot, exchange: Exchange, latencyMs: number): void {
  const found = judge(expected, exchange);
  tally.counts[sort][found] += 1;
  if (found !== 'shed') tally.latency.record(latencyMs * 1000);
  if (found === 'wrong' && tally.wrongs.length < SHOWN_WRONGS) {
    const said = describeAnswer(exchange.answer);
    tally.wrongs.push(`${sort}: expected ${describeExpected(expected)}; answered ${said}`);
  }
}
