// The hammer's figures as one object, as lines for people, and as a verdict.

import type { HammerResult } from './hammer.js';
import type { Judgement } from './judge.js';
import type { Counts, Tally } from './open-loop.js';

export interface Summary {
  readonly sent: number;
  readonly right: number;
  readonly wrong: number;
  readonly shed: number;
  /** Connections that broke, answers that were none or did not come. */
  readonly broken: number;
  readonly faults: Readonly<Record<string, number>>;
  readonly unsent: number;
  readonly perSecond: number;
  /** Milliseconds from the time at which the request was due. */
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
  /** The longest that the generator itself stood still. */
  readonly generatorStallMs: number;
  readonly serverCpuUs: number | null;
  readonly revokedMeanwhile: number;
  readonly rssStartMb: number | null;
  readonly rssEndMb: number | null;
  readonly rssGrowthMb: number | null;
  readonly sorts: Readonly<Record<string, Counts>>;
}

export function summarise({ tally, cpuUs, memory, revokedMeanwhile }: HammerResult): Summary {
  const { sent, unsent, counts, latency, seconds } = tally;
  const ms = (share: number): number => round(latency.quantile(share) / 1000);
  return {
    sent,
    right: total(tally, 'right'),
    wrong: total(tally, 'wrong'),
    shed: total(tally, 'shed'),
    broken: total(tally, 'broken'),
    faults: Object.fromEntries(tally.faults),
    unsent,
    perSecond: round(latency.count() / seconds),
    p50: ms(0.5),
    p99: ms(0.99),
    p999: ms(0.999),
    generatorStallMs: round(tally.stallMs),
    serverCpuUs: cpuUs === null ? null : round(cpuUs),
    revokedMeanwhile,
    rssStartMb: memory === null ? null : round(memory.startMb),
    rssEndMb: memory === null ? null : round(memory.endMb),
    rssGrowthMb: memory === null ? null : round(memory.growthMb),
    sorts: counts,
  };
}

function total({ counts }: Tally, what: Judgement | 'broken'): number {
  return Object.values(counts).reduce((sum, each) => sum + each[what], 0);
}

function round(value: number): number {
  return Number(value.toPrecision(4));
}

export function summaryLines(summary: Summary): readonly string[] {
  const { sent, right, wrong, shed, p50, p99, p999, serverCpuUs } = summary;
  const {
    broken,
    faults,
    unsent,
    generatorStallMs,
    perSecond,
    revokedMeanwhile,
    rssStartMb,
    rssEndMb,
    rssGrowthMb,
  } = summary;
  const why = Object.keys(faults).length === 0 ? '' : ` ${JSON.stringify(faults)}`;
  const cpu = serverCpuUs === null ? 'not measured' : `${serverCpuUs} us`;
  const memory =
    rssGrowthMb === null
      ? 'memory not measured'
      : `memory ${rssStartMb} MiB at the start, ${rssEndMb} at the end, ${rssGrowthMb} more in the last quarter than in the third`;
  return [
    `sent ${sent}, right ${right}, wrong ${wrong}, shed ${shed}, p50 ${p50} ms, p99 ${p99} ms, p99.9 ${p999} ms, server CPU ${cpu} a request`,
    `${perSecond} answers a second; ${broken} broken${why}, ${unsent} never sent; ${revokedMeanwhile} codes revoked meanwhile`,
    `the generator stood still for ${generatorStallMs} ms at the longest`,
    memory,
  ];
}

/** Why the run is a failure, in words; nothing when it is none. */
export function failures(summary: Summary, maxGrowthMb: number): readonly string[] {
  const { wrong, right, rssGrowthMb } = summary;
  return [
    ...(wrong === 0 ? [] : [`${wrong} answers were wrong`]),
    ...(right > 0 ? [] : ['nothing was answered right']),
    ...(rssGrowthMb === null || rssGrowthMb <= maxGrowthMb
      ? []
      : [`memory grew by ${rssGrowthMb} MiB in the second half, more than ${maxGrowthMb}`]),
  ];
}
