import { setTimeout as pause } from 'node:timers/promises'
import { pino } from 'pino'
import { describe, expect, it, vi } from 'vitest'
import { connectRedis } from '../../../src/sso/redis/redis-connection.ts'
import { memoryBackend } from '../../../src/sso/session/backend/memory-backend.ts'
import { redisBackend } from '../../../src/sso/session/backend/redis-backend.ts'
import type { SessionBackend } from '../../../src/sso/session/backend/session-backend.ts'
import { FakeLogto } from '../../../src/testing/fake-logto.ts'
import { baseUrl, signIn, type TestApp, testApp, testConfig } from '../../support/app.ts'
import { startRedis, withoutRedis } from '../../support/redis-server.ts'
import { audits, logOut, post, signedIn } from '../logto/logto-calls.ts'

describe('POST /backchannel-logout, again', () => {
  it('logout by sub, sign-in again in browser A, leaves browser B out', async () => {
    const test = testApp()
    const [a, b] = [await signedIn(test), await signedIn(test)]
    await logOut(test)
    await pause(2)
    await signIn(a, test)
    await expect(a).toBeSignedIn()
    await expect(b).not.toBeSignedIn()
  })

  it('logout token, sent again to any process, is refused and ends nothing', async () => {
    const one = testApp()
    const two = testApp({ backend: one.backend, logto: one.logto })
    const token = await one.logto.logoutToken()
    const browser = await signedIn(one)
    expect((await post(one, { logout_token: token })).status).toBe(200)
    await pause(2)
    await signIn(browser, one)
    for (const test of [one, two]) {
      expect((await post(test, { logout_token: token })).status).toBe(400)
      expect(audits(test, 'refused')).toEqual([expect.objectContaining({ why: 'logout_token_jti' })])
    }
    await expect(browser).toBeSignedIn()
  })

  it('logout token, sent twenty times at once to two processes, is taken once', async () => {
    const backend = memoryBackend({ idle: 3_600_000 })
    // Slow enough for all to have looked before the first has ended anything.
    const removeByName: SessionBackend['removeByName'] = async (name) => {
      await pause(200)
      return backend.removeByName(name)
    }
    const one = testApp({ backend: { ...backend, removeByName } })
    const two = testApp({ backend: { ...backend, removeByName }, logto: one.logto })
    await signedIn(one)
    const token = await one.logto.logoutToken()
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, at) => post(at % 2 ? one : two, { logout_token: token })),
    )
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, ...Array(19).fill(400)])
    expect([...audits(one, 'ended'), ...audits(two, 'ended')]).toHaveLength(1)
  })

  it('logout token, kept until it has run out, is refused at every moment', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const test = testApp()
    const start = Math.ceil(Date.now() / 1000) * 1000
    for (const claims of [{}, { exp: start / 1000 + 3600 }]) {
      vi.setSystemTime(start)
      const token = await test.logto.logoutToken({ claims })
      expect((await post(test, { logout_token: token })).status).toBe(200)
      const spare = await test.logto.logoutToken({ claims })
      // The last moment that a token of that age is taken at, and the moments around it.
      for (const seconds of [1, 119, 179, 179.999, 180, 299, 359, 360, 360.999, 361]) {
        vi.setSystemTime(start + seconds * 1000)
        expect((await post(test, { logout_token: token })).status, `${seconds} s`).toBe(400)
      }
      expect((await post(test, { logout_token: spare })).status).toBe(400)
    }
    const why = audits(test, 'refused').map((line) => line.why)
    expect(why.filter((word) => word === 'logout_token_jti')).toHaveLength(4 + 9)
  })
})

describe.skipIf(withoutRedis)('POST /backchannel-logout, over Redis', () => {
  async function processes() {
    const server = await startRedis()
    const silent = pino({ level: 'silent' })
    const connections = await Promise.all([
      connectRedis({ urls: [server.url], baseUrl }, silent),
      connectRedis({ urls: [server.url], baseUrl }, silent),
    ])
    const logto = new FakeLogto()
    const [one, two] = connections.map((redis) =>
      testApp({ logto, backend: redisBackend(redis, testConfig().sessions) }),
    ) as [TestApp, TestApp]
    const close = async () => {
      await Promise.all(connections.map((redis) => redis.close()))
      await server.close()
    }
    return { server, one, two, logto, close }
  }

  it('logout, two processes, is seen by both and taken once', async () => {
    const { one, two, logto, close } = await processes()
    const browsers = [await signedIn(one), await signedIn(two, { sid: 'session-2' })]
    const token = await logto.logoutToken()
    expect((await post(one, { logout_token: token })).status).toBe(200)
    for (const browser of browsers) await expect(browser).not.toBeSignedIn()
    expect((await post(two, { logout_token: token })).status).toBe(400)
    expect(audits(one, 'ended')).toHaveLength(2)
    await close()
  })

  it('logout, Redis hanging, is a 503, and the same token is taken when it goes on', async () => {
    const { server, one, two, logto, close } = await processes()
    const browser = await signedIn(one)
    await signedIn(two) // so that both know Logto
    const token = await logto.logoutToken()
    server.freeze()
    const startedAt = performance.now()
    const response = await post(two, { logout_token: token })
    expect(response).toMatchObject({ status: 503, body: { error: 'temporarily_unavailable' } })
    expect(performance.now() - startedAt).toBeLessThan(2000)
    server.thaw()
    await expect
      .poll(async () => (await post(two, { logout_token: token })).status, { timeout: 5000 })
      .toBe(200)
    await expect(browser).not.toBeSignedIn()
    await close()
  })
})
