// One run of mixed load against a node: every answer is checked, codes are revoked meanwhile, processor time and memory are read.

import { createProcessUsage, type ProcessUsage } from '../support/process-usage.js';
import { loadAmmunition } from './ammunition.js';
import { type MemoryFigures, memoryFigures } from './memory.js';
import { drawSort, type Mix } from './mix.js';
import { issueCodes, revokeDuring } from './office.js';
import { runOpenLoop, type Tally } from './open-loop.js';
import { type CodeSource, issuedSource, signedSource } from './source.js';
import type { Target } from './target.js';

export interface HammerOptions {
  /** Requests a second. */
  readonly rate: number;
  readonly seconds: number;
  readonly connections: number;
  readonly mix: Mix;
}

export interface HammerResult {
  readonly tally: Tally;
  readonly revokedMeanwhile: number;
  /** Server CPU microseconds a request; null where nothing tells. */
  readonly cpuUs: number | null;
  readonly memory: MemoryFigures | null;
}

/** Signed beforehand; a longer run signs on while it goes. */
const MAX_RESERVE = 50_000;
/** Issued beforehand by a node that does not trust the hammer. */
const MAX_ISSUED = 2_000;
const REVOCATIONS_A_SECOND = 4;
const MAX_REVOCATIONS = 400;
const READ_EVERY_MS = 250;

export async function hammer(target: Target, options: HammerOptions): Promise<HammerResult> {
  const { rate, seconds, connections, mix } = options;
  const source = await openSource(target, options);
  const live = mix.repeated > 0 ? Math.min(MAX_REVOCATIONS, Math.ceil(seconds * REVOCATIONS_A_SECOND)) : 0;
  const ammunition = await loadAmmunition({ ...target, source, mix, live });
  const usage = target.pid === null ? null : createProcessUsage(target.pid);
  const cpuBefore = usage?.cpuUs() ?? null;
  const memory = watchMemory(usage);
  const over = new AbortController();
  const revoking = revokeDuring(target.client, ammunition.live, seconds, over.signal);
  const tally = await runOpenLoop({
    host: target.url.hostname,
    port: Number(target.url.port),
    connections,
    rate,
    seconds,
    next: () => ammunition.next[drawSort(mix, Math.random())](),
    idle: source.refill,
  });
  over.abort();
  const cpuAfter = usage?.cpuUs() ?? null;
  return {
    tally,
    revokedMeanwhile: await revoking,
    cpuUs: cpuBefore === null || cpuAfter === null ? null : (cpuAfter - cpuBefore) / tally.sent,
    memory: memory.stop(),
  };
}

async function openSource(target: Target, { rate, seconds, mix }: HammerOptions): Promise<CodeSource> {
  const all = Object.values(mix).reduce((sum, share) => sum + share, 0);
  const cold = Math.ceil((rate * seconds * mix.cold) / all);
  if (target.sign !== null) return signedSource(target.sign, Math.min(cold, MAX_RESERVE));
  return issuedSource(await issueCodes(target.client, Math.min(cold + 1, MAX_ISSUED)));
}

function watchMemory(usage: ProcessUsage | null): { readonly stop: () => MemoryFigures | null } {
  const readings: number[] = [];
  const timer = setInterval(() => {
    const mb = usage?.rssMb() ?? null;
    if (mb !== null) readings.push(mb);
  }, READ_EVERY_MS);
  return {
    stop: () => {
      clearInterval(timer);
      return memoryFigures(readings);
    },
  };
}
