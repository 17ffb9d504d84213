// Many feeds followed in one XREAD, on a connection of its own: a read that waits holds up nobody else's commands.

import type { Sha256 } from '../../core/signature/public-key.js';
import type { FeedStream, StreamEntry } from '../../core/status/feed/port.js';
import type { RedisConnection } from './connection.js';
import { feedNames } from './feed-names.js';

/** Entries of one feed in one answer. */
const MOST_ENTRIES = 256;

type Reply = readonly (readonly [Buffer, readonly (readonly [Buffer, readonly Buffer[]])[]])[];

export function createFeedStream({ redis, opened, drop }: RedisConnection, sha256: Sha256): FeedStream {
  return {
    drop,
    read: async (cursors, blockMs) => {
      await opened;
      const bases = new Map(cursors.map(({ base }) => [feedNames(base, sha256).feed, base]));
      const keys = [...bases.keys()];
      const ids = cursors.map(({ id }) => id);
      const reply = await redis.xreadBuffer(
        'COUNT',
        MOST_ENTRIES,
        'BLOCK',
        blockMs,
        'STREAMS',
        ...keys,
        ...ids,
      );
      return ((reply ?? []) as unknown as Reply).flatMap(([key, entries]) => {
        const base = bases.get(key.toString());
        return base === undefined ? [] : entries.map(([id, fields]) => entryOf(base, id, fields));
      });
    },
  };
}

/** An entry without our field is none of ours: it is told as no bytes, which nobody takes for a signed entry. */
function entryOf(base: string, id: Buffer, fields: readonly Buffer[]): StreamEntry {
  const value = fields[1];
  const entry =
    value === undefined ? new Uint8Array(0) : new Uint8Array(value.buffer, value.byteOffset, value.length);
  return { base, id: id.toString(), entry };
}
