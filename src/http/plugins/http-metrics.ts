// Rate, errors and duration of each route; decisions by reason; refusals by code. Labels are route patterns and codes, never
// input. Counted in plain numbers, exported when read: a prom-client histogram costs 1 us an observation, this a tenth.

import { Counter, type Registry } from 'prom-client';
import { REASONS, type ReasonCode } from '../../core/errors/reasons.js';
import type { RecordRequest } from '../request-fields.js';

const DURATION = 'yima_http_request_duration_seconds';
const BOUNDS = [
  0.0005,
  0.001,
  0.0025,
  0.005,
  0.01,
  0.025,
  0.05,
  0.1,
  0.25,
  0.5,
  1,
  2.5,
  Number.POSITIVE_INFINITY,
];

type Labels = Readonly<Record<string, string | number>>;

interface RouteTally {
  readonly labels: Labels;
  /** Requests by the first bound that covers them, in seconds. */
  readonly buckets: number[];
  sum: number;
}

interface Tally {
  readonly routes: Map<string, RouteTally>;
  readonly decisions: Map<ReasonCode, number>;
  readonly problems: Map<string, number>;
}

/** The public app and the socket's app of one node count into one registry. */
const TALLIES = new WeakMap<Registry, Tally>();

function tallyOf(registry: Registry): Tally {
  const known = TALLIES.get(registry);
  if (known !== undefined) return known;
  const tally: Tally = { routes: new Map(), decisions: new Map(), problems: new Map() };
  TALLIES.set(registry, tally);
  exportTally(registry, tally);
  return tally;
}

/** The three series of a Prometheus histogram, and two counters. */
function exportTally(registry: Registry, { routes, decisions, problems }: Tally): void {
  const help = 'Seconds from the end of the headers to the answer';
  const perRoute = ['method', 'route', 'status'];
  exportSeries(registry, `${DURATION}_bucket`, help, [...perRoute, 'le'], () =>
    [...routes.values()].flatMap(cumulative),
  );
  exportSeries(registry, `${DURATION}_sum`, help, perRoute, () =>
    [...routes.values()].map(({ labels, sum }) => [labels, sum]),
  );
  exportSeries(registry, `${DURATION}_count`, help, perRoute, () =>
    [...routes.values()].map(({ labels, buckets }) => [
      labels,
      buckets.reduce((all, count) => all + count, 0),
    ]),
  );
  exportSeries(registry, 'yima_decisions_total', 'Answers of the verifier', ['decision', 'reason'], () =>
    [...decisions].map(([reason, count]) => [{ decision: REASONS[reason].decision, reason }, count]),
  );
  exportSeries(registry, 'yima_http_problems_total', 'Requests that could not be judged', ['code'], () =>
    [...problems].map(([code, count]) => [{ code }, count]),
  );
}

function cumulative({ labels, buckets }: RouteTally): (readonly [Labels, number])[] {
  let covered = 0;
  return BOUNDS.map((bound, index) => {
    covered += buckets[index] ?? 0;
    return [{ ...labels, le: bound === Number.POSITIVE_INFINITY ? '+Inf' : bound }, covered] as const;
  });
}

function exportSeries(
  registry: Registry,
  name: string,
  help: string,
  labelNames: readonly string[],
  read: () => readonly (readonly [Labels, number])[],
): void {
  new Counter({
    name,
    help,
    labelNames: [...labelNames],
    registers: [registry],
    collect() {
      this.reset();
      for (const [labels, count] of read()) this.inc({ ...labels }, count);
    },
  });
}

function countRequest(
  routes: Tally['routes'],
  method: string,
  route: string,
  status: number,
  seconds: number,
): void {
  const key = `${method} ${route} ${status}`;
  let tally = routes.get(key);
  if (tally === undefined) {
    tally = { labels: { method, route, status }, buckets: BOUNDS.map(() => 0), sum: 0 };
    routes.set(key, tally);
  }
  let bucket = 0;
  while (seconds > (BOUNDS[bucket] ?? 0)) bucket++;
  tally.buckets[bucket] = (tally.buckets[bucket] ?? 0) + 1;
  tally.sum += seconds;
}

export interface CountAnswers {
  readonly decision: (reason: ReasonCode) => void;
  readonly problem: (code: string) => void;
}

/** For answers that are one of many in a request. */
export function countAnswers(registry: Registry): CountAnswers {
  const { decisions, problems } = tallyOf(registry);
  return {
    decision: (reason) => increment(decisions, reason),
    problem: (code) => increment(problems, code),
  };
}

function increment<K>(counts: Map<K, number>, key: K): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

/** Counts into the registry; several apps of one node share it. */
export function createHttpFigures(registry: Registry): RecordRequest {
  const { routes } = tallyOf(registry);
  const count = countAnswers(registry);
  return ({ method, pattern, startedAt, verdict, problem }, status) => {
    const seconds = (performance.now() - startedAt) / 1000;
    countRequest(routes, method, pattern ?? 'none', status, seconds);
    if (verdict !== null) count.decision(verdict.reason);
    if (problem !== null) count.problem(problem);
  };
}
