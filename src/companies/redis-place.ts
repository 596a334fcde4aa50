import type { RedisCommands } from '../sso/redis/redis-client.ts'
import type { Place } from './place.ts'

/** A way to Redis that somebody keeps open. */
export interface RedisAccess {
  /** What the keys of the app begin with, and those of no other. */
  readonly prefix: string
  run: <T>(commands: (client: RedisCommands) => Promise<T>) => Promise<T>
}

/** The field of a kind's hash that has the version. No record has this ID. */
const versionField = '#'

/** Compares the version, and changes the hash with it: ARGV is the version, the next one, how many pairs, pairs, fields. */
const write = `
if (redis.call('HGET', KEYS[1], '${versionField}') or '') ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], '${versionField}', ARGV[2])
local last = 3 + 2 * tonumber(ARGV[3])
for at = 4, last, 2 do redis.call('HSET', KEYS[1], ARGV[at], ARGV[at + 1]) end
for at = last + 1, #ARGV do redis.call('HDEL', KEYS[1], ARGV[at]) end
return 1`

/** Records in Redis or Valkey, where sessions live: a hash a kind, whose version is a field of it. */
export function redisPlace(redis: RedisAccess, { name, close }: Pick<Place, 'name' | 'close'>): Place {
  const keyOf = (kind: string) => `${redis.prefix}records:${kind}`
  return {
    name,
    mayForget: true,
    close,
    version: (kind) =>
      redis.run(async (client) => (await client.hGet(keyOf(kind), versionField)) ?? undefined),
    async read(kind) {
      const texts = new Map(Object.entries(await redis.run((client) => client.hGetAll(keyOf(kind)))))
      const version = texts.get(versionField)
      texts.delete(versionField)
      return { version, texts }
    },
    async write(kind, was = '', { version, put, dropped }) {
      const args = [was, version, String(put.size), ...[...put].flat(), ...dropped]
      return (await redis.run((client) => client.eval(write, { keys: [keyOf(kind)], arguments: args }))) === 1
    },
  }
}
