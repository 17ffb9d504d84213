// The place of feeds in memory, with the one step that Redis makes of a publication; a test may reach in and spoil it.

import { equalBytes, hexEncode } from '../../src/core/codec/bytes.js';
import type { ManifestRow } from '../../src/core/status/feed/digest.js';
import type {
  FeedHead,
  FeedState,
  FeedStore,
  FeedStream,
  NewEpoch,
  Publication,
} from '../../src/core/status/feed/port.js';
import { packedLength } from '../../src/core/status/packed.js';

export interface TwinPlace {
  state: FeedState | null;
  lists: Map<number, ManifestRow>;
  /** Ids are positions from 1 on. */
  stream: { id: string; entry: Uint8Array }[];
  /** `epoch:number` -> bytes. */
  bitmaps: Map<string, Uint8Array>;
}

export interface FeedTwin extends FeedStore, FeedStream {
  readonly place: (base: string) => TwinPlace;
  /** Somebody else writes to the stream. */
  readonly add: (base: string, entry: Uint8Array) => void;
  /** Nobody answers: every call rejects. */
  isDown: boolean;
  /** The next write is done, and its answer lost. */
  losesAnswer: boolean;
  /** Calls that were made, by name. */
  readonly calls: string[];
}

export function createFeedTwin(): FeedTwin {
  const places = new Map<string, TwinPlace>();
  const place = (base: string): TwinPlace => {
    let found = places.get(base);
    if (found === undefined) {
      found = { state: null, lists: new Map(), stream: [], bitmaps: new Map() };
      places.set(base, found);
    }
    return found;
  };
  let wake: (() => void)[] = [];
  let lastId = 0;
  const append = (base: string, entry: Uint8Array): void => {
    lastId += 1;
    place(base).stream.push({ id: String(lastId), entry });
    for (const each of wake) each();
    wake = [];
  };
  const answer = <T>(name: string, value: () => T): T => {
    twin.calls.push(name);
    if (twin.isDown) throw new Error('nobody answers');
    const result = value();
    if (twin.losesAnswer && (name === 'publish' || name === 'beginEpoch')) {
      twin.losesAnswer = false;
      throw new Error('the answer is lost');
    }
    return result;
  };
  const after = (base: string, id: string) =>
    place(base)
      .stream.filter((each) => Number(each.id) > Number(id))
      .map((each) => ({ base, ...each }));

  const twin: FeedTwin = {
    place,
    add: append,
    isDown: false,
    losesAnswer: false,
    calls: [],
    readHead: async (base): Promise<FeedHead> =>
      answer('readHead', () => {
        const { state, stream, lists } = place(base);
        return { state, last: stream.at(-1) ?? null, lists: [...lists.values()] };
      }),
    publish: async (base, publication: Publication) =>
      answer('publish', () => {
        const at = place(base);
        if (at.state === null || !isSameState(at.state, publication.expected)) return false;
        for (const { number, offset, bytes } of publication.ranges) {
          const name = bitmapName(publication.state.epoch, number);
          const before = at.bitmaps.get(name) ?? new Uint8Array(0);
          const grown = new Uint8Array(Math.max(before.length, offset + bytes.length));
          grown.set(before);
          grown.set(bytes, offset);
          at.bitmaps.set(name, grown);
        }
        for (const row of publication.lists) at.lists.set(row.number, row);
        at.state = publication.state;
        append(base, publication.entry);
        return true;
      }),
    writeList: async (base, epoch, number, packed) =>
      answer('writeList', () => void place(base).bitmaps.set(bitmapName(epoch, number), packed.slice())),
    beginEpoch: async (base, first: NewEpoch) =>
      answer('beginEpoch', () => {
        const at = place(base);
        at.state = first.state;
        at.lists = new Map(first.lists.map((row) => [row.number, row]));
        append(base, first.entry);
      }),
    dropOtherEpochs: async (base, epoch) =>
      answer('dropOtherEpochs', () => {
        const { bitmaps } = place(base);
        for (const name of bitmaps.keys()) if (!name.startsWith(`${hexEncode(epoch)}:`)) bitmaps.delete(name);
      }),
    readList: async (base, epoch, number, length) =>
      answer('readList', () => {
        const bytes = place(base).bitmaps.get(bitmapName(epoch, number));
        return bytes?.length === length ? bytes.slice() : null;
      }),
    read: async (cursors, blockMs) => {
      const came = cursors.flatMap(({ base, id }) => answer('read', () => after(base, id)));
      if (came.length > 0) return came;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, blockMs);
        wake.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
      return cursors.flatMap(({ base, id }) => answer('read', () => after(base, id)));
    },
    drop: () => {
      for (const each of wake) each();
      wake = [];
    },
  };
  return twin;
}

export function bitmapName(epoch: Uint8Array, number: number): string {
  return `${hexEncode(epoch)}:${number}`;
}

/** Whether what lies in the place is of one piece: every bitmap has the digest that the manifest names. */
export function isOfOnePiece(
  { state, lists, bitmaps }: TwinPlace,
  digest: (packed: Uint8Array) => Uint8Array,
): boolean {
  if (state === null) return false;
  return [...lists.values()].every(({ number, bits, entries, digest: named }) => {
    const bytes = bitmaps.get(bitmapName(state.epoch, number));
    return bytes?.length === packedLength(entries, bits) && equalBytes(digest(bytes), named);
  });
}

function isSameState(a: FeedState, b: FeedState): boolean {
  return a.n === b.n && equalBytes(a.epoch, b.epoch) && equalBytes(a.hash, b.hash);
}
