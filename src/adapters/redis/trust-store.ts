// Trust documents in Redis: what is newest of each, and a stream that tells of it. Nothing that is read here is believed: forms are
// checked, sizes bounded, and each node judges every document itself.

import type { SharedMark, TrustShare, TrustShareNews } from '../../core/trust/share-port.js';
import { askingOver } from './asking.js';
import type { RedisConnection } from './connection.js';
import { script } from './script.js';

/** Entries that the stream keeps, roughly; who missed more compares the marks. */
const STREAM_ENTRIES = 4_096;
const MOST_NEWS = 256;
const SCAN_COUNT = 1_000;
const MOST_PAGES = 100;
/** Of a document's text, as documents are bounded. */
const MAX_BYTES = 2 * 1_048_576 + 1;

const PLACE = /^(?:root\/[1-9]\d{0,8}|list\/[0-9a-z](?:[0-9a-z.-]{0,30}[0-9a-z])?)$/;
const MARK = /^([1-9]\d{0,15}) ([\w-]{43})$/;

/**
 * KEYS marks, texts, news. ARGV place, the mark that gives way or '', the new mark, its version, text, length of the stream. Another type
 * of value is none of ours.
 */
const PUT = script(`
for i, type in ipairs({'hash', 'hash', 'stream'}) do
  local found = redis.call('TYPE', KEYS[i]).ok
  if found ~= 'none' and found ~= type then redis.call('DEL', KEYS[i]) end
end
local there = redis.call('HGET', KEYS[1], ARGV[1])
local version = there and #there <= 80 and string.match(there, '^([1-9]%d*) [%w_-]+$')
if version and there ~= ARGV[2] and tonumber(version) >= tonumber(ARGV[4]) then return 0 end
redis.call('HSET', KEYS[2], ARGV[1], ARGV[5])
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
redis.call('XADD', KEYS[3], 'MAXLEN', '~', ARGV[6], '*', ARGV[1], ARGV[3])
return 1`);

/** KEYS texts. ARGV place, most bytes. */
const READ = script(`
if redis.call('TYPE', KEYS[1]).ok ~= 'hash' then return false end
local length = redis.call('HSTRLEN', KEYS[1], ARGV[1])
if length == 0 or length > tonumber(ARGV[2]) then return false end
return redis.call('HGET', KEYS[1], ARGV[1])`);

/** KEYS marks. ARGV cursor, count. The next cursor, then names and marks; what is too long to be either stays where it is. */
const MARKS = script(`
if redis.call('TYPE', KEYS[1]).ok ~= 'hash' then return {'0'} end
local page = redis.call('HSCAN', KEYS[1], ARGV[1], 'COUNT', ARGV[2])
local told = {page[1]}
for i = 1, #page[2], 2 do
  if #page[2][i] <= 64 and #page[2][i + 1] <= 80 then
    told[#told + 1] = page[2][i]
    told[#told + 1] = page[2][i + 1]
  end
end
return told`);

interface Names {
  readonly marks: string;
  readonly texts: string;
  readonly news: string;
}

/** Networks that begin with another root share nothing. */
function namesOf(pin: string): Names {
  const own = `yima:1:trust:${pin.slice(0, 16)}`;
  return { marks: `${own}:marks`, texts: `${own}:texts`, news: `${own}:news` };
}

export function createTrustShare(connection: RedisConnection, pin: string): TrustShare {
  const { redis } = connection;
  const names = namesOf(pin);
  const ask = askingOver(connection);
  return {
    marks: async () => {
      const found = new Map<string, SharedMark>();
      let cursor = '0';
      let pages = 0;
      do {
        const page = await ask(() => MARKS.run(redis, [names.marks], [cursor, SCAN_COUNT]));
        const [next = '0', ...fields] = page as readonly string[];
        for (const mark of marksOf(fields)) found.set(mark.place, mark);
        cursor = next;
        pages += 1;
      } while (cursor !== '0' && pages < MOST_PAGES);
      return [...found.values()];
    },
    read: async (place) => {
      const text = await ask(() => READ.run(redis, [names.texts], [place, MAX_BYTES]));
      return typeof text === 'string' ? text : undefined;
    },
    put: async ({ place, version, hash, text }, refused) => {
      const giving = refused === null ? '' : markText(refused);
      const args = [place, giving, markText({ version, hash }), version, text, STREAM_ENTRIES];
      const done = await ask(() => PUT.run(redis, [names.marks, names.texts, names.news], args));
      return done === 1;
    },
  };
}

type Reply = readonly (readonly [string, readonly (readonly [string, readonly string[]])[]])[];

/** @param connection one whose commands may wait */
export function createTrustShareNews({ redis, opened, drop }: RedisConnection, pin: string): TrustShareNews {
  const { news } = namesOf(pin);
  return {
    drop,
    end: async () => {
      await opened;
      if ((await redis.type(news)) !== 'stream') return '0-0';
      const [last] = await redis.xrevrange(news, '+', '-', 'COUNT', 1);
      return last?.[0] ?? '0-0';
    },
    read: async (place, blockMs) => {
      await opened;
      const reply = await redis.xread('COUNT', MOST_NEWS, 'BLOCK', blockMs, 'STREAMS', news, place);
      const entries = ((reply ?? []) as unknown as Reply).flatMap(([, all]) => all);
      return {
        place: entries.at(-1)?.[0] ?? place,
        marks: entries.flatMap(([, fields]) => marksOf(fields)),
      };
    },
  };
}

function markText({ version, hash }: Pick<SharedMark, 'version' | 'hash'>): string {
  return `${version} ${hash}`;
}

/** Of names and values one after the other; what is not of our form is left out. */
function marksOf(fields: readonly string[]): SharedMark[] {
  const marks: SharedMark[] = [];
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const [place = '', text = ''] = fields.slice(at, at + 2);
    const [, version, hash] = MARK.exec(text) ?? [];
    if (PLACE.test(place) && hash !== undefined) marks.push({ place, version: Number(version), hash });
  }
  return marks;
}
