// How the queue of verifications does, for whoever runs the node.

import { Counter, Gauge, type Registry } from 'prom-client';
import type { SocketGate } from '../reading-gate.js';
import type { VerifyLane } from '../verify-lane.js';

export function exportLane(registry: Registry, lane: VerifyLane, gate: SocketGate): void {
  const registers = [registry];
  new Gauge({
    name: 'yima_verify_waiting',
    help: 'Verifications that wait for their turn',
    registers,
    collect() {
      this.set(lane.figures().waiting);
    },
  });
  new Gauge({
    name: 'yima_verify_held_connections',
    help: 'Connections that are not read until the queue is shorter',
    registers,
    collect() {
      this.set(gate.held());
    },
  });
  new Counter({
    name: 'yima_verify_shed_total',
    help: 'Verifications given up: waited too long, or found the queue full',
    labelNames: ['reason'],
    registers,
    collect() {
      const { shed } = lane.figures();
      this.reset();
      this.inc({ reason: 'waited' }, shed.waited);
      this.inc({ reason: 'full' }, shed.full);
    },
  });
  exportSum(registers, 'yima_verify_wait_seconds_sum', () => lane.figures().waits.sumMs / 1000);
  exportSum(registers, 'yima_verify_wait_seconds_count', () => lane.figures().waits.count);
}

function exportSum(registers: Registry[], name: string, read: () => number): void {
  new Counter({
    name,
    help: 'Waiting of those verifications that could not be made at once',
    registers,
    collect() {
      this.reset();
      this.inc(read());
    },
  });
}
