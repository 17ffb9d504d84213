// The trust network of a node, put together: what the store holds is opened, what arrives is judged and taken up, and the key table, the
// workers and whoever waits hear of it.

import { createNodeVerify, sha256 } from '../../adapters/crypto-node.js';
import type { RedisPlace } from '../../adapters/redis/connection.js';
import { YimaError } from '../../core/errors/yima-error.js';
import type { Ledger } from '../../core/issue/ledger.js';
import type { Clock } from '../../core/issue/ports.js';
import type { Store } from '../../core/issue/store.js';
import { parseBundle } from '../../core/trust/bundle.js';
import { createAdmission } from '../../core/trust/documents/trusted-key.js';
import { createTrustNetwork, type TrustNetwork } from '../../core/trust/network/network.js';
import type { Logger } from '../../http/deps.js';
import type { TrustDesk, TrustMark, TrustSender } from '../../http/trust-desk.js';
import { after } from '../after.js';
import type { Followers } from '../knowledge.js';
import type { NetworkRecords, TrustTable } from '../trust-table.js';
import { type Acceptances, createAcceptances } from './acceptances.js';
import { createBundleFile } from './bundle-file.js';
import { drive } from './drive.js';
import { importDocuments } from './import-documents.js';
import type { TrustNewsBoard } from './news.js';
import { createWaitingLists, restoreNetwork, type WaitingLists } from './open-network.js';
import { openSharing } from './open-sharing.js';
import { createReadings, trustMarks } from './readings.js';
import { createRefusals, type Refusals } from './refusals.js';
import { placeOf } from './shared-places.js';

/** A network as it was restored, before anything hangs on it. */
export interface OpenedNetwork extends NetworkRecords {
  readonly network: TrustNetwork;
  readonly waiting: WaitingLists;
  /** When each document was taken, by hash. */
  readonly takenAt: Map<string, number>;
  readonly pin: string;
}

/** @throws YimaError `config_invalid` where the stored roots begin with another one than the pinned */
export async function openTrustNetwork(pin: string, store: Store): Promise<OpenedNetwork> {
  const network = createTrustNetwork({
    admit: createAdmission({ sha256 }),
    verify: createNodeVerify(),
    pin,
    tombstones: await store.trustTombstones(),
  });
  const waiting = createWaitingLists(network);
  const takenAt = new Map<string, number>();
  await restoreNetwork(network, waiting, store, sha256, (hash, at) => takenAt.set(hash, at));
  return {
    network,
    waiting,
    takenAt,
    pin,
    isRooted: () => network.root() !== null,
    records: network.records,
  };
}

export interface TrustServiceDeps {
  readonly opened: OpenedNetwork;
  readonly store: Store;
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly table: Pick<TrustTable, 'patch'>;
  readonly news: TrustNewsBoard;
  readonly publish: Followers['publish'];
  readonly issuer: { readonly name: string; readonly isListed: () => boolean };
  /** null: no other node hears of what is accepted here but by asking. */
  readonly redis: RedisPlace | null;
  readonly logger: Logger;
}

export interface TrustService {
  /** Without acknowledgement of the workers. */
  readonly desk: TrustDesk;
  readonly network: TrustNetwork;
  readonly refusals: Refusals;
  /** Whether other nodes hear of documents through Redis now; null: without Redis. */
  readonly isShared: () => boolean | null;
  /** Resolves when what was begun is done. */
  readonly idle: Acceptances['idle'];
  readonly close: () => Promise<void>;
}

export function createTrustService(deps: TrustServiceDeps): TrustService {
  const { opened, store, ledger, clock, table, news, publish, issuer, redis, logger } = deps;
  const { network, waiting, takenAt, pin } = opened;
  const refusals = createRefusals(clock);

  const tell = (marks: readonly TrustMark[]): void => {
    news.tell(marks);
    publish({ type: 'trust-news', marks });
  };
  tell(trustMarks(network));

  const acceptances = createAcceptances({
    network,
    store,
    ledger,
    sha256,
    clock,
    refusals,
    alsoWritten: () => ({}),
    takeUp: async (acceptance, { via }) => {
      const { authority, version, document } = acceptance;
      takenAt.set(document.hash, clock());
      waiting.drop(authority);
      for (const patch of [await drive(network.apply(acceptance)), ...(await waiting.standUp())])
        table.patch(patch);
      const mark = { authority, version, hash: document.hash };
      tell([mark]);
      bundle.forget();
      if (via !== 'redis') sharing?.offer(placeOf(authority, version));
    },
  });

  const bundle = createBundleFile(network, async () => null);
  const accept = (text: string, authority: string) =>
    acceptances.accept(text, { via: 'redis', name: 'redis' }, authority);
  const sharing = redis === null ? null : openSharing(redis, pin, { network, accept, after, logger });

  const acceptBundle = async (text: string, from: TrustSender) => {
    const { roots, lists } = await drive(parseBundle(text, sha256));
    return importDocuments(
      roots.map((each) => ({ authority: 'root', text: each.text })),
      lists.map((each) => ({ authority: String(each.payload['iss']), text: each.text })),
      (authority) => network.authorities().get(authority)?.grant.path.length,
      (document) => acceptances.accept(document.text, from, document.authority),
    );
  };

  /** Other nodes may hear of it before the caller does. */
  const shared =
    <Args extends readonly unknown[], T>(run: (...args: Args) => Promise<T>) =>
    async (...args: Args): Promise<T> => {
      const result = await run(...args);
      await sharing?.settled();
      return result;
    };

  const readings = createReadings({ network, pin, clock, takenAt: (hash) => takenAt.get(hash) ?? 0, issuer });
  return {
    network,
    refusals,
    isShared: () => sharing?.isUp() ?? null,
    idle: acceptances.idle,
    close: async () => {
      await sharing?.close();
      await acceptances.idle();
    },
    desk: {
      ...readings,
      accept: shared(acceptances.accept),
      acceptBundle: shared(acceptBundle),
      bundle: bundle.get,
      checkpoint: async () => undefined,
      proof: async () => {
        throw noLog();
      },
      addCheckpoint: async () => {
        throw noLog();
      },
    },
  };
}

function noLog(): YimaError {
  return new YimaError('not_found', 'This node keeps no log of the trust network.');
}
