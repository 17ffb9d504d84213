// How far the present signing keys have come, for whoever has to see to their successors in time.

import { Gauge, type Registry } from 'prom-client';
import { CODE_USES } from '../core/issue/key-budget.js';
import type { Clock } from '../core/issue/ports.js';
import type { SigningKeys } from './signing-keys.js';

const DAY_SECONDS = 86_400;

export interface SigningKeyMetricsDeps {
  readonly signingKeys: Pick<SigningKeys, 'spent' | 'successors'>;
  readonly clock: Clock;
}

export function registerSigningKeyMetrics(
  metrics: Registry,
  { signingKeys, clock }: SigningKeyMetricsDeps,
): void {
  const gauge = (
    name: string,
    help: string,
    value: (use: (typeof CODE_USES)[number]) => number | undefined,
  ): void => {
    new Gauge({
      name,
      help,
      labelNames: ['use'],
      registers: [metrics],
      collect() {
        for (const use of CODE_USES) {
          const now = value(use);
          if (now !== undefined) this.set({ use }, now);
        }
      },
    });
  };
  gauge(
    'yima_signing_key_used_ratio',
    'Share of its limits that the present key has used; at 1 it signs no more',
    (use) => signingKeys.spent(use)?.share,
  );
  gauge('yima_signing_key_days_left', 'Days until the present key signs no more', (use) => {
    const spent = signingKeys.spent(use);
    return spent === undefined ? undefined : (spent.until - clock()) / DAY_SECONDS;
  });
  gauge('yima_signing_key_successors', 'Announced keys that may take over', signingKeys.successors);
}
