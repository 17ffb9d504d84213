// The figures of a node in several processes: what each of them counted, summed, and what ended workers had counted kept, so that
// no sum ever falls.

import { AggregatorRegistry, Counter, Gauge, type Registry } from 'prom-client';
import type { MetricsText } from '../../http/routes/operator/metrics.js';
import type { After } from '../after.js';
import type { Ending, Member } from './member.js';

/** As prom-client gives and takes them. */
type Figures = readonly object[];

export interface CrewMetrics extends MetricsText {
  /** A worker's figures have come. */
  readonly hear: (member: Member, figures: Figures) => void;
  /** It is gone, and what it had counted stays. */
  readonly retire: (member: Member) => void;
  readonly replaced: (reason: Ending) => void;
}

/** A worker that takes longer is told with what it said last. */
const REPORT_MS = 1_000;
const ENDINGS: readonly Ending[] = ['died', 'hung', 'slow_start', 'refused'];

/** @param own the primary's */
export function createCrewMetrics(own: Registry, live: () => readonly Member[], after: After): CrewMetrics {
  const latest = new Map<Member, Figures>();
  const waiting = new Set<(member: Member) => void>();
  let retired: Promise<Figures> = Promise.resolve([]);
  const replacements = registerGauges(own, live);

  /** Resolves when every live worker has said its figures, or is gone, or the time is over. */
  const collect = (): Promise<void> =>
    new Promise((resolve) => {
      const missing = new Set(live());
      const finish = (): void => {
        cancel();
        waiting.delete(settle);
        resolve();
      };
      const settle = (member: Member): void => {
        if (missing.delete(member) && missing.size === 0) finish();
      };
      const cancel = after(finish, REPORT_MS);
      waiting.add(settle);
      if (missing.size === 0) finish();
      for (const member of missing) member.askMetrics();
    });

  return {
    contentType: own.contentType,
    metrics: async () => {
      await collect();
      const all = [await own.getMetricsAsJSON(), ...latest.values(), await retired];
      return sum(all).metrics();
    },
    hear: (member, figures) => {
      latest.set(member, figures);
      for (const settle of [...waiting]) settle(member);
    },
    retire: (member) => {
      const last = (latest.get(member) ?? []).filter(isSum);
      latest.delete(member);
      retired = retired.then((before) => sum([before, last]).getMetricsAsJSON());
      for (const settle of [...waiting]) settle(member);
    },
    replaced: (reason) => replacements.inc({ reason }),
  };
}

function registerGauges(own: Registry, live: () => readonly Member[]): Counter<'reason'> {
  new Gauge({
    name: 'yima_workers_live',
    help: 'Workers that serve now',
    registers: [own],
    collect() {
      this.set(live().length);
    },
  });
  const replacements = new Counter({
    name: 'yima_worker_replacements_total',
    help: 'Workers that were replaced',
    labelNames: ['reason'],
    registers: [own],
  });
  for (const reason of ENDINGS) replacements.inc({ reason }, 0);
  return replacements;
}

function sum(all: readonly Figures[]): Registry {
  return AggregatorRegistry.aggregate(all.map((figures) => [...figures])) as Registry;
}

/** A gauge ends with its process. */
function isSum(figure: object): boolean {
  const { type } = figure as { readonly type: unknown };
  return type === 'counter' || type === 'histogram';
}
