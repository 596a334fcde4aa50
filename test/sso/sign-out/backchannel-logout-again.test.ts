import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, it, vi } from 'vitest'
import { memoryBackend } from '../../../src/sso/session/backend/memory-backend.ts'
import type { SessionBackend } from '../../../src/sso/session/backend/session-backend.ts'
import { signIn, testApp } from '../../support/app.ts'
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
