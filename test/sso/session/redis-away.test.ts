import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { connectRedis, type RedisConnection } from '../../../src/sso/redis/redis-connection.ts'
import { redisBackend } from '../../../src/sso/session/backend/redis-backend.ts'
import { baseUrl, callbackPath, signIn, stateOf, testApp } from '../../support/app.ts'
import { type RedisServer, startRedis, withoutRedis } from '../../support/redis-server.ts'

const html = { accept: 'text/html' }
const hour = 3_600_000

describe.skipIf(withoutRedis)('Redis away', () => {
  let server: RedisServer
  let redis: RedisConnection
  const lines: Record<string, unknown>[] = []
  const logger = pino({}, { write: (line: string) => lines.push(JSON.parse(line)) })
  const open = () => testApp({ backend: redisBackend(redis, { idle: hour }) })

  beforeEach(async () => {
    lines.length = 0
    server = await startRedis({ durable: true })
    redis = await connectRedis({ urls: [server.url], baseUrl }, logger)
  })
  afterEach(async () => {
    await redis.close()
    await server.close()
  })

  it.each<[string, () => Promise<void>, () => Promise<void>]>([
    ['killed', () => server.kill(), () => server.start()],
    ['hanging', async () => server.freeze(), async () => server.thaw()],
  ])(
    'Redis, %s, costs nobody the session, answers in two seconds, and is used again once it is back',
    async (_what, away, back) => {
      const test = open()
      const browser = test.browser()
      await signIn(browser, test)
      const stranger = test.browser()
      const begun = await stateOf(stranger)
      const callback = callbackPath({ code: test.logto.code(), state: begun })

      await away()
      const timed = async (path: string, who = browser) => {
        const start = performance.now()
        const response = await who.get(path).set(html)
        expect(performance.now() - start, path).toBeLessThan(2000)
        expect(response.headers['set-cookie']?.[0] ?? '', path).not.toMatch(/^sso_\w{5}_session=/)
        return response
      }
      for (let round = 0; round < 2; round++) {
        expect(await timed('/profile')).toBeErrorPage(503)
        const home = await timed('/')
        expect(home.status).toBe(200)
        expect(home.text).toContain('data-signed-in="false"')
        expect((await timed('/sign-in')).status).toBe(303)
      }
      expect(await timed(callback, stranger)).toBeErrorPage(503)
      expect(redis.isReady()).toBe(false)

      await back()
      await expect.poll(() => redis.isReady()).toBe(true)
      expect((await browser.get('/profile').set(html)).text).toContain('Erin Employee')
      // The attempt was not used up by the callback that could not be finished.
      await stranger.get(callback)
      await expect(stranger).toBeSignedIn()
    },
  )

  it('Redis, hanging and asked by nobody yet, makes the process not ready', async () => {
    const browser = open().browser()
    expect((await browser.get('/readyz')).status).toBe(200)
    server.freeze()
    expect((await browser.get('/readyz')).status).toBe(503)
    expect((await browser.get('/healthz')).status).toBe(200)
    server.thaw()
    await expect.poll(async () => (await browser.get('/readyz')).status).toBe(200)
  })

  it('Redis, dead without a word, is connected to anew', async () => {
    const test = open()
    const browser = test.browser()
    await signIn(browser, test)
    server.freeze()
    await expect
      .poll(async () => {
        await browser.get('/')
        return lines.map(({ msg }) => msg)
      })
      .toContain('redis is away')
    server.thaw()
    await expect.poll(() => redis.isReady()).toBe(true)
    await expect(browser).toBeSignedIn()
    expect(lines.map(({ msg }) => msg)).toEqual(['redis is away', 'redis is back'])
  })

  it('Redis, whose answer came in time while this process was busy, is not away', async () => {
    const answer = redis.send('nothing', ['BLPOP', 'nothing', '0.2'])
    await server.command('PING') // by then the other is sent
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 700) // longer than a command may take
    expect(await answer).toBeNull()
    await redis.rehearse()
    expect(lines).toEqual([])
  })

  it('Redis, away at the start, is waited for and then used', async () => {
    await server.kill()
    const late = await connectRedis({ urls: [server.url.replace('//', '//:the-password@')], baseUrl }, logger)
    expect(late.isReady()).toBe(false)
    await expect(late.run((client) => client.get('a'))).rejects.toThrow('not connected')
    expect(JSON.stringify(lines)).not.toContain('the-password')
    await late.close()
    const right = await connectRedis({ urls: [server.url], baseUrl }, logger)
    await server.start()
    await expect.poll(() => right.isReady()).toBe(true)
    expect(await right.run((client) => client.get('a'))).toBeNull()
    await right.close()
  })

  it('Redis, refusing a command, is not away', async () => {
    await server.command('LPUSH', 'a', 'b')
    await expect(redis.run((client) => client.get('a'))).rejects.toThrow('WRONGTYPE')
    expect(redis.isReady()).toBe(true)
  })
})
