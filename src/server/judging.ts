// What a process judges with besides its knowledge: the signature backend, the kinds, and the codes it has verified before.

import { Counter, Gauge, type Registry } from 'prom-client';
import { sha256Text } from '../adapters/crypto-node.js';
import type { Config } from '../config.js';
import type { KindTable } from '../core/credential/kind.js';
import { KINDS } from '../core/credential/kind-table.js';
import { withStatusAgeLimit } from '../core/credential/status-age-limit.js';
import { createKnownCodes, type KnownCodes } from '../core/verify/known-codes.js';
import { registerSignatureMetrics } from './signature-metrics.js';
import { openSignatures, type SignatureConfig, type Signatures } from './signatures.js';

export interface Judging {
  readonly signatures: Signatures;
  /** As strict about the age of a status as this node is. */
  readonly kinds: KindTable;
  /** null: every signature is checked. */
  readonly known: KnownCodes | null;
}

export type JudgingConfig = SignatureConfig & Pick<Config, 'knownCodes' | 'statusMaxAgeSeconds'>;

/** A generation of known codes holds at least one. */
const FEWEST = 2;

export function openJudging(config: JudgingConfig): Judging {
  const { knownCodes } = config;
  const known = knownCodes < FEWEST ? null : createKnownCodes({ sha256Text, maxEntries: knownCodes });
  const kinds = withStatusAgeLimit(KINDS, config.statusMaxAgeSeconds);
  return { signatures: openSignatures(config), kinds, known };
}

export function registerJudgingMetrics(registry: Registry, { signatures, known }: Judging): void {
  registerSignatureMetrics(registry, signatures);
  if (known !== null) registerKnownCodes(registry, known);
}

function registerKnownCodes(registry: Registry, known: KnownCodes): void {
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
}
