import { ErrorReply } from '@redis/client'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { faultOf } from '../../../src/sso/redis/fault-of.ts'
import { RedisRefusesError } from '../../../src/sso/redis/redis-away.ts'
import { connectRedis, type RedisConnection } from '../../../src/sso/redis/redis-connection.ts'
import { redisBackend } from '../../../src/sso/session/backend/redis-backend.ts'
import { type Browser, baseUrl, callbackPath, signIn, stateOf, testApp } from '../../support/app.ts'
import { type MovableName, movableName } from '../../support/movable-name.ts'
import { redisRefusals } from '../../support/redis-refusals.ts'
import { type RedisServer, startRedis, withoutRedis } from '../../support/redis-server.ts'
import { logOut } from '../logto/logto-calls.ts'

const html = { accept: 'text/html' }
const hour = 3_600_000
const later = (milliseconds: number) => vi.setSystemTime(Date.now() + milliseconds)

describe.skipIf(withoutRedis)('Redis, with a connection that answers', () => {
  let server: RedisServer
  let redis: RedisConnection
  const lines: Record<string, unknown>[] = []
  const logger = pino({}, { write: (line: string) => lines.push(JSON.parse(line)) })
  const said = () => lines.map(({ msg }) => msg)
  const open = (settings = {}) =>
    testApp({ backend: redisBackend(redis, { idle: hour }), shared: redis, settings })
  const statusOf = async (browser: Browser, path: string) => (await browser.get(path).set(html)).status

  beforeEach(async () => {
    lines.length = 0
    server = await startRedis()
  })
  afterEach(async () => {
    await redis.close()
    await server.close()
  })

  describe('and a replica behind one name', () => {
    let replica: RedisServer
    let name: MovableName
    beforeEach(async () => {
      replica = await startRedis()
      await replica.command('REPLICAOF', '127.0.0.1', String(server.port))
      await expect.poll(() => replica.command('INFO', 'replication')).toContain('master_link_status:up')
      name = await movableName(server.port)
      redis = await connectRedis({ urls: [`redis://127.0.0.1:${name.port}`], baseUrl }, logger)
    })
    afterEach(async () => {
      await name.close()
      await replica.close()
    })

    it('failover, no connection cut, costs nobody the session and is over by itself', async () => {
      const test = open()
      const browser = test.browser()
      await signIn(browser, test)
      await server.command('WAIT', '1', '5000')

      await replica.command('REPLICAOF', 'NO', 'ONE')
      await server.command('REPLICAOF', '127.0.0.1', String(replica.port))
      name.leadTo(replica.port)
      expect(await statusOf(browser, '/profile')).toBe(200)
      await expect.poll(() => redis.isReady(), { timeout: 5000 }).toBe(true)
      await expect(browser).toBeSignedIn()
      await signIn(test.browser(), test)
      expect(await statusOf(browser, '/readyz')).toBe(200)
      expect(said()).toEqual(['redis is away', 'redis is back'])
      expect(await replica.command('CLIENT', 'LIST')).not.toContain('cmd=replicaof')
    })

    it('read-only for as long as the name leads there, serves who is signed in all the time', async () => {
      const test = open()
      const browser = test.browser()
      await signIn(browser, test)
      await server.command('WAIT', '1', '5000')
      await replica.command('REPLICAOF', 'NO', 'ONE')
      await server.command('REPLICAOF', '127.0.0.1', String(replica.port))
      await expect.poll(() => server.command('INFO', 'replication')).toContain('master_link_status:up')

      const until = Date.now() + 2500 // some connections are made in that time
      while (Date.now() < until) expect(await statusOf(browser, '/profile')).toBe(200)
      expect(await statusOf(browser, '/readyz')).toBe(503)
      expect(said()).toEqual(['redis is away'])
      name.leadTo(replica.port)
      await expect.poll(() => redis.isReady(), { timeout: 5000 }).toBe(true)
    })
  })

  describe.each(redisRefusals)('that refuses writes with %s', (code, refuse, fix) => {
    beforeEach(async () => {
      redis = await connectRedis({ urls: [server.url], baseUrl }, logger)
    })

    it('serves who is signed in, says what it cannot do, and does it once it can', async () => {
      const test = open()
      const [browser, leaving, stranger] = [test.browser(), test.browser(), test.browser()]
      await signIn(browser, test)
      await signIn(leaving, test)
      const state = await stateOf(stranger)
      const callback = callbackPath({ code: test.logto.code(), state })

      await refuse(server)
      expect(await statusOf(browser, '/readyz')).toBe(503)
      for (const path of ['/', '/profile', '/sessions', '/readyz', '/profile'])
        expect(await statusOf(browser, path), path).toBe(path === '/readyz' ? 503 : 200)
      await expect(browser).toBeSignedIn()
      expect(await statusOf(stranger, '/sign-in')).toBe(303)
      expect(await stranger.get(callback).set(html)).toBeErrorPage(503)
      // With its memory full, Redis still lets go.
      if (code === 'OOM') expect(await statusOf(leaving, '/sign-out')).toBe(303)
      else expect(await leaving.get('/sign-out').set(html)).toBeErrorPage(503)
      if (code !== 'OOM') expect((await logOut(test)).status).toBe(503)
      await expect(browser).toBeSignedIn()

      await fix(server)
      await expect.poll(() => statusOf(browser, '/readyz')).toBe(200)
      await stranger.get(callback)
      await expect(stranger).toBeSignedIn()
      expect((await logOut(test)).status).toBe(200)
      await expect(browser).not.toBeSignedIn()
      expect(said()).toEqual(['redis is away', 'redis is back'])
      expect(lines[0]).toMatchObject({ err: { name: 'RedisRefusesError' } })
      expect(test.logs.filter(({ msg }) => /rate limits|session store/.test(String(msg)))).toEqual([])
    })

    it('is no use to a process that starts then, but to read from', async () => {
      const test = open()
      const browser = test.browser()
      await signIn(browser, test)
      await refuse(server)
      const late = await connectRedis({ urls: [server.url], baseUrl }, logger)
      try {
        const other = testApp({ logto: test.logto, backend: redisBackend(late, { idle: hour }) }).browser()
        Object.assign(other, { jar: browser.jar })
        await expect(other).toBeSignedIn()
        expect(late.isReady()).toBe(false)
        await fix(server)
        await expect.poll(() => late.isReady()).toBe(true)
      } finally {
        await late.close()
      }
    })
  })

  it('tokens that run out while no write is taken, keep nobody out within the grace, and no longer', async () => {
    redis = await connectRedis({ urls: [server.url], baseUrl }, logger)
    const test = open()
    const browser = test.browser()
    await signIn(browser, test)
    await server.command('CONFIG', 'SET', 'min-replicas-to-write', '1')
    vi.useFakeTimers({ toFake: ['Date'] })
    later(hour + 1000)
    expect(await statusOf(browser, '/profile')).toBe(200)
    later(hour / 4)
    expect(await statusOf(browser, '/profile')).toBe(503)
    expect(test.logto.renewals).toBe(0)
    await server.command('CONFIG', 'SET', 'min-replicas-to-write', '0')
    await expect.poll(() => statusOf(browser, '/profile')).toBe(200)
    expect(test.logto.renewals).toBe(1)
  })

  it('absolute limit, reached while no write is taken, makes a stranger of the person', async () => {
    redis = await connectRedis({ urls: [server.url], baseUrl }, logger)
    const test = open()
    const browser = test.browser()
    await signIn(browser, test)
    await server.command('CONFIG', 'SET', 'min-replicas-to-write', '1')
    vi.useFakeTimers({ toFake: ['Date'] })
    later(24 * hour + 1000)
    expect(await browser.get('/')).not.toShowSignedIn()
  })

  it('that answers nothing but MASTERDOWN, is away and back as one that is gone', async () => {
    redis = await connectRedis({ urls: [server.url], baseUrl }, logger)
    const test = open()
    const browser = test.browser()
    await signIn(browser, test)
    await server.command('CONFIG', 'SET', 'replica-serve-stale-data', 'no')
    await server.command('REPLICAOF', '127.0.0.1', '1')
    expect(await browser.get('/profile').set(html)).toBeErrorPage(503)
    await server.command('REPLICAOF', 'NO', 'ONE')
    await expect.poll(() => redis.isReady()).toBe(true)
    await expect(browser).toBeSignedIn()
    expect(said()).toEqual(['redis is away', 'redis is back'])
  })

  it('that wants a password we have not, is away until it wants none', async () => {
    await server.command('CONFIG', 'SET', 'requirepass', 'the-password')
    redis = await connectRedis({ urls: [server.url], baseUrl }, logger)
    expect(redis.isReady()).toBe(false)
    expect(JSON.stringify(lines)).toContain('NOAUTH')
    const right = server.url.replace('//', '//:the-password@')
    const other = await connectRedis({ urls: [right], baseUrl }, logger)
    expect(other.isReady()).toBe(true)
    await other.send(undefined, ['CONFIG', 'SET', 'requirepass', ''])
    await other.close()
    await expect.poll(() => redis.isReady()).toBe(true)
  })
})

