import { RedisRefusesError } from '../../redis/redis-away.ts'
import type { RedisConnection } from '../../redis/redis-connection.ts'
import {
  endedMarkLifetime,
  mostOfOneName,
  type Row,
  type SessionBackend,
  type SessionName,
} from './session-backend.ts'

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
  local most, prefix = tonumber(ARGV[7]), ARGV[8]
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
  if wasEnded(KEYS[2 * i + 1], ARGV[6]) then return false end
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
  if wasEnded(KEYS[2 * i + 1], 0) then
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

const lease = `
if redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then return 1 end
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return 1`

const release = `
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0`

/**
 * Sessions in Redis or Valkey, for any number of processes. What must not come apart (a row and its index, a
 * comparison and what follows from it) is one script each.
 *
 * @param redis the connection; what it raises goes on to the caller
 * @param options.idle milliseconds without a read after which a row is gone
 */
export function redisBackend(redis: RedisConnection, { idle }: { idle: number }): SessionBackend {
  const { prefix } = redis
  const rowKey = (id: string) => `${prefix}session:${id}`
  const indexKey = (name: SessionName) => `${prefix}index:${name}`
  const endedKey = (name: SessionName) => `${prefix}ended:${name}`
  const indexAndMark = (names: readonly SessionName[]) =>
    names.flatMap((name) => [indexKey(name), endedKey(name)])
  const usedKey = (what: string) => `${prefix}used:${what}`
  const noteKey = (what: string) => `${prefix}note:${what}`
  const leaseKey = (what: string) => `${prefix}lease:${what}`
  const evaluate = (script: string, keys: string[], args: Array<string | number>) =>
    redis.run((client) => client.eval(script, { keys, arguments: args.map(String) }))

  return {
    async read(id) {
      const text = await redis
        .run((client) => client.getEx(rowKey(id), { type: 'PX', value: idle }))
        .catch((error) => {
          // To put the idle limit off is a write. Where none is taken, whoever is signed in is so all the same.
          if (!(error instanceof RedisRefusesError)) throw error
          return redis.run((client) => client.get(rowKey(id)))
        })
      return text ?? undefined
    },
    async create({ id, text, names, endsAt, since }) {
      const now = Date.now()
      const end = endsAt ?? now + idle
      if (end <= now) return []
      const keys = [rowKey(id), ...indexAndMark(names)]
      const times = [Math.min(idle, end - now), end, now, since]
      const gaveWay = await evaluate(create, keys, [id, text, ...times, mostOfOneName, rowKey('')])
      return gaveWay === null ? undefined : toRows(gaveWay as string[])
    },
    async replace({ id, text, newNames }, was) {
      if (!newNames) return (await evaluate(replace, [rowKey(id)], [was, text])) === 1
      const { added, dropped, endsAt } = newNames
      const now = Date.now()
      const keys = [rowKey(id), ...indexAndMark(added), ...dropped.map(indexKey)]
      const args = [was, text, id, endsAt ?? now + idle, now, added.length]
      return (await evaluate(replaceAndName, keys, args)) === 1
    },
    async endBy(id, time) {
      await redis.run((client) => client.pExpireAt(rowKey(id), time))
    },
    remove: (id) => redis.run(async (client) => (await client.getDel(rowKey(id))) ?? undefined),
    async removeByName(name) {
      const removed = await evaluate(
        removeByName,
        [indexKey(name), endedKey(name)],
        [rowKey(''), Date.now(), endedMarkLifetime],
      )
      return toRows(removed as string[])
    },
    async findByName(name) {
      const ids = await redis.run((client) => client.zRange(indexKey(name), 0, -1))
      if (ids.length === 0) return []
      const texts = await redis.run((client) => client.mGet(ids.map(rowKey)))
      return ids.flatMap((id, at) => (texts[at] ? [{ id, text: texts[at] }] : []))
    },
    async dropNames(id, names) {
      await redis.run((client) => Promise.all(names.map((name) => client.zRem(indexKey(name), id))))
    },
    markUsed: (what, time) =>
      redis.run(async (client) => {
        const expiration = { type: 'PX', value: time } as const
        return (await client.set(usedKey(what), '', { condition: 'NX', expiration })) !== null
      }),
    isUsed: (what) => redis.run(async (client) => (await client.exists(usedKey(what))) === 1),
    async note(what, word, time) {
      await redis.run((client) =>
        client.set(noteKey(what), word, { expiration: { type: 'PX', value: time } }),
      )
    },
    noted: (what) => redis.run(async (client) => (await client.get(noteKey(what))) ?? undefined),
    lease: async (what, owner, time) => (await evaluate(lease, [leaseKey(what)], [owner, time])) === 1,
    async release(what, owner) {
      await evaluate(release, [leaseKey(what)], [owner])
    },
    isReady: redis.isReady,
    answers: () =>
      redis.rehearse().then(
        () => true,
        () => false,
      ),
  }
}

/** Redis gives pairs as one flat list. */
function toRows(pairs: string[]): Row[] {
  return Array.from({ length: pairs.length / 2 }, (_, at) => ({
    id: pairs[2 * at] ?? '',
    text: pairs[2 * at + 1] ?? '',
  }))
}
