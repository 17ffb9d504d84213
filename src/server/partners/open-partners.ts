// Other authorities' lists as a node runs them: the network, the keys and the tables put together.

import { createNodeVerify, inflateZlib, sha256 } from '../../adapters/crypto-node.js';
import { createGuardedGet } from '../../adapters/peer/guarded-get.js';
import { createPublicResolve, resolveBySystem } from '../../adapters/peer/resolve.js';
import type { Config } from '../../config.js';
import type { PartnerStore } from '../../core/status/partner-store.js';
import { after } from '../after.js';
import type { Clocks } from '../clocks.js';
import type { Knowledge } from '../knowledge.js';
import type { PublishedArena } from '../published.js';
import { statusBaseOf } from '../status-base.js';
import { demoPartnerBases } from '../trust.js';
import { readPartnerKeys } from './keys-file.js';
import { createListKeeper } from './list-keeper.js';
import { createTally, type Tally } from './partner-tally.js';
import { type Partners, startPartners } from './partners.js';

export interface OpenPartners extends Partners {
  readonly tally: Tally;
  /** The file with our API keys is read again. @throws YimaError as `readPartnerKeys`; then the keys are as they were */
  readonly reload: () => void;
}

export interface OpenPartnersDeps extends Clocks {
  readonly knowledge: Pick<Knowledge, 'keys' | 'status'>;
  readonly arena: Pick<PublishedArena, 'load' | 'confirm'>;
  readonly store: PartnerStore;
  readonly hasFeed: (base: string) => boolean;
}

/** From the question for the name to the last byte of 2 MiB. */
const DEADLINE_MS = 15_000;

/**
 * @returns null where they are off
 * @throws YimaError as `readPartnerKeys`
 */
export function openPartners(config: Config, deps: OpenPartnersDeps): OpenPartners | null {
  if (config.partnerLists === 'off') return null;
  const tally = createTally();
  let apiKeys = readPartnerKeys(config.partnerKeysFile);
  const ending = new AbortController();
  const allowPrivate = config.partnerPrivate === 'on';
  const resolve = allowPrivate ? resolveBySystem : createPublicResolve();
  const keeper = createListKeeper({
    ...deps,
    keys: deps.knowledge.keys,
    verify: createNodeVerify(),
    inflate: inflateZlib,
    sha256,
    onKeptRevoked: tally.keptRevoked,
  });
  const partners = startPartners({
    ...deps,
    after,
    keys: deps.knowledge.keys,
    others: new Set([statusBaseOf(config), ...(config.demo ? demoPartnerBases() : [])]),
    keeper,
    get: createGuardedGet({ resolve, allowPrivate, deadlineMs: DEADLINE_MS, ending: ending.signal }),
    apiKeyOf: (issuer) => apiKeys.get(issuer) ?? null,
    missed: deps.knowledge.status.missed,
    chance: Math.random,
    count: tally.count,
  });
  return {
    ...partners,
    tally,
    reload: () => {
      apiKeys = readPartnerKeys(config.partnerKeysFile);
    },
    stop: async () => {
      ending.abort();
      await partners.stop();
    },
  };
}
