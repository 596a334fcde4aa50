import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RedisAddress } from '../../../src/settings/values/redis-address.ts'
import { connectRedis, type RedisConnection } from '../../../src/sso/redis/redis-connection.ts'
import { redisStore } from '../../../src/sso/redis/redis-counts.ts'
import { redisBackend } from '../../../src/sso/session/backend/redis-backend.ts'
import { baseUrl } from '../../support/app.ts'
import { startCluster } from '../../support/redis-cluster.ts'
import { startWatchedRedis } from '../../support/redis-sentinels.ts'
import { withoutRedis } from '../../support/redis-server.ts'
import { contract, newId, steps } from './backend-contract.ts'

/** Redis that is more than one server, and how it is reached. */
const several: Array<[string, () => Promise<RedisAddress & { close: () => Promise<void> }>]> = [
  [
    'a cluster',
    async () => {
      const { url, close } = await startCluster()
      return { urls: url.split(','), close }
    },
  ],
  [
    'Sentinels',
    async () => {
      const { url, sentinels, close } = await startWatchedRedis()
      return { urls: [url], sentinels, close }
    },
  ],
]

describe.skipIf(withoutRedis).each(several)('sessions in Redis, by %s', (_what, start) => {
  let servers: Awaited<ReturnType<typeof start>>
  let redis: RedisConnection
  beforeAll(async () => {
    servers = await start()
    redis = await connectRedis({ ...servers, baseUrl }, pino({ level: 'silent' }))
  })
  afterAll(async () => {
    await redis.close()
    await servers.close()
  })
  contract((idle) => redisBackend(redis, { idle }))
  steps(() => redis)

  it('rehearsal, of all servers that serve, succeeds, and a script is loaded where it is run', async () => {
    await redis.rehearse()
    expect(redis.isReady()).toBe(true)
    const limits = redisStore(redis, pino({ level: 'silent' }))('a-route')
    await limits.init?.({ windowMs: 60_000 } as never)
    const visitors = Array.from({ length: 20 }, newId)
    for (const hits of [1, 2])
      for (const visitor of visitors)
        expect(await limits.increment(visitor)).toMatchObject({ totalHits: hits })
  })
})
