// The workers of a node: started together, each replaced when it dies, hangs or does not come up, and ended together.

import { YimaError } from '../../core/errors/yima-error.js';
import type { Logger } from '../../http/deps.js';
import type { After } from '../after.js';
import type { NodeCore } from '../core.js';
import type { WorkerSettings } from '../messages.js';
import type { TlsPair } from '../tls/tls-pair.js';
import { pauseMs } from './backoff.js';
import type { CrewMetrics } from './crew-metrics.js';
import type { FanOut } from './fan-out.js';
import { type Ending, type Fork, type Member, startMember } from './member.js';

export interface CrewDeps {
  readonly size: number;
  readonly core: NodeCore;
  readonly fanOut: FanOut;
  readonly fork: Fork;
  readonly settings: () => WorkerSettings;
  readonly metrics: CrewMetrics;
  readonly logger: Logger;
  readonly after: After;
}

export interface Crew {
  /**
   * Resolves with the public address once every worker serves.
   * @throws YimaError `unavailable` when one of them cannot listen, or ends before
   */
  readonly start: () => Promise<string>;
  /** To be called ten times a second. */
  readonly tick: () => void;
  readonly live: () => readonly Member[];
  /** To every worker, those that come up included. */
  readonly showCertificate: (pair: TlsPair) => void;
  /** No worker is replaced any more; resolves when the last one has ended. What lasts longer is killed. */
  readonly drain: (drainMs: number) => Promise<void>;
}

/** So many ticks between two heartbeats: 0.4 s. */
const BEAT_TICKS = 4;
/** Who lived this long did not die at once: 10 s. */
const SETTLED_TICKS = 100;
/** What a worker may take beyond its drain time. */
const END_MS = 2_000;

export function createCrew(deps: CrewDeps): Crew {
  const { core, fanOut, metrics, logger } = deps;
  const members = new Set<Member>();
  let isLeaving = false;
  let ticks = 0;
  let opened: ((url: string) => void) | null = null;
  let failed: ((error: YimaError) => void) | null = null;
  let onLast: () => void = () => undefined;

  const live = (): readonly Member[] => [...members].filter((member) => member.isLive());

  const hire = (earlyDeaths: number): void => {
    if (isLeaving) return;
    const member = startMember({
      ...deps,
      settings: deps.settings(),
      onListening: (url) => {
        logger.info({ pid: member.pid }, 'worker serves');
        if (live().length === deps.size) opened?.(url);
      },
      onRefused: (message) => failed?.(new YimaError('unavailable', message)),
      onMetrics: (figures) => metrics.hear(member, figures),
      onExit: (ending, lived) => {
        members.delete(member);
        metrics.retire(member);
        if (isLeaving) return members.size === 0 ? onLast() : undefined;
        failed?.(
          new YimaError('unavailable', 'A worker ended before the node served. Its reason stands above.'),
        );
        replace(member, ending, lived < SETTLED_TICKS ? earlyDeaths + 1 : 0);
      },
    });
    members.add(member);
  };

  const replace = ({ pid }: Member, reason: Ending, earlyDeaths: number): void => {
    metrics.replaced(reason);
    logger.warn({ pid, reason }, 'worker is replaced');
    deps.after(() => hire(earlyDeaths), pauseMs(earlyDeaths));
  };

  return {
    start: () =>
      new Promise<string>((resolve, reject) => {
        opened = resolve;
        failed = reject;
        for (let n = 0; n < deps.size; n++) hire(0);
      }).finally(() => {
        opened = null;
        failed = null;
      }),
    tick: () => {
      ticks += 1;
      for (const member of members) member.tick();
      if (ticks % BEAT_TICKS === 0) fanOut.beat(core.pulse());
    },
    live,
    showCertificate: (pair) => {
      for (const member of members) member.showCertificate(pair);
    },
    drain: async (drainMs) => {
      isLeaving = true;
      if (members.size === 0) return;
      const ended = new Promise<void>((resolve) => {
        onLast = resolve;
      });
      for (const member of members) member.drain(drainMs);
      const cancel = deps.after(() => {
        for (const member of members) member.kill();
      }, drainMs + END_MS);
      await ended;
      cancel();
    },
  };
}
