// Looks at what Redis holds beside what we wrote into it, some of it at a time and all of it in rounds: somebody else may have written there.

import { equalBytes } from '../../core/codec/bytes.js';
import { listDigest, manifestRoot } from '../../core/status/feed/digest.js';
import type { FeedList } from '../../core/status/feed/entry.js';
import type { FeedRefusal } from '../../core/status/feed/refusal.js';
import { packedLength } from '../../core/status/packed.js';
import type { ReconcileDeps } from './reconcile.js';

/** Bitmaps in one look, 256 KiB each at 2 bits: at two looks a second, all of 500 million entries in 15 s. */
const MOST_BITMAPS = 16;

type InspectDeps = Pick<ReconcileDeps, 'base' | 'store' | 'publisher' | 'lists' | 'sha256'>;

/**
 * The function to call while nothing is on its way to Redis; it stops early when changes wait.
 * @returns why the place is not what was published, or null
 * @throws what the store throws
 */
export function createInspection(deps: InspectDeps): (epoch: Uint8Array) => Promise<FeedRefusal | null> {
  const { base, store, publisher, sha256 } = deps;
  /** How many of our lists were looked at in this round. */
  let done = 0;

  const isAsPublished = async (list: FeedList, epoch: Uint8Array): Promise<boolean> => {
    const digest = publisher.digest(list.number);
    if (digest === undefined) return true;
    const bytes = await store.readList(base, epoch, list.number, packedLength(list.entries, list.bits));
    return bytes !== null && equalBytes(listDigest(bytes, sha256), digest);
  };

  return async (epoch) => {
    const lists = deps.lists();
    if (done >= lists.length) {
      done = 0;
      const { lists: rows } = await store.readHead(base);
      return rows !== null && equalBytes(manifestRoot(rows, sha256), publisher.root()) ? null : 'root';
    }
    for (const list of lists.slice(done, done + MOST_BITMAPS)) {
      if (!(await isAsPublished(list, epoch))) return 'digest';
      done += 1;
      if (publisher.pending() > 0) break;
    }
    return null;
  };
}
