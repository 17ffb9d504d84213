// What a worker knows, all of it told by the primary. It grows old by itself: only a heartbeat that says "certain" confirms it.

import { sha256, timingSafeEqual } from '../../adapters/crypto-node.js';
import { createPolicyTable } from '../../core/credential/policy-table.js';
import { createApiKeyTable } from '../../core/issue/api-key-table.js';
import type { Clock } from '../../core/issue/ports.js';
import { createStatusArena } from '../../core/status/arena.js';
import { createKeyTable, patchKeyTable } from '../../core/trust/key-table.js';
import type { Sightings } from '../../core/verify/sightings.js';
import type { After } from '../after.js';
import type { Knowledge, Pulse, Update } from '../knowledge.js';
import { createTrustNews } from '../trust-network/news.js';

export interface Mirror extends Knowledge {
  /** @throws YimaError when the update does not fit what is known: then nothing here is to be believed any more */
  readonly apply: (update: Update) => void;
  readonly hear: (pulse: Pulse) => void;
}

/** Knows nothing: no key, no policy, no caller, and status too old for any kind. */
export function createMirror(clock: Clock, after: After, sightings: Sightings): Mirror {
  const status = createStatusArena();
  const apiKeys = createApiKeyTable({ clock, sha256, equalSecrets: timingSafeEqual });
  const trustNews = createTrustNews(after, sha256);
  let keys = createKeyTable([], 0);
  let policies = createPolicyTable([], '');
  let floor = 0;
  const appliers: { readonly [K in Update['type']]: (update: Update & { type: K }) => void } = {
    list: ({ shape }) => status.addList(shape),
    packed: ({ shape, packed }) => void status.load(shape, packed),
    value: ({ base, number, index, value }) => void status.set(base, number, index, value),
    confirm: ({ base, number, asOf }) => status.confirm(base, asOf, number ?? undefined),
    keys: ({ records, asOf }) => {
      keys = createKeyTable(records, asOf);
    },
    'keys-patch': ({ remove, add, asOf }) => {
      keys = patchKeyTable(keys, { remove, add }, asOf);
    },
    policies: (update) => {
      policies = createPolicyTable(update.policies, update.region);
    },
    'trust-news': ({ marks }) => trustNews.tell(marks),
    'api-key': ({ key }) => apiKeys.hold(key),
    'api-keys': (update) => apiKeys.replace(update.keys),
    sightings: ({ packed }) => void sightings.learn(packed, clock()),
    'sightings-shared': ({ until }) => sightings.shareUntil(until),
  };
  return {
    keys: () => keys,
    status,
    policies: () => policies,
    apiKeys,
    trustNews,
    sightings,
    ledger: { confirm: () => undefined, floor: () => floor },
    apply: (update) => (appliers[update.type] as (update: Update) => void)(update),
    hear: (pulse) => {
      floor = pulse.floor;
      if (pulse.isCertain) status.confirm(pulse.base, pulse.asOf);
    },
  };
}
