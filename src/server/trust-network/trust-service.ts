// The trust network of a node, put together: what arrives is judged and taken up, and the key table, the workers, the log and whoever
// waits hear of it.

import { sha256 } from '../../adapters/crypto-node.js';
import type { RotatingKeyRing } from '../../adapters/keyfile/key-ring.js';
import type { RedisPlace } from '../../adapters/redis/connection.js';
import type { Ledger } from '../../core/issue/ledger.js';
import type { Clock } from '../../core/issue/ports.js';
import type { Store } from '../../core/issue/store.js';
import { type Bundle, parseBundle } from '../../core/trust/bundle.js';
import type { LoggedHead } from '../../core/trust/log/leaves.js';
import type { Logger } from '../../http/deps.js';
import type { TrustBundleAccepted, TrustDesk, TrustMark, TrustSender } from '../../http/trust-desk.js';
import { after } from '../after.js';
import type { Followers } from '../knowledge.js';
import type { TrustTable } from '../trust-table.js';
import { type Acceptances, createAcceptances } from './acceptances.js';
import { drive } from './drive.js';
import { importDocuments } from './import-documents.js';
import type { TrustNewsBoard } from './news.js';
import type { OpenedNetwork } from './open-network.js';
import { openSharing } from './open-sharing.js';
import { createReadings, type TrustFigures, trustFigures, trustMarks } from './readings.js';
import { createRefusals, type Refusals } from './refusals.js';
import { placeOf } from './shared-places.js';
import { openTrustLogs } from './trust-logs.js';
import type { Witness } from './witness-port.js';

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
  /** Of a hub: the ring with its log's key, and who cosigns. */
  readonly hub: { readonly ring: RotatingKeyRing; readonly witnesses: readonly Witness[] } | null;
  readonly witnessRing: RotatingKeyRing | null;
  /** Heads of this node's own logs as they are now. */
  readonly ownHeads: () => readonly LoggedHead[];
  readonly logger: Logger;
}

export interface TrustService {
  /** Without acknowledgement of the workers. */
  readonly desk: TrustDesk;
  readonly network: OpenedNetwork['network'];
  readonly refusals: Refusals;
  readonly figures: () => TrustFigures;
  /** Whether other nodes hear of documents through Redis now; null: without Redis. */
  readonly isShared: () => boolean | null;
  /** Resolves when what was begun is done. */
  readonly idle: Acceptances['idle'];
  readonly close: () => Promise<void>;
}

export async function createTrustService(deps: TrustServiceDeps): Promise<TrustService> {
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
    alsoWritten: ({ authority, version, document }) =>
      logs.leavesFor({ authority, version, hash: document.hash }),
    takeUp: async (acceptance, { via }, written) => {
      const { authority, version, document } = acceptance;
      if (authority !== 'root') takenAt.delete(network.list(authority)?.document.hash ?? '');
      takenAt.set(document.hash, clock());
      waiting.drop(authority);
      for (const patch of [await drive(network.apply(acceptance)), ...(await waiting.standUp())])
        table.patch(patch);
      tell([{ authority, version, hash: document.hash }]);
      logs.taken(written);
      if (via !== 'redis') sharing?.offer(placeOf(authority, version));
    },
  });
  const stopTelling = everyHour(() => acceptances.tellCounted(false));
  const logs = await openTrustLogs({ ...deps, network, issuer: issuer.name, between: acceptances.between });
  const accept = (text: string, authority: string) =>
    acceptances.accept(text, { via: 'redis', name: 'redis' }, authority);
  const sharing = redis === null ? null : openSharing(redis, pin, { network, accept, after, logger });

  const acceptBundle = async (
    text: string,
    from: TrustSender,
    continues: readonly string[] | null = null,
  ): Promise<TrustBundleAccepted> => {
    const bundle = await acceptances.tellRefused(from, () => drive(parseBundle(text, sha256)));
    const take = (documents: Bundle['lists']) =>
      importDocuments(
        documents.map((each) => ({ authority: String(each.payload['iss'] ?? 'root'), text: each.text })),
        (authority) => network.authorities().get(authority)?.grant.path.length,
        (document) => acceptances.accept(document.text, from, document.authority),
      );
    // Roots speak for themselves, and the newest one says which log the rest has to stand in.
    const roots = await take(bundle.roots);
    const head = await acceptances.tellRefused(from, () => logs.check(bundle, from, continues));
    const lists = await take(bundle.lists);
    if (head !== null) await logs.remember(head);
    logs.mirror(bundle);
    return {
      accepted: [...roots.accepted, ...lists.accepted],
      refused: [...roots.refused, ...lists.refused],
      unchanged: roots.unchanged + lists.unchanged,
    };
  };

  /** Other nodes may hear of it before the caller does. */
  const shared =
    <Args extends readonly unknown[], T>(run: (...args: Args) => Promise<T>) =>
    async (...args: Args): Promise<T> => {
      const result = await run(...args);
      await sharing?.settled();
      return result;
    };

  const takenAtOf = (hash: string): number => takenAt.get(hash) ?? 0;
  const readings = createReadings({
    network,
    pin,
    clock,
    takenAt: takenAtOf,
    issuer,
    logs,
  });
  return {
    network,
    refusals,
    figures: () => trustFigures(network, takenAtOf),
    isShared: () => sharing?.isUp() ?? null,
    idle: acceptances.idle,
    close: async () => {
      stopTelling();
      await logs.close();
      await sharing?.close();
      await acceptances.idle();
      await acceptances.tellCounted(true);
    },
    desk: {
      ...readings,
      accept: shared(acceptances.accept),
      acceptBundle: shared(acceptBundle),
      bundle: logs.bundle,
      checkpoint: logs.checkpoint,
      proof: logs.proof,
      addCheckpoint: logs.addCheckpoint,
    },
  };
}

const HOUR_MS = 3_600_000;

/** @returns ends it */
function everyHour(run: () => Promise<void>): () => void {
  let cancel: () => void = () => undefined;
  const plan = (): void => {
    cancel = after(() => void run().then(plan), HOUR_MS);
  };
  plan();
  return () => cancel();
}
