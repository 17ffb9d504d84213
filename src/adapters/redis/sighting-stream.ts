// Sightings in Redis: one stream of the last minute and a half. No person and no place stands in it, only parts of digests.

import type { SightingNews, SightingStream } from '../../core/verify/sighting-port.js';
import { askingOver } from './asking.js';
import type { RedisConnection } from './connection.js';
import { script } from './script.js';

const STREAM = 'yima:1:sightings';
const FIELD = 's';
/** Longer than a presentation can be shown, by any two clocks that are no minute apart. */
const KEPT_SECONDS = 90;
const MOST_ENTRIES = 64;

/**
 * KEYS the stream. ARGV entry, seconds that entries are kept. What is there and takes no entry is none of ours: another type, or a stream
 * that somebody has brought to the end of its ids.
 */
const TELL = script(`
local found = redis.call('TYPE', KEYS[1]).ok
if found ~= 'none' and found ~= 'stream' then redis.call('DEL', KEYS[1]) end
local oldest = string.format('%.0f', (redis.call('TIME')[1] - ARGV[2]) * 1000)
local told = redis.pcall('XADD', KEYS[1], 'MINID', '~', oldest, '*', '${FIELD}', ARGV[1])
if type(told) == 'table' and told.err then
  if not string.find(told.err, 'equal or smaller') and not string.find(told.err, 'exhausted') then return told end
  redis.call('DEL', KEYS[1])
  redis.call('XADD', KEYS[1], '*', '${FIELD}', ARGV[1])
end
redis.call('EXPIRE', KEYS[1], 2 * ARGV[2])
return 1`);

export function createSightingStream(connection: RedisConnection): SightingStream {
  const ask = askingOver(connection);
  return {
    tell: async (entry) => {
      await ask(() => TELL.run(connection.redis, [STREAM], [Buffer.from(entry), KEPT_SECONDS]));
    },
  };
}

type Reply = readonly (readonly [Buffer, readonly (readonly [Buffer, readonly Buffer[]])[]])[];

/** @param connection one whose commands may wait */
export function createSightingNews({ redis, opened, drop }: RedisConnection): SightingNews {
  return {
    drop,
    begin: async () => {
      await opened;
      if ((await redis.type(STREAM)) !== 'stream') return '0-0';
      const [last] = await redis.xrevrange(STREAM, '+', '-', 'COUNT', 1);
      const [milliseconds = '0'] = (last?.[0] ?? '0-0').split('-');
      return `${Math.max(0, Number(milliseconds) - 1_000 * KEPT_SECONDS)}-0`;
    },
    read: async (place, blockMs) => {
      await opened;
      const reply = await redis.xreadBuffer(
        'COUNT',
        MOST_ENTRIES,
        'BLOCK',
        blockMs,
        'STREAMS',
        STREAM,
        place,
      );
      const entries = ((reply ?? []) as unknown as Reply).flatMap(([, all]) => all);
      return {
        place: entries.at(-1)?.[0].toString() ?? place,
        entries: entries.map(([, fields]) => plain(fields[1] ?? Buffer.alloc(0))),
      };
    },
  };
}

function plain(bytes: Buffer): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
}
