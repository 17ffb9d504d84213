// Figures of the desk where two people decide: what somebody should be woken for, and what a quiet day looks like.

import { Counter, Gauge, type Registry } from 'prom-client';
import type { RevocationJobs } from '../core/issue/revocation-jobs.js';
import type { DecisionDesk } from './decisions.js';

export function registerDecisionMetrics(
  registry: Registry,
  desk: Pick<DecisionDesk, 'figures' | 'officerKeys' | 'openAppeals'>,
  revocations: RevocationJobs['figures'],
): void {
  const counter = (name: string, help: string, read: () => number | Promise<number>): void => {
    new Counter({
      name,
      help,
      registers: [registry],
      async collect() {
        const value = await read();
        this.reset();
        this.inc(value);
      },
    });
  };
  counter(
    'yima_manual_colour_changes_total',
    'Credentials whose colour two officers changed by hand',
    () => desk.figures().byHand,
  );
  counter(
    'yima_rule_colour_changes_total',
    'Credentials whose colour a rule changed within its cap',
    () => desk.figures().byRule,
  );
  counter(
    'yima_held_colour_changes_total',
    'Credentials above the cap of a rule that an officer let through',
    () => desk.figures().byHeld,
  );
  counter(
    'yima_rule_surplus_total',
    'Credentials that were above the cap of a rule',
    () => desk.figures().held,
  );
  counter(
    'yima_scoped_revocations_total',
    'Credentials that were revoked by scope',
    () => revocations().revoked,
  );
  counter(
    'yima_scoped_revocations_stopped_total',
    'Scoped revocations that stopped before their end',
    () => revocations().stopped,
  );
  counter(
    'yima_officer_keys_made_total',
    'API keys of officers and rule services ever made',
    desk.officerKeys,
  );
  counter(
    'yima_appeal_colour_changes_total',
    'Credentials whose colour went back since an appeal was accepted',
    () => desk.figures().onAppeal,
  );
  new Gauge({
    name: 'yima_appeals_open',
    help: 'Appeals against changes of colours that wait for an answer',
    registers: [registry],
    async collect() {
      this.set(await desk.openAppeals());
    },
  });
}
