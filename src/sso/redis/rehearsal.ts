import type { RedisClientType } from '@redis/client'

const script = `
redis.call('SET', KEYS[1], '', 'PX', 1000)
return redis.call('GETEX', KEYS[1], 'PX', 1000)`

/**
 * Does what a page and a sign-in need of Redis, on a key of its own: to run a script, to write, and to read as sessions
 * are read. Whether this succeeds decides whether Redis serves, for the app and for the doctor.
 */
export const rehearse = (client: RedisClientType, prefix: string): Promise<unknown> =>
  client.eval(script, { keys: [`${prefix}rehearsal`] })
