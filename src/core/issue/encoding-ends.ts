// Codes whose place a fresh one took end when their overlap is over. When stands in their rows, so that a node which was down at the time
// catches up when it starts.

import type { StatePublisher } from './bulk-change.js';
import { type Ledger, nothingToWrite, type Plan } from './ledger.js';
import type { LogEntry } from './log.js';
import type { Clock } from './ports.js';
import { LOCAL } from './principal.js';
import { revokedAlone, stateOf } from './state-change.js';
import type { Store } from './store.js';

export interface EncodingEndsDeps extends StatePublisher {
  readonly store: Pick<Store, 'findCredential' | 'overdue'>;
  readonly ledger: Pick<Ledger, 'submit'>;
  readonly clock: Clock;
}

/** Credentials of one step. */
const BATCH = 100;

/** Ends what is overdue, of at most 100 credentials. @returns whether there may be more */
export async function endOverdue(deps: EncodingEndsDeps): Promise<boolean> {
  const ids = await deps.store.overdue(deps.clock(), BATCH);
  await Promise.all(ids.map((id) => deps.ledger.submit([`credential:${id}`], () => planEnd(deps, id))));
  return ids.length === BATCH;
}

async function planEnd({ store, clock, publish }: EncodingEndsDeps, id: string): Promise<Plan<void>> {
  const at = clock();
  const stored = await store.findCredential(id);
  if (stored === undefined) return nothingToWrite(undefined);
  const { credential } = stored;
  const due = stored.encodings.filter(({ endsAt, revoked }) => endsAt !== null && endsAt <= at && !revoked);
  if (due.length === 0) return nothingToWrite(undefined);
  const encodings = stored.encodings.map((encoding) =>
    due.includes(encoding) ? revokedAlone(credential, encoding) : encoding,
  );
  return {
    entries: due.map(
      ({ form, list, index }): LogEntry => ({
        at,
        actor: LOCAL,
        type: 'encoding_ended',
        body: { credential: id, form, list, index },
      }),
    ),
    change: {
      states: [
        stateOf(
          credential,
          encodings.filter((each) => !stored.encodings.includes(each)),
        ),
      ],
    },
    unsure: async () => {
      const settled = await store.findCredential(id);
      if (settled !== undefined) publish(settled);
    },
    done: () => publish({ credential, encodings }),
  };
}
