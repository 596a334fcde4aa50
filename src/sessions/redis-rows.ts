import type { RedisConnection } from '../redis/redis-connection.ts'
import { endedMarkLifetime, type Row, type SessionName, type SessionRows } from './session-rows.ts'

/**
 * Makes a row and names it, unless everything of one of the names was ended since. Members of an index are IDs,
 * scored with the time their rows are gone by.
 */
const create = `
for i = 1, (#KEYS - 1) / 2 do
  local ended = redis.call('GET', KEYS[2 * i + 1])
  if ended and tonumber(ended) >= tonumber(ARGV[6]) then return 0 end
end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
for i = 1, (#KEYS - 1) / 2 do
  local index = KEYS[2 * i]
  redis.call('ZREMRANGEBYSCORE', index, '-inf', ARGV[5])
  redis.call('ZADD', index, ARGV[4], ARGV[1])
  local last = redis.call('ZRANGE', index, -1, -1, 'WITHSCORES')[2]
  redis.call('PEXPIREAT', index, last)
end
return 1`

const replace = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'KEEPTTL')
return 1`

/** The rows' keys follow from the members, so this is not for Redis Cluster. */
const removeNamed = `
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
export function redisRows(redis: RedisConnection, { idle }: { idle: number }): SessionRows {
  const { prefix } = redis
  const rowKey = (id: string) => `${prefix}session:${id}`
  const indexKey = (name: SessionName) => `${prefix}index:${name}`
  const endedKey = (name: SessionName) => `${prefix}ended:${name}`
  const claimKey = (what: string) => `${prefix}claim:${what}`
  const leaseKey = (what: string) => `${prefix}lease:${what}`
  const evaluate = (script: string, keys: string[], args: Array<string | number>) =>
    redis.run((client) => client.eval(script, { keys, arguments: args.map(String) }))

  return {
    read: (id) =>
      redis.run(async (client) => (await client.getEx(rowKey(id), { type: 'PX', value: idle })) ?? undefined),
    async create({ id, text, names, endsAt, since }) {
      const now = Date.now()
      const end = endsAt ?? now + idle
      if (end <= now) return true
      const keys = [rowKey(id), ...names.flatMap((name) => [indexKey(name), endedKey(name)])]
      return (await evaluate(create, keys, [id, text, Math.min(idle, end - now), end, now, since])) === 1
    },
    replace: async ({ id, text }, was) => (await evaluate(replace, [rowKey(id)], [was, text])) === 1,
    async endBy(id, time) {
      await redis.run((client) => client.pExpireAt(rowKey(id), time))
    },
    remove: (id) => redis.run(async (client) => (await client.getDel(rowKey(id))) ?? undefined),
    async removeNamed(name) {
      const removed = await evaluate(
        removeNamed,
        [indexKey(name), endedKey(name)],
        [rowKey(''), Date.now(), endedMarkLifetime],
      )
      return toRows(removed as string[])
    },
    async named(name) {
      const ids = await redis.run((client) => client.zRange(indexKey(name), 0, -1))
      if (ids.length === 0) return []
      const texts = await redis.run((client) => client.mGet(ids.map(rowKey)))
      return ids.flatMap((id, at) => (texts[at] ? [{ id, text: texts[at] }] : []))
    },
    async unname(id, names) {
      await redis.run((client) => Promise.all(names.map((name) => client.zRem(indexKey(name), id))))
    },
    claim: (what, time) =>
      redis.run(async (client) => {
        const expiration = { type: 'PX', value: time } as const
        return (await client.set(claimKey(what), '', { condition: 'NX', expiration })) !== null
      }),
    isClaimed: (what) => redis.run(async (client) => (await client.exists(claimKey(what))) === 1),
    lease: async (what, owner, time) => (await evaluate(lease, [leaseKey(what)], [owner, time])) === 1,
    async release(what, owner) {
      await evaluate(release, [leaseKey(what)], [owner])
    },
    isReady: redis.isReady,
    answers: () =>
      redis
        .run((client) => client.ping())
        .then(
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
