import { beforeEach, describe, expect, it, vi } from 'vitest'
import { memoryBackend } from '../../../src/sso/session/backend/memory-backend.ts'
import { mostOfOneName, type NewRow } from '../../../src/sso/session/backend/session-backend.ts'
import { FakeLogto, paths } from '../../../src/testing/fake-logto.ts'
import { baseUrl, signedInApp, signIn, startSignIn, testApp } from '../../support/app.ts'
import { cookieIn } from '../../support/responses.ts'
import { watchedBackend } from '../../support/watched-backend.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] })
})
const later = (seconds: number) => vi.setSystemTime(Date.now() + seconds * 1000)
const seconds = () => Math.floor(Date.now() / 1000)

/** Somebody signed in, whose access token outlives all limits. */
async function person(settings: Record<string, string> = {}, claims: Record<string, unknown> = {}) {
  const logto = new FakeLogto()
  logto.expiresIn = 10 * 86_400
  const idle = Number(settings.SESSION_IDLE_SECONDS ?? 28_800) * 1000
  const test = testApp({ logto, backend: watchedBackend(memoryBackend({ idle })), settings })
  const browser = test.browser()
  const response = await signIn(browser, test, '/sign-in', { claims })
  return { ...test, browser, response, backend: test.backend as ReturnType<typeof watchedBackend> }
}

describe('the idle limit', () => {
  it.each([
    ['eight hours by default', {}, 28_800],
    ['as set', { SESSION_IDLE_SECONDS: '60' }, 60],
  ])('session, idle, %s, ends; used in between, it does not', async (_what, settings, limit) => {
    const { browser, backend } = await person(settings)
    for (const _ of [1, 2]) {
      later(limit - 5)
      await expect(browser).toBeSignedIn()
    }
    later(limit + 1)
    await expect(browser).not.toBeSignedIn()
    expect(await backend.ids()).toEqual([])
  })
})

describe('the absolute limit', () => {
  it.each([
    ['a day by default', { SESSION_IDLE_SECONDS: '40000' }, 86_400],
    ['as set', { SESSION_ABSOLUTE_SECONDS: '120', SESSION_IDLE_SECONDS: '100' }, 120],
  ])('session, busy, %s, ends all the same, with nothing left of it', async (_what, settings, limit) => {
    const { browser, backend, logs } = await person(settings)
    for (let passed = 0; passed < 3; passed++) {
      later(limit / 3 - 2)
      await expect(browser).toBeSignedIn()
    }
    later(7)
    await expect(browser).not.toBeSignedIn()
    expect(await backend.ids()).toEqual([])
    const ends = logs.filter(({ audit }) => audit === 'ended')
    expect(ends.length).toBeLessThanOrEqual(1)
  })

  it('session, looked at shortly before its end, is gone from the store at its end, though it idles on', async () => {
    const { browser, backend } = await person({
      SESSION_ABSOLUTE_SECONDS: '120',
      SESSION_IDLE_SECONDS: '100',
    })
    later(60)
    await expect(browser).toBeSignedIn()
    later(61)
    expect(await backend.ids()).toEqual([])
  })

  it('session, past its end and still in a store that is late, is refused and says so once', async () => {
    const backend = memoryBackend({ idle: 3_600_000 })
    const late = {
      ...backend,
      create: (row: NewRow) => backend.create({ ...row, endsAt: undefined }),
      endBy: async () => {},
    }
    const logto = new FakeLogto()
    logto.expiresIn = 86_400
    const { test, browser } = await signedInApp({
      logto,
      backend: late,
      settings: { SESSION_ABSOLUTE_SECONDS: '60' },
    })
    later(61)
    await expect(browser).not.toBeSignedIn()
    await expect(browser).not.toBeSignedIn()
    expect(test.logs.filter(({ audit }) => audit === 'ended')).toEqual([
      expect.objectContaining({ by: 'absolute_limit', sub: 'user-1' }),
    ])
  })

  it('sessions of one person, more than are kept, end the oldest, whose token is revoked', async () => {
    const test = testApp({ settings: { RATE_LIMIT: '0' } })
    const [oldest, next, other] = [test.browser(), test.browser(), test.browser()]
    for (const browser of [oldest, next]) await signIn(browser, test)
    test.logto.claims = { sub: 'user-2' }
    await signIn(other, test)
    test.logto.claims = {}
    for (let count = 2; count < mostOfOneName; count++) await signIn(test.browser(), test)
    await expect(oldest).toBeSignedIn()
    await signIn(test.browser(), test)
    await expect(oldest).not.toBeSignedIn()
    for (const browser of [next, other]) await expect(browser).toBeSignedIn()
    await expect.poll(() => test.logto.callsTo(paths.revocation)).toBe(1)
    expect(test.logs.filter(({ audit }) => audit === 'ended')).toEqual([
      expect.objectContaining({ by: 'too_many_sessions', sub: 'user-1' }),
    ])
  })

  it.each([
    ['86400', '86339'],
    ['1234', '1173'],
    ['3', '2'],
    ['1', '0'],
  ])('sign-in, the limit %s, asks Logto for a proof of identity of at most %s s', async (limit, maximum) => {
    const { browser } = testApp({ settings: { SESSION_ABSOLUTE_SECONDS: limit } })
    expect((await startSignIn(browser(), '/sign-in?ui_locales=ja')).get('max_age')).toBe(maximum)
    expect((await startSignIn(browser(), '/sign-in?ui_locales=ja')).get('ui_locales')).toBe('ja')
  })

  it('identity, proved a while before the sign-in, counts from then', async () => {
    const { browser } = await person({ SESSION_ABSOLUTE_SECONDS: '600' }, { auth_time: seconds() - 500 })
    later(95)
    await expect(browser).toBeSignedIn()
    later(10)
    await expect(browser).not.toBeSignedIn()
  })

  it('identity, proved in Logto’s future, makes no session longer', async () => {
    const { browser } = await person({ SESSION_ABSOLUTE_SECONDS: '600' }, { auth_time: seconds() + 50 })
    later(602)
    await expect(browser).not.toBeSignedIn()
  })

  it.each([
    ['proved too long ago', { auth_time: 1 }],
    ['ended at the provider already', { session_expiry: 1 }],
  ])('identity, %s, begins no session and offers to prove it anew', async (_what, claims) => {
    const { browser, response, backend } = await person({}, claims)
    expect(response).toBeErrorPage(403)
    expect(response.text).toContain(`href="${baseUrl}/sign-in?prompt=login+consent"`)
    expect(cookieIn(response, 'session')).toBeUndefined()
    expect(await backend.ids()).toEqual([])
    await expect(browser).not.toBeSignedIn()
  })
})
