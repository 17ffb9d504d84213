// Reads the lists that a mirror waits for, about 1 MiB at a time and four such pieces under way, each taken as soon as it is there.

import type { FeedMirror } from '../../core/status/feed/mirror.js';
import type { FeedStore } from '../../core/status/feed/port.js';
import { packedLength } from '../../core/status/packed.js';
import { inTurn } from './in-turn.js';

export interface LoadDeps {
  readonly base: string;
  readonly mirror: FeedMirror;
  readonly store: Pick<FeedStore, 'readList'>;
  /** Resolves when workers have what they were told: they set the pace. */
  readonly settled: () => Promise<void>;
  /** Whether these lists are still wanted. */
  readonly isWanted: () => boolean;
}

const PIECE_BYTES = 1_048_576;
const AT_A_TIME = 4;

/**
 * Goes once through the lists that are waited for. Those whose bytes are of no entry that was met yet are waited for still.
 * @throws what the store throws
 */
export async function loadLists({ base, mirror, store, settled, isWanted }: LoadDeps): Promise<void> {
  const epoch = mirror.state()?.epoch;
  if (epoch === undefined) return;
  await inTurn(pieces(mirror.waiting()), AT_A_TIME, async (piece) => {
    if (!isWanted()) return;
    await Promise.all(
      piece.map(async ({ number, length }) => {
        const bytes = await store.readList(base, epoch, number, length);
        if (bytes !== null && isWanted()) mirror.take(number, bytes);
      }),
    );
    await settled();
  });
}

interface Sized {
  readonly number: number;
  readonly length: number;
}

function* pieces(rows: ReturnType<FeedMirror['waiting']>): Generator<readonly Sized[]> {
  let piece: Sized[] = [];
  let bytes = 0;
  for (const { number, entries, bits } of rows) {
    const length = packedLength(entries, bits);
    if (bytes + length > PIECE_BYTES && piece.length > 0) {
      yield piece;
      piece = [];
      bytes = 0;
    }
    piece.push({ number, length });
    bytes += length;
  }
  if (piece.length > 0) yield piece;
}
