// What a rule's cap held back: an officer lets it through, and then the rule is applied anew to whoever it still fits.

import type { JsonObject } from '../codec/json.js';
import { YimaError } from '../errors/yima-error.js';
import { readMembers } from './body-members.js';
import { type BulkChangeDeps, bulkChange } from './bulk-change.js';
import { findColoured } from './colour-credentials.js';
import type { ColourRuleRow } from './decision-rows.js';
import type { ProposalHandler } from './proposals.js';
import { fit } from './rule-fit.js';
import type { Store } from './store.js';

export const HELD = 'held';
const MOST_CREDENTIALS = 1_000;
const MEMBERS = ['rule', 'version', 'to', 'credentials', 'purpose', 'evidence', 'invocation'];

export interface HeldSurplusDeps extends BulkChangeDeps {
  /** Hears how many were changed. */
  readonly onChanged: (credentials: number) => void;
}

function readBody(body: JsonObject) {
  const read = readMembers(body, MEMBERS);
  return {
    rule: read.text('rule', 32),
    version: read.wholeNumber('version', 1, Number.MAX_SAFE_INTEGER),
    credentials: read.texts('credentials', MOST_CREDENTIALS, 26),
    purpose: read.text('purpose', 64),
    evidence: read.text('evidence', 128),
  };
}

export function createHeldSurplus(deps: HeldSurplusDeps): ProposalHandler {
  return {
    isProposedByOfficers: false,
    subjects: async (body) => {
      const { rule, credentials } = readBody(body);
      return [`rule:${rule}`, ...credentials.map((id) => `credential:${id}`)];
    },
    check: async (body) => {
      const held = readBody(body);
      await getUnretired(deps.store, held);
      return { size: held.credentials.length, seen: '' };
    },
    effect: async (row, body) => {
      const held = readBody(body);
      const rule = await getUnretired(deps.store, held);
      const stored = await findColoured(held.credentials, deps, 'body.credentials');
      const { level, fitting } = fit(stored, rule, deps.kinds);
      const effect = bulkChange(
        fitting.map((each) => ({ stored: each, delta: { level } })),
        {
          changeId: row.id,
          by: 'held',
          actor: row.decidedBy ?? '',
          at: row.decidedAt ?? 0,
          rule: { id: rule.id, version: rule.version },
          purpose: held.purpose,
          evidence: held.evidence,
        },
        deps,
      );
      return {
        ...effect,
        done: () => {
          effect.done?.();
          deps.onChanged(fitting.length);
        },
      };
    },
  };
}

async function getUnretired(store: Store, held: { rule: string; version: number }): Promise<ColourRuleRow> {
  const rules = await store.colourRules();
  const rule = rules.find(({ id, version }) => id === held.rule && version === held.version);
  if (rule?.retiredAt === null) return rule;
  throw new YimaError('conflict', 'The rule was retired meanwhile; reject what it held.', {
    rule: 'not_in_force',
  });
}
