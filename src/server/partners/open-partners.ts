// Other authorities' lists as a node runs them: the network, the keys and the tables put together.

import { createNodeVerify, inflateZlib, randomBytes, sha256 } from '../../adapters/crypto-node.js';
import { createGuardedGet } from '../../adapters/peer/guarded-get.js';
import { createPublicResolve, resolveBySystem } from '../../adapters/peer/resolve.js';
import { openConnection } from '../../adapters/redis/connection.js';
import { createRedisPartnerStore } from '../../adapters/redis/partner-store.js';
import type { Config } from '../../config.js';
import { after } from '../after.js';
import type { Clocks } from '../clocks.js';
import type { Followers, Knowledge } from '../knowledge.js';
import { publishedArena } from '../published.js';
import { statusBaseOf } from '../status-base.js';
import { demoPartnerBases } from '../trust.js';
import { readPartnerKeys } from './keys-file.js';
import { createListKeeper } from './list-keeper.js';
import { LONE_STORE } from './lone-store.js';
import { createTally, type Tally } from './partner-tally.js';
import { type Partners, startPartners } from './partners.js';

export interface OpenPartners extends Partners {
  readonly tally: Tally;
  /** The file with our API keys is read again. @throws YimaError as `readPartnerKeys`; then the keys are as they were */
  readonly reload: () => void;
}

export interface OpenPartnersDeps extends Clocks {
  readonly knowledge: Pick<Knowledge, 'keys' | 'status'>;
  /** To whoever judges codes with this node's knowledge. */
  readonly publish: Followers['publish'];
  /** Whether the lists of this base come by a feed: then none is fetched, and none of a fetch under way is taken. */
  readonly hasFeed: (base: string) => boolean;
}

const REDIS_MS = 2_000;
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
  const { status } = deps.knowledge;
  const connection =
    config.redis === null
      ? null
      : openConnection(config.redis, 'partners', { connectMs: REDIS_MS, commandMs: REDIS_MS });
  const keeper = createListKeeper({
    ...deps,
    arena: publishedArena(status, deps.publish),
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
    store:
      connection === null ? LONE_STORE : createRedisPartnerStore(connection, { sha256, random: randomBytes }),
    get: createGuardedGet({ resolve, allowPrivate, deadlineMs: DEADLINE_MS, ending: ending.signal }),
    apiKeyOf: (issuer) => apiKeys.get(issuer) ?? null,
    missed: status.missed,
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
      connection?.close();
    },
  };
}
