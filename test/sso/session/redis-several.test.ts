import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openPlace } from '../../../src/companies/index.ts'
import { loadConfig } from '../../../src/settings/config.ts'
import { keyPrefix } from '../../../src/settings/values/app-tag.ts'
import type { RedisAddress } from '../../../src/settings/values/redis-address.ts'
import { connectRedis, type RedisConnection } from '../../../src/sso/redis/redis-connection.ts'
import { redisStore } from '../../../src/sso/redis/redis-counts.ts'
import { redisBackend } from '../../../src/sso/session/backend/redis-backend.ts'
import { baseUrl } from '../../support/app.ts'
import { freePorts } from '../../support/free-ports.ts'
import { movableName } from '../../support/movable-name.ts'
import { startCluster } from '../../support/redis-cluster.ts'
import { passwords, startWatchedRedis } from '../../support/redis-sentinels.ts'
import { type RedisServer, startRedis, withoutRedis } from '../../support/redis-server.ts'
import { contract, newId, steps } from './backend-contract.ts'

/** What a user of the app's own may do, as the README has it. */
const rights = [
  `~${keyPrefix({ baseUrl })}*`,
  ...['+@connection', '+@read', '+@write', '+@scripting', '-@dangerous', '+cluster|slots'],
]

/** Redis that is more than one server, and how it is reached. */
const several: Array<
  [string, () => Promise<RedisAddress & { servers: RedisServer[]; close: () => Promise<void> }>]
> = [
  [
    'a cluster',
    async () => {
      const { url, primaries, close } = await startCluster()
      for (const { command } of primaries)
        await command('ACL', 'SETUSER', 'app', 'on', '>the-password', ...rights)
      return { urls: url.replaceAll('//', '//app:the-password@').split(','), close, servers: primaries }
    },
  ],
  [
    'Sentinels',
    async () => {
      const { url, sentinels, primary, close } = await startWatchedRedis()
      return { urls: [url], sentinels, close, servers: [primary] }
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
    for (const { command } of servers.servers)
      expect(await command('CLIENT', 'LIST')).toContain(`name=${redis.prefix.slice(0, -1)} `)
    const limits = redisStore(redis, pino({ level: 'silent' }))('a-route')
    await limits.init?.({ windowMs: 60_000 } as never)
    const visitors = Array.from({ length: 20 }, newId)
    for (const hits of [1, 2])
      for (const visitor of visitors)
        expect(await limits.increment(visitor)).toMatchObject({ totalHits: hits })
  })
})

describe.skipIf(withoutRedis)('one node of a cluster', () => {
  it('node, named alone, leads to the others, for the app and for its commands', async () => {
    const { primaries, close } = await startCluster()
    const [, node] = primaries
    try {
      const REDIS_URL = node?.url ?? ''
      const redis = await connectRedis({ urls: [REDIS_URL], baseUrl }, pino({ level: 'silent' }))
      const ids = Array.from({ length: 50 }, newId)
      for (const id of ids) expect(await redisBackend(redis, { idle: 9000 }).markUsed(id, 9000)).toBe(true)
      for (const { keys } of primaries) expect(await keys()).not.toEqual([])
      await redis.close()

      const place = await openPlace(loadConfig({ REDIS_URL }))
      const record = { version: '1', put: new Map([['a', '{}']]), dropped: [] }
      expect(await place.write('company', undefined, record)).toBe(true)
      expect(await place.read('company')).toEqual({ version: '1', texts: record.put })
      await place.close()
    } finally {
      await close()
    }
  })
})

describe.skipIf(withoutRedis)('nodes of a cluster that have taken the place of all others', () => {
  it('cluster, whose named node is gone for good, is found again by the nodes that were known', async () => {
    const { primaries, close } = await startCluster()
    const name = await movableName(primaries[0]?.port ?? 0)
    try {
      const urls = [`redis://127.0.0.1:${name.port}`]
      const redis = await connectRedis({ urls, baseUrl }, pino({ level: 'silent' }))
      const ready = () => redis.rehearse().then(redis.isReady, () => false)
      expect(await ready()).toBe(true)
      await name.close()
      primaries[1]?.freeze()
      await primaries[1]?.kill()
      await expect.poll(ready).toBe(false)
      await primaries[1]?.start()
      await expect.poll(ready).toBe(true)
      await redis.close()
    } finally {
      await close()
    }
  })
})

describe.skipIf(withoutRedis)('a Sentinel that is cut off from the others', () => {
  it('Sentinel, which names another primary, is not believed, nor the one that knows of an older takeover', async () => {
    const watched = await startWatchedRedis()
    const old = await startRedis({ password: passwords.redis })
    const file = join(old.folder, 'sentinel.conf')
    const [port = 0] = await freePorts(1)
    const monitored = `sentinel monitor the-primary 127.0.0.1 ${old.port} 2`
    writeFileSync(file, [`port ${port}`, monitored, `requirepass ${passwords.sentinel}`, ''].join('\n'))
    const cutOff = await startRedis({ port, password: passwords.sentinel, sentinel: file })
    const sentinels = [cutOff.url, ...watched.sentinels]
    const written = async () => {
      const redis = await connectRedis({ urls: [watched.url], sentinels, baseUrl }, pino({ level: 'silent' }))
      const key = `${redis.prefix}${newId()}`
      await redis.run((client) => client.set(key, 'here'))
      await redis.close()
      return key
    }
    try {
      const before = await written()
      expect(await watched.primary.get(before)).toBe('here')

      const [first, ...others] = watched.watchers
      await first?.command('SENTINEL', 'FAILOVER', 'the-primary')
      await expect.poll(() => watched.replica.command('INFO', 'replication')).toContain('role:master')
      const isNew = async () =>
        String(await first?.command('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', 'the-primary'))
      await expect.poll(isNew).toContain(String(watched.replica.port))
      for (const watcher of others) watcher.freeze()
      expect(await watched.replica.get(await written())).toBe('here')
    } finally {
      await Promise.all([cutOff.close(), old.close(), watched.close()])
    }
  })
})
