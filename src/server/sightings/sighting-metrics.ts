// How much is remembered of who saw which live code.

import { Counter, Gauge, type Registry } from 'prom-client';
import type { Sightings } from '../../core/verify/sightings.js';

export function registerSightingMetrics(registry: Registry, { figures }: Pick<Sightings, 'figures'>): void {
  new Gauge({
    name: 'yima_sightings',
    help: 'Live codes that are remembered as seen, in all processes of the node together',
    registers: [registry],
    collect() {
      this.set(figures().held);
    },
  });
  new Gauge({
    name: 'yima_sightings_bytes',
    help: 'Bytes that they take, at most 72 MiB a process',
    registers: [registry],
    collect() {
      this.set(figures().bytes);
    },
  });
  new Counter({
    name: 'yima_sightings_dropped_total',
    help: 'Sightings for which there was no room: the code is held, or known here alone',
    registers: [registry],
    collect() {
      this.reset();
      this.inc(figures().dropped);
    },
  });
}
