// The figures of one process, before the surfaces add theirs.

import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { StatusArena } from '../core/status/arena.js';
import { type Judging, registerJudgingMetrics } from './judging.js';

/** Summed over a node's processes, the gauge says what the status lists cost it: processes x arena. */
export function createProcessMetrics(status: Pick<StatusArena, 'heldBytes'>, judging: Judging): Registry {
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
  return metrics;
}
