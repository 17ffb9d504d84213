// Scoped revocations as people ask for them: counted first, proposed with what was counted, and followed to their end.

import type { JsonObject } from '../codec/json.js';
import type { KindTable } from '../credential/kind.js';
import { YimaError } from '../errors/yima-error.js';
import type { ProposalRow, RevocationJobRow } from './decision-rows.js';
import type { Proposals } from './proposals.js';
import { isMoreThanSeen, REVOCATION, readRevocation } from './revocation-proposal.js';
import { parseScope } from './revocation-scope.js';
import type { RevocationScope } from './scope.js';
import { countScope, type ScopeTotal } from './scope-count.js';
import type { Store } from './store.js';

/** More would only be slower, all of them. */
const MOST_COUNTS = 2;

export interface Revocations {
  /** The dry run. @throws YimaError `invalid_request` with the field, `overloaded` while two others are under way */
  readonly count: (scope: JsonObject) => Promise<ScopeTotal>;
  /**
   * @param body as `readRevocation` reads it, with a `nonce` and the officer's signature
   * @throws YimaError as `count` and `Proposals.propose`; `conflict` when the scope covers much more or less than the body says
   */
  readonly propose: (actor: string, body: JsonObject, jws: string) => Promise<ProposalRow>;
  readonly find: (id: string) => Promise<Revocation | undefined>;
}

export interface Revocation {
  readonly proposal: ProposalRow;
  /** null before it was approved. */
  readonly job: RevocationJobRow | null;
}

export interface RevocationsDeps {
  readonly store: Pick<Store, 'countScope' | 'findProposal' | 'findRevocationJob'>;
  readonly kinds: KindTable;
  readonly nextTurn: () => Promise<void>;
  readonly proposals: Pick<Proposals, 'propose'>;
}

export function createRevocations(deps: RevocationsDeps): Revocations {
  const { store, kinds } = deps;
  let counting = 0;
  const count = async (scope: RevocationScope): Promise<ScopeTotal> => {
    if (counting >= MOST_COUNTS) {
      throw new YimaError('overloaded', 'Others are counting. Ask again soon.', { retryAfterSeconds: 5 });
    }
    counting += 1;
    try {
      return await countScope(deps, scope);
    } finally {
      counting -= 1;
    }
  };
  return {
    count: async (scope) => count(parseScope(scope, kinds)),
    propose: async (actor, body, jws) => {
      const asked = readRevocation(body, kinds);
      const { count: found } = await count(asked.scope);
      if (isMoreThanSeen(found, asked.count) || isMoreThanSeen(asked.count, found)) {
        throw new YimaError('conflict', `It covers ${found} now. Look again, and sign what you find.`, {
          field: 'count',
          rule: 'scope_changed',
        });
      }
      return deps.proposals.propose(actor, { type: REVOCATION, body, jws });
    },
    find: async (id) => {
      const proposal = await store.findProposal(id);
      if (proposal?.type !== REVOCATION) return undefined;
      return { proposal, job: (await store.findRevocationJob(id)) ?? null };
    },
  };
}
