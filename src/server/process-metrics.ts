// The figures of one process, before the surfaces add theirs.

import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { StatusArena } from '../core/status/arena.js';
import type { Sightings } from '../core/verify/sightings.js';
import { type Judging, registerJudgingMetrics } from './judging.js';
import { registerSightingMetrics } from './sightings/sighting-metrics.js';

export interface ProcessKnowledge {
  readonly status: Pick<StatusArena, 'heldBytes'>;
  readonly sightings: Pick<Sightings, 'figures'>;
}

/** Summed over a node's processes, the gauge says what the status lists cost it: processes x arena. */
export function createProcessMetrics({ status, sightings }: ProcessKnowledge, judging: Judging): Registry {
  const metrics = new Registry();
  collectDefaultMetrics({ register: metrics });
  new Gauge({
    name: 'yima_status_arena_bytes',
    help: 'Bytes that status values take, in all processes of the node together',
    registers: [metrics],
    collect() {
      this.set(status.heldBytes());
    },
  });
  registerJudgingMetrics(metrics, judging);
  registerSightingMetrics(metrics, sightings);
  return metrics;
}
