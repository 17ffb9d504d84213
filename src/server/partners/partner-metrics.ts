// The figures of other authorities' lists. An issuer's name comes from the trust folder, a result from a table of this program.

import { Counter, Gauge, type Registry } from 'prom-client';
import type { Clock } from '../../core/issue/ports.js';
import type { OpenPartners } from './open-partners.js';

export interface PartnerMetricsDeps {
  readonly partners: OpenPartners | null;
  readonly clock: Clock;
}

/** Registers nothing where partners' lists are off. */
export function registerPartnerMetrics(metrics: Registry, { partners, clock }: PartnerMetricsDeps): void {
  if (partners === null) return;
  const labelNames = ['issuer'] as const;
  const registers = [metrics];
  new Gauge({
    name: 'yima_partner_lists',
    help: 'Lists of other authorities that are held and may be used',
    labelNames,
    registers,
    collect() {
      this.reset();
      for (const { issuer, base } of partners.all()) {
        const usable = partners.listsOf(base).filter(({ isOver }) => !isOver);
        this.inc({ issuer }, usable.length);
      }
    },
  });
  new Gauge({
    name: 'yima_partner_list_age_seconds',
    help: 'Age of the oldest list that is held of another authority, since its issue',
    labelNames,
    registers,
    collect() {
      this.reset();
      for (const [issuer, seconds] of oldest(partners, clock())) this.set({ issuer }, seconds);
    },
  });
  new Counter({
    name: 'yima_partner_fetch_total',
    help: 'What came of asking other authorities for their lists; list_rewritten and list_older are reasons for an alarm',
    labelNames: ['issuer', 'result'],
    registers,
    collect() {
      this.reset();
      for (const [issuer, result, times] of partners.tally.fetches()) this.inc({ issuer, result }, times);
    },
  });
  new Counter({
    name: 'yima_partner_kept_revoked_total',
    help: 'Entries that stay revoked although a newer list of their issuer says otherwise',
    labelNames,
    registers,
    collect() {
      this.reset();
      for (const [issuer, values] of partners.tally.kept()) this.inc({ issuer }, values);
    },
  });
}

function oldest(partners: OpenPartners, now: number): ReadonlyMap<string, number> {
  const ages = new Map<string, number>();
  for (const { issuer, base } of partners.all()) {
    for (const { version } of partners.listsOf(base)) {
      const age = Math.max(0, now - version.issuedAt);
      ages.set(issuer, Math.max(age, ages.get(issuer) ?? 0));
    }
  }
  return ages;
}
