import type { RedisConnection } from '../../redis/redis-connection.ts'
import { startOf } from '../session-data.ts'
import type { Row } from './session-backend.ts'

export type RedisRows = ReturnType<typeof redisRows>

/** The rows in Redis, each under a key of its own. */
export function redisRows({ prefix, run }: RedisConnection) {
  const key = (id: string) => `${prefix}session:${id}`

  /** Asks something of each, all at once. */
  async function of(ids: readonly string[], ask: 'get' | 'getDel'): Promise<Row[]> {
    if (ids.length === 0) return []
    const texts = await run((client) => Promise.all(ids.map((id) => client[ask](key(id)))))
    return ids.flatMap((id, at) => {
      const text = texts[at]
      return typeof text === 'string' ? [{ id, text }] : []
    })
  }

  return {
    key,
    async write(id: string, text: string, time: number): Promise<void> {
      await run((client) => client.set(key(id), text, { expiration: { type: 'PX', value: time } }))
    },
    /** @returns those that are there */
    find: (ids: readonly string[]) => of(ids, 'get'),
    /** @returns those that were there */
    take: (ids: readonly string[]) => of(ids, 'getDel'),
    /** When what those rows hold began that are there. */
    async begun(ids: readonly string[]): Promise<Map<string, number>> {
      const found = await of([...new Set(ids)], 'get')
      return new Map(found.map(({ id, text }) => [id, startOf(text)]))
    },
  }
}
