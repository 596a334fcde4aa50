import { createClient } from '@redis/client'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { testApp } from '../support/app.ts'
import { type RedisServer, startRedis, withoutRedis } from '../support/redis-server.ts'

/** The one Redis of this file, behind a line that can be cut. */
const redis = { send: async (..._command: string[]): Promise<unknown> => undefined }
let fault: (() => Promise<never>) | undefined
const shared = {
  prefix: 'sso:test:',
  send: (_key: string | undefined, command: string[]) => (fault ? fault() : redis.send(...command)),
}

let server: RedisServer
let close: () => void

beforeAll(async () => {
  if (withoutRedis) return
  server = await startRedis()
  const client = createClient({ url: server.url })
  client.on('error', () => undefined)
  await client.connect()
  redis.send = (...command) => client.sendCommand(command)
  close = () => client.destroy()
})
afterAll(async () => {
  if (withoutRedis) return
  close()
  await server.close()
})
beforeEach(async () => {
  fault = undefined
  if (!withoutRedis) await redis.send('FLUSHALL')
})

const app = () => testApp({ settings: { RATE_LIMIT: '3' }, shared })
const status = async ({ browser }: ReturnType<typeof app>, path = '/sign-in') =>
  (await browser().get(path)).status
const warnings = ({ logs }: ReturnType<typeof app>) => logs.filter(({ level }) => Number(level) >= 40)

describe.skipIf(withoutRedis)('rate limits in Redis', () => {
  it('limit of 3, two processes, is reached together and by route', async () => {
    const [one, two] = [app(), app()]
    for (const process of [one, two, one]) expect(await status(process)).toBe(303)
    expect(await status(two)).toBe(429)
    expect(await status(one)).toBe(429)
    expect(await status(one, '/callback')).toBe(400)
    const response = await two.browser().get('/sign-in')
    expect(Number(response.headers['retry-after'])).toBeGreaterThan(50)
    expect([one, two].flatMap(warnings)).toEqual([])
  })

  it('limit, its keys, are named by route and run out within the minute', async () => {
    await status(app())
    const keys = (await redis.send('KEYS', '*')) as string[]
    expect(keys).toEqual([expect.stringMatching(/^sso:test:rate-limit:sign-in:.*127\.0\.0\.1$/)])
    const left = Number(await redis.send('PTTL', keys[0] ?? ''))
    expect(left).toBeGreaterThan(0)
    expect(left).toBeLessThanOrEqual(60_000)
  })

  it.each([
    ['refuses', () => Promise.reject(new Error('Connection refused'))],
    ['hangs', () => new Promise<never>(() => undefined)],
  ])('Redis that %s, lets everybody through soon and is said once', async (_, broken) => {
    const one = app()
    expect(await status(one)).toBe(303)
    fault = broken
    for (let request = 0; request < 5; request++) {
      const started = performance.now()
      expect(await status(one)).toBe(303)
      expect(performance.now() - started).toBeLessThan(1000)
    }
    expect(warnings(one)).toEqual([
      expect.objectContaining({ level: 40, msg: expect.stringContaining('Redis') }),
    ])
    fault = undefined
    expect([await status(one), await status(one), await status(one)]).toEqual([303, 303, 429])
    fault = broken
    expect(await status(one)).toBe(303)
    expect(warnings(one), 'the next outage is said again').toHaveLength(2)
  })

  it('Redis away when the process starts, counts once it is there', async () => {
    await redis.send('SCRIPT', 'FLUSH')
    fault = () => Promise.reject(new Error('Connection refused'))
    const one = app()
    expect(await status(one)).toBe(303)
    fault = undefined
    for (let request = 0; request < 3; request++) expect(await status(one)).toBe(303)
    expect(await status(one)).toBe(429)
  })

  it('Redis restarted empty, goes on counting and has nothing to say', async () => {
    const one = app()
    expect(await status(one)).toBe(303)
    await redis.send('SCRIPT', 'FLUSH')
    for (let request = 0; request < 2; request++) expect(await status(one)).toBe(303)
    expect(await status(one)).toBe(429)
    expect(warnings(one)).toEqual([])
  })
})
