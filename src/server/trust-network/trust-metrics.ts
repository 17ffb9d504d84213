// The figures of the trust network. A rule comes from a table of this program; no authority is named, since there are thousands.

import { Counter, Gauge, type Registry } from 'prom-client';
import type { Clock } from '../../core/issue/ports.js';
import type { TrustFigures } from './readings.js';
import type { TrustService } from './trust-service.js';

export interface TrustMetricsDeps {
  /** null: this node is in no network. */
  readonly trustService: Pick<TrustService, 'figures' | 'refusals' | 'isShared'> | null;
  readonly clock: Clock;
}

const DAY_SECONDS = 86_400;

/** Registers nothing where there is no network. */
export function registerTrustMetrics(metrics: Registry, { trustService, clock }: TrustMetricsDeps): void {
  if (trustService === null) return;
  const gauge = (name: string, help: string, value: (figures: TrustFigures) => number): void => {
    new Gauge({
      name,
      help,
      registers: [metrics],
      collect() {
        this.set(value(trustService.figures()));
      },
    });
  };
  gauge(
    'yima_trust_root_version',
    'Version of the newest root; 0 before the first',
    ({ root }) => root?.version ?? 0,
  );
  gauge('yima_trust_lists', "Authorities' lists that are held", ({ lists }) => lists);
  gauge(
    'yima_trust_lists_waiting',
    'Authorities that are vouched for and whose list does not count',
    ({ waiting }) => waiting,
  );
  gauge('yima_trust_keys', 'Keys that the lists come to, revoked ones included', ({ keys }) => keys);
  gauge(
    'yima_trust_dropped_entries',
    'Entries and keys of lists that count for nothing',
    ({ dropped }) => dropped,
  );
  gauge(
    'yima_trust_expires_days',
    'Days until the first document on which keys rest expires',
    ({ expiresAt }) => (expiresAt === null ? Number.NaN : (expiresAt - clock()) / DAY_SECONDS),
  );
  gauge('yima_trust_age_seconds', 'Since the newest document was taken', ({ acceptedAt }) =>
    acceptedAt === null ? Number.NaN : Math.max(0, clock() - acceptedAt),
  );
  new Gauge({
    name: 'yima_trust_shared',
    help: 'Whether documents reach other nodes through Redis now: 1 or 0; NaN without Redis',
    registers: [metrics],
    collect() {
      const isShared = trustService.isShared();
      this.set(isShared === null ? Number.NaN : Number(isShared));
    },
  });
  new Counter({
    name: 'yima_trust_refused_total',
    help: 'Trust documents and bundles that were refused, by rule',
    labelNames: ['rule'],
    registers: [metrics],
    collect() {
      this.reset();
      for (const [rule, times] of trustService.refusals.byRule()) this.inc({ rule }, times);
    },
  });
}
