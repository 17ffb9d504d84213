// What Redis does in one step, all of it or nothing that counts: a step that was cut short shows, since the state is written last.

/**
 * One entry, if the feed is where its publisher believes it to be.
 * KEYS: state, lists, feed, and the bitmap of each range.
 * ARGV: state expected, state, entry, length of the stream, rows, then number and text of each row, offset and bytes of each range.
 * Returns 1, or 0 when the state is another one.
 */
export const PUBLISH = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
local at = 6
for _ = 1, tonumber(ARGV[5]) do
  redis.call('HSET', KEYS[2], ARGV[at], ARGV[at + 1])
  at = at + 2
end
for range = 4, #KEYS do
  redis.call('SETRANGE', KEYS[range], ARGV[at], ARGV[at + 1])
  at = at + 2
end
redis.call('XADD', KEYS[3], 'MAXLEN', '~', ARGV[4], '*', 'e', ARGV[3])
redis.call('SET', KEYS[1], ARGV[2])
return 1
`;

/**
 * The first entry of an epoch, whatever was there before. The stream goes on, so that whoever waits at its end hears of it; one
 * that takes no more entries is begun anew.
 * KEYS: state, lists, feed. ARGV: state, entry, length of the stream, then number and text of each row.
 */
export const BEGIN_EPOCH = `
redis.call('DEL', KEYS[1], KEYS[2])
for at = 4, #ARGV, 2 do redis.call('HSET', KEYS[2], ARGV[at], ARGV[at + 1]) end
local added = redis.pcall('XADD', KEYS[3], 'MAXLEN', '~', ARGV[3], '*', 'e', ARGV[2])
if type(added) == 'table' and added.err then
  redis.call('DEL', KEYS[3])
  redis.call('XADD', KEYS[3], '*', 'e', ARGV[2])
end
redis.call('SET', KEYS[1], ARGV[1])
return 1
`;
