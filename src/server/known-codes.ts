// The codes that this process knows, and how often it does, in its metrics.

import { Counter, Gauge, type Registry } from 'prom-client';
import { sha256Text } from '../adapters/crypto-node.js';
import { createKnownCodes, type KnownCodes } from '../core/verify/known-codes.js';

/** A generation holds at least one. */
const FEWEST = 2;

/** @param maxEntries below 2: nothing is remembered, null */
export function createNodeKnownCodes(maxEntries: number, registry: Registry): KnownCodes | null {
  if (maxEntries < FEWEST) return null;
  const known = createKnownCodes({ sha256Text, maxEntries });
  new Gauge({
    name: 'yima_known_codes',
    help: 'Codes whose signature is remembered as sound',
    registers: [registry],
    collect() {
      this.set(known.figures().entries);
    },
  });
  new Counter({
    name: 'yima_known_codes_lookups_total',
    help: 'Codes looked up among them',
    labelNames: ['result'],
    registers: [registry],
    collect() {
      const { hits, misses } = known.figures();
      this.reset();
      this.inc({ result: 'hit' }, hits);
      this.inc({ result: 'miss' }, misses);
    },
  });
  return known;
}
