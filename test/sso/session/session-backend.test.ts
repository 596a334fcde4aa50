import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connectRedis, type RedisConnection } from '../../../src/sso/redis/redis-connection.ts'
import { memoryBackend } from '../../../src/sso/session/backend/memory-backend.ts'
import { redisBackend } from '../../../src/sso/session/backend/redis-backend.ts'
import { baseUrl } from '../../support/app.ts'
import { givenRedis, type RedisServer, startRedis, withoutRedis } from '../../support/redis-server.ts'
import { contract, hour, newId, row, steps } from './backend-contract.ts'

describe('sessions in memory', () => {
  contract((idle) => memoryBackend({ idle }))

  it('sessions, more than it holds, push out the one unused longest, its name with it', async () => {
    const backend = memoryBackend({ idle: hour, maximum: 100 })
    const first = row({ names: ['sub:first'] })
    await backend.create(first)
    const others = Array.from({ length: 100 }, () => row())
    for (const other of others) await backend.create(other)
    expect(await backend.read(first.id)).toBeUndefined()
    expect(await backend.findByName('sub:first')).toEqual([])
    expect(await backend.read(others[99]?.id ?? '')).toBeDefined()
  })
})

describe.skipIf(withoutRedis && !givenRedis)('sessions in Redis', () => {
  let server: RedisServer | undefined
  let redis: RedisConnection
  beforeAll(async () => {
    server = withoutRedis ? undefined : await startRedis()
    redis = await connectRedis(
      { urls: [server?.url ?? givenRedis ?? ''], baseUrl },
      pino({ level: 'silent' }),
    )
  })
  afterAll(async () => {
    await redis.close()
    await server?.close()
  })
  contract((idle) => redisBackend(redis, { idle }))
  steps(() => redis)

  it('index, its last row run out, is gone with it, and so is every mark in time', async () => {
    const backend = redisBackend(redis, { idle: hour })
    const made = row({ names: [`sub:${newId()}`, `sid:${newId()}`], endsAt: Date.now() + 1000 })
    await backend.create(made)
    const all = async () => (await redis.send(undefined, ['KEYS', `${redis.prefix}*`])) as string[]
    const mine = async () => (await all()).filter((key) => made.names.some((name) => key.endsWith(name)))
    expect(await mine()).toHaveLength(2)
    await expect.poll(mine, { timeout: 5000 }).toEqual([])
    const keys = await all()
    const left = await Promise.all(keys.map((key) => redis.send(key, ['PTTL', key])))
    expect(keys.filter((_, at) => Number(left[at]) <= 0)).toEqual([])
  })
})
