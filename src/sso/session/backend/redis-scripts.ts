/** Members of an index are IDs, scored with the time their rows are gone by. */
const naming = `
local function wasEnded(mark, since)
  local ended = redis.call('GET', mark)
  return ended and tonumber(ended) >= tonumber(since)
end
local function addTo(index, id, last, now)
  redis.call('ZREMRANGEBYSCORE', index, '-inf', now)
  redis.call('ZADD', index, last, id)
  redis.call('PEXPIREAT', index, redis.call('ZRANGE', index, -1, -1, 'WITHSCORES')[2])
end`

/**
 * Makes a row and names it, unless everything of one of the names was ended since. Where a name has many already, those
 * that are no more are forgotten first. Whose end is next is the oldest.
 */
const create = `${naming}
local gaveWay = {}
local function makeRoom(index)
  local most, prefix = tonumber(ARGV[6]), ARGV[7]
  if redis.call('ZCARD', index) < most then return end
  local there = {}
  for _, id in ipairs(redis.call('ZRANGE', index, 0, -1)) do
    if redis.call('EXISTS', prefix .. id) == 1 then there[#there + 1] = id
    else redis.call('ZREM', index, id) end
  end
  for i = 1, #there - most + 1 do
    gaveWay[#gaveWay + 1] = there[i]
    gaveWay[#gaveWay + 1] = redis.call('GETDEL', prefix .. there[i])
    redis.call('ZREM', index, there[i])
  end
end
for i = 1, (#KEYS - 1) / 2 do
  if wasEnded(KEYS[2 * i + 1], ARGV[7 + i]) then return false end
end
for i = 1, (#KEYS - 1) / 2 do makeRoom(KEYS[2 * i]) end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
for i = 1, (#KEYS - 1) / 2 do addTo(KEYS[2 * i], ARGV[1], ARGV[4], ARGV[5]) end
return gaveWay`

const replace = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'KEEPTTL')
return 1`

/** The keys: the row, index and mark of each name that is added, the indexes of those dropped. */
const replaceAndName = `${naming}
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
local added = tonumber(ARGV[6])
for i = 1, added do
  if wasEnded(KEYS[2 * i + 1], ARGV[6 + i]) then
    redis.call('DEL', KEYS[1])
    return 0
  end
end
redis.call('SET', KEYS[1], ARGV[2], 'KEEPTTL')
for i = 1, added do addTo(KEYS[2 * i], ARGV[3], ARGV[4], ARGV[5]) end
for i = 2 * added + 2, #KEYS do redis.call('ZREM', KEYS[i], ARGV[3]) end
return 1`

/** The rows' keys follow from the members, here and above, so this is not for Redis Cluster. */
const removeByName = `
local removed = {}
for _, id in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
  local text = redis.call('GETDEL', ARGV[1] .. id)
  if text then
    removed[#removed + 1] = id
    removed[#removed + 1] = text
  end
end
redis.call('DEL', KEYS[1])
redis.call('SET', KEYS[2], ARGV[2], 'PX', ARGV[3])
return removed`

/**
 * The keys: index and mark of each name. A row says in JSON when it began; within a text of that JSON no quote stands
 * without a backslash before it, so that nothing else there reads like it. A mark never goes back.
 */
const removeBegunBy = `
local removed = {}
for i = 1, #KEYS / 2 do
  local index, mark, bound = KEYS[2 * i - 1], KEYS[2 * i], ARGV[2 + i]
  for _, id in ipairs(redis.call('ZRANGE', index, 0, -1)) do
    local text = redis.call('GET', ARGV[1] .. id)
    local since = text and tonumber(string.match(text, '"startedAt":(%d+)') or 0)
    if text and since <= tonumber(bound) then
      removed[#removed + 1] = id
      removed[#removed + 1] = text
      redis.call('DEL', ARGV[1] .. id)
    end
    if not text or since <= tonumber(bound) then redis.call('ZREM', index, id) end
  end
  local known = redis.call('GET', mark)
  if not known or tonumber(known) < tonumber(bound) then redis.call('SET', mark, bound, 'PX', ARGV[2]) end
end
return removed`

const lease = `
if redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then return 1 end
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return 1`

const release = `
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0`

/** What must not come apart, each as one step of Redis. */
export const scripts = { create, replace, replaceAndName, removeByName, removeBegunBy, lease, release }
