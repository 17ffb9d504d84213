// A node may be stricter than the kinds about how old a status may be; never looser.

import type { KindTable } from './kind.js';
import { createKindTable } from './kind-table.js';

/** The same kinds, none of which accepts a status older than `maxAgeSeconds`. */
export function withStatusAgeLimit(kinds: KindTable, maxAgeSeconds: number): KindTable {
  if (kinds.all.every(({ status }) => status.maxAgeSeconds <= maxAgeSeconds)) return kinds;
  return createKindTable(
    kinds.all.map((kind) => ({
      ...kind,
      status: { ...kind.status, maxAgeSeconds: Math.min(kind.status.maxAgeSeconds, maxAgeSeconds) },
    })),
  );
}
