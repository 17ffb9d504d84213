// Feeds in Redis: a state, the manifest of all lists, the stream of entries and the bitmaps, each write one step.

import type { Redis } from 'ioredis';
import type { Sha256 } from '../../core/signature/public-key.js';
import type { FeedHead, FeedStore } from '../../core/status/feed/port.js';
import { askingOver } from './asking.js';
import type { RedisConnection } from './connection.js';
import { type FeedNames, feedNames, readRows, readState, writeRow, writeState } from './feed-names.js';
import { BEGIN_EPOCH, PUBLISH } from './feed-scripts.js';
import { script } from './script.js';

/** Entries that the stream keeps, roughly: nine hours of heartbeats, or a minute at a thousand entries a second. */
const STREAM_ENTRIES = 65_536;
const SCAN_COUNT = 1_000;

export function createFeedStore(connection: RedisConnection, sha256: Sha256): FeedStore {
  const { redis } = connection;
  const known = new Map<string, FeedNames>();
  const namesOf = (base: string): FeedNames => {
    const names = known.get(base) ?? feedNames(base, sha256);
    known.set(base, names);
    return names;
  };
  const asked = askingOver(connection);

  return {
    readHead: (base) => asked(() => readHead(redis, namesOf(base))),
    publish: async (base, { expected, state, entry, lists, ranges }) => {
      const names = namesOf(base);
      const keys = ranges.map(({ number }) => names.bits(state.epoch, number));
      const rows = lists.flatMap((row) => [String(row.number), writeRow(row)]);
      const bytes = ranges.flatMap((range) => [String(range.offset), asBuffer(range.bytes)]);
      const done = await asked(() =>
        PUBLISHING.run(
          redis,
          [names.state, names.lists, names.feed, ...keys],
          [
            writeState(expected),
            writeState(state),
            asBuffer(entry),
            STREAM_ENTRIES,
            lists.length,
            ...rows,
            ...bytes,
          ],
        ),
      );
      return done === 1;
    },
    writeList: async (base, epoch, number, packed) => {
      await asked(() => redis.set(namesOf(base).bits(epoch, number), asBuffer(packed)));
    },
    beginEpoch: async (base, { state, entry, lists }) => {
      const names = namesOf(base);
      const rows = lists.flatMap((row) => [String(row.number), writeRow(row)]);
      const keys = [names.state, names.lists, names.feed];
      await asked(() =>
        BEGINNING.run(redis, keys, [writeState(state), asBuffer(entry), STREAM_ENTRIES, ...rows]),
      );
    },
    dropOtherEpochs: async (base, epoch) => {
      const names = namesOf(base);
      const own = names.bitsOf(epoch);
      let cursor = '0';
      do {
        const [next, found] = await asked(() =>
          redis.scan(cursor, 'MATCH', names.anyBits, 'COUNT', SCAN_COUNT),
        );
        const others = found.filter((key) => !key.startsWith(own));
        if (others.length > 0) await asked(() => redis.unlink(...others));
        cursor = next;
      } while (cursor !== '0');
    },
    // One byte more than the list has, so that a longer one shows and is never read whole.
    readList: async (base, epoch, number, length) => {
      const bytes = await asked(() => redis.getrangeBuffer(namesOf(base).bits(epoch, number), 0, length));
      return bytes.length === length ? own(bytes) : null;
    },
  };
}

/** What is of a wrong type, or reads as nothing of ours, is absent. */
async function readHead(redis: Redis, names: FeedNames): Promise<FeedHead> {
  const replies = await redis
    .multi()
    .get(names.state)
    .xrevrangeBuffer(names.feed, '+', '-', 'COUNT', 1)
    .hgetall(names.lists)
    .exec();
  const [state, last, lists] = (replies ?? []).map(([error, reply]) => (error === null ? reply : null));
  const [newest] = (last ?? []) as readonly [Buffer, readonly Buffer[]][];
  const entry = newest?.[1][1];
  return {
    state: readState((state ?? null) as string | null),
    last:
      newest === undefined || entry === undefined ? null : { id: newest[0].toString(), entry: plain(entry) },
    lists: lists === null ? null : readRows(lists as Record<string, string>),
  };
}

const PUBLISHING = script(PUBLISH);
const BEGINNING = script(BEGIN_EPOCH);

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}

/** The client cuts what is short out of what it received; what came in several parts it has put together in a buffer of its own. */
function own(buffer: Buffer): Uint8Array {
  return buffer.length === buffer.buffer.byteLength ? plain(buffer) : new Uint8Array(buffer);
}

function plain(buffer: Buffer): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.length);
}
