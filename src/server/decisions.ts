// What takes two people, put together: officers, the types of proposals, rules, and how often each way of changing a colour was
// taken.

import type { KindTable } from '../core/credential/kind.js';
import type { ApiKeys } from '../core/issue/api-keys.js';
import { type Appeals, createAppeals } from '../core/issue/appeals.js';
import type { StatePublisher } from '../core/issue/bulk-change.js';
import { createColourByHand } from '../core/issue/colour-by-hand.js';
import { createRuleProposals } from '../core/issue/colour-rules.js';
import { readRecord } from '../core/issue/credential-record.js';
import { createHeldSurplus } from '../core/issue/held-surplus.js';
import type { Ledger } from '../core/issue/ledger.js';
import { createOfficers } from '../core/issue/officers.js';
import type { Clock, Random } from '../core/issue/ports.js';
import { needsConfirmation } from '../core/issue/principal.js';
import { createProposals, type ProposalHandler } from '../core/issue/proposals.js';
import { createReversal } from '../core/issue/reversal.js';
import { createRuleInvocation } from '../core/issue/rule-invocation.js';
import type { Store } from '../core/issue/store.js';
import type { VerifySignature } from '../core/signature/ports.js';
import type { Sha256 } from '../core/signature/public-key.js';
import type { AppDeps, Decisions } from '../http/deps.js';

export interface DecisionsDeps extends StatePublisher {
  readonly store: Store;
  readonly ledger: Ledger;
  readonly kinds: KindTable;
  readonly clock: Clock;
  readonly random: Random;
  readonly sha256: Sha256;
  readonly verify: VerifySignature;
  readonly apiKeys: ApiKeys;
  /** Starts scoped revocations. */
  readonly revocation: ProposalHandler;
  /** Decides what waits for a second person. */
  readonly issue: ProposalHandler;
  /** Credentials that may be changed by hand in any 24 hours. */
  readonly manualChangesPerDay: number;
}

/** Since this process started. */
export interface DecisionFigures {
  /** Credentials whose colour two officers changed by hand. */
  readonly byHand: number;
  /** Credentials whose colour a rule changed, within its cap and, let through by an officer, above it. */
  readonly byRule: number;
  readonly byHeld: number;
  /** Credentials that were above a rule's cap. */
  readonly held: number;
  /** Credentials whose colour went back since an appeal was accepted. */
  readonly onAppeal: number;
}

export interface DecisionDesk extends Decisions {
  readonly appeals: Appeals;
  readonly record: AppDeps['record'];
  /** Appeals that wait for an answer. */
  readonly openAppeals: () => Promise<number>;
  readonly figures: () => DecisionFigures;
  /** Keys of officers and rule services that were ever made, from the store. */
  readonly officerKeys: () => Promise<number>;
}

export function createDecisions(deps: DecisionsDeps): DecisionDesk {
  const { store, apiKeys } = deps;
  const officers = createOfficers(apiKeys);
  let figures: DecisionFigures = { byHand: 0, byRule: 0, byHeld: 0, held: 0, onAppeal: 0 };
  const count = (more: Partial<DecisionFigures>): void => {
    const { byHand, byRule, byHeld, held, onAppeal } = figures;
    figures = {
      byHand: byHand + (more.byHand ?? 0),
      byRule: byRule + (more.byRule ?? 0),
      byHeld: byHeld + (more.byHeld ?? 0),
      held: held + (more.held ?? 0),
      onAppeal: onAppeal + (more.onAppeal ?? 0),
    };
  };
  const proposals = createProposals({
    ...deps,
    officers,
    handlers: {
      colour: createColourByHand({
        ...deps,
        perDay: deps.manualChangesPerDay,
        onChanged: (byHand) => count({ byHand }),
      }),
      rule: createRuleProposals(deps),
      held: createHeldSurplus({ ...deps, onChanged: (byHeld) => count({ byHeld }) }),
      reversal: createReversal(deps),
      revocation: deps.revocation,
      issue: deps.issue,
    },
  });
  const appeals = createAppeals({ ...deps, officers, onGivenBack: () => count({ onAppeal: 1 }) });
  return {
    ...proposals,
    rules: store.colourRules,
    invoke: createRuleInvocation({
      ...deps,
      officers,
      onChanged: (byRule, held) => count({ byRule, held }),
    }),
    appeals,
    record: (id) => readRecord(deps, id),
    openAppeals: store.countOpenAppeals,
    figures: () => figures,
    officerKeys: async () => (await apiKeys.list()).filter(({ scopes }) => needsConfirmation(scopes)).length,
  };
}
