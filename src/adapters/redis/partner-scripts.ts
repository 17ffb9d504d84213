// What the nodes of a cluster do in one step with other authorities' lists.

/**
 * Takes the lock, or keeps it.
 * KEYS: lock. ARGV: own token, milliseconds. Returns 1 while it is ours.
 */
export const LEAD = `
local holder = redis.call('GET', KEYS[1])
if holder == ARGV[1] then
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
  return 1
end
if holder then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2])
return 1
`;

/** KEYS: lock. ARGV: own token. Somebody else's lock stays. */
export const RELEASE = `
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
return 1
`;

/**
 * One token, if the lock is still ours: who was held up and lost it puts nothing.
 * KEYS: lock, list, index (uri by number of its last put), times (iat by uri), counter.
 * ARGV: own token, milliseconds that it is kept, uri, form, entity tag, iat, body.
 */
export const PUT = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[2])
redis.call('HSET', KEYS[2], 'uri', ARGV[3], 'form', ARGV[4], 'etag', ARGV[5], 'iat', ARGV[6], 'body', ARGV[7])
redis.call('HSET', KEYS[4], ARGV[3], ARGV[6])
redis.call('ZADD', KEYS[3], redis.call('INCR', KEYS[5]), ARGV[3])
for at = 2, 5 do redis.call('PEXPIRE', KEYS[at], ARGV[2]) end
return 1
`;

/**
 * What was put after a place. A store that was emptied has another life than the one known, and is read from its start.
 * KEYS: index, times, life. ARGV: a name for a new life, life known, place, how many.
 * Returns the life, then place, uri and iat of each, in order.
 */
export const NEWS = `
local life = redis.call('GET', KEYS[3])
if not life then
  life = ARGV[1]
  redis.call('SET', KEYS[3], life)
end
local place = life == ARGV[2] and ARGV[3] or '0'
local found = redis.call('ZRANGEBYSCORE', KEYS[1], '(' .. place, '+inf', 'WITHSCORES', 'LIMIT', 0, ARGV[4])
local told = {life}
for at = 1, #found, 2 do
  told[#told + 1] = found[at + 1]
  told[#told + 1] = found[at]
  told[#told + 1] = redis.call('HGET', KEYS[2], found[at]) or ''
end
return told
`;

/** KEYS: list. ARGV: the most bytes of a body, so that a longer one is never read. Returns its members, or nothing. */
export const GET = `
if redis.call('HSTRLEN', KEYS[1], 'body') > tonumber(ARGV[1]) then return {} end
return redis.call('HMGET', KEYS[1], 'uri', 'form', 'etag', 'iat', 'body')
`;

/** KEYS: wanted. ARGV: how many there may be, milliseconds that they are kept, uris. */
export const ASK = `
for at = 3, #ARGV do
  if redis.call('SCARD', KEYS[1]) < tonumber(ARGV[1]) then redis.call('SADD', KEYS[1], ARGV[at]) end
end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return 1
`;