describe('error reply', () => {
  it.each([
    "READONLY You can't write against a read only replica.",
    "ERR Error running script (call to f_6b1bf486c81ceb7edf3c093f4a08d8bcd0b4fe5c): @user_script:2: @user_script: 2: -READONLY You can't write against a read only replica. ",
    'LOADING Redis is loading the dataset in memory',
    'CLUSTERDOWN The cluster is down',
    'UNBLOCKED force unblock from blocking operation, instance state changed (master -> replica?)',
    'TRYAGAIN Multiple keys request during rehashing of slot',
    'REDIRECT 10.0.0.7:6379',
    'MOVED 3999 10.0.0.7:6379',
    'BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.',
    'ERR ACL failure in script: User app has no permissions to run the set command script: 895b92e, on @user_script:7.',
    'WRONGPASS invalid username-password pair or user is disabled.',
  ])('“%s”, is about the server', (message) => {
    expect(faultOf(new ErrorReply(message))).toBeInstanceOf(RedisRefusesError)
  })

  it.each([
    'ERR wrong number of arguments for ‘get’ command',
    'ERR Error running script (call to f_6b1b): @user_script:1: Script attempted to access nonexistent global variable ‘x’ ',
    'WRONGTYPE Operation against a key holding the wrong kind of value',
    'NOSCRIPT No matching script. Please use EVAL.',
  ])('“%s”, is about the command', (message) => {
    const reply = new ErrorReply(message)
    expect(faultOf(reply)).toBe(reply)
  })
})
