import type { RedisCommands } from './redis-client.ts'

/** Of each kind of value something, by the commands that sessions, their index and companies are kept by. */
const script = `
local key = KEYS[1]
redis.call('SET', key, '', 'PX', 1000)
redis.call('GETEX', key, 'PX', 1000)
redis.call('GETDEL', key)
redis.call('ZADD', key, 1, 'a')
redis.call('PEXPIREAT', key, ARGV[1])
redis.call('ZRANGE', key, 0, -1)
redis.call('ZREM', key, 'a')
redis.call('HSET', key, 'a', 'b')
redis.call('HGETALL', key)
redis.call('DEL', key)
return 1`

/**
 * Does what a page and a sign-in need of Redis, on a key of its own: to run a script, to write, and to read as sessions
 * are read. Whether this succeeds decides whether Redis serves, for the app and for the doctor.
 */
export const rehearsal = (client: Pick<RedisCommands, 'eval'>, key: string): Promise<unknown> =>
  client.eval(script, { keys: [key], arguments: [String(Date.now() + 1000)] })
