// Which signature backend judges, and what its tables take.

import { Gauge, type Registry } from 'prom-client';
import type { Signatures } from './signatures.js';

export function registerSignatureMetrics(registry: Registry, { figures }: Signatures): void {
  const gauge = (name: string, help: string, labelNames: string[], read: (gauge: Gauge) => void): void => {
    new Gauge({
      name,
      help,
      labelNames,
      registers: [registry],
      collect() {
        this.reset();
        read(this);
      },
    });
  };
  gauge('yima_verifier_info', 'Signature backend in use', ['backend'], (info) => {
    info.set({ backend: figures().backend }, 1);
  });
  gauge('yima_verifier_fallback', 'Why tables are not used', ['reason'], (reasons) => {
    const { fallback } = figures();
    if (fallback !== null) reasons.set({ reason: fallback }, 1);
  });
  gauge('yima_verifier_tables', 'Keys with a table', [], (tables) => tables.set(figures().tables));
  gauge('yima_verifier_table_bytes', 'Bytes of tables', [], (bytes) => bytes.set(figures().tableBytes));
}
