import { afterEach, describe, expect, it, vi } from 'vitest'
import { RedisAwayError } from '../../../src/sso/redis/redis-away.ts'
import { memoryBackend } from '../../../src/sso/session/backend/memory-backend.ts'
import { signedInApp, signIn, testApp } from '../../support/app.ts'
import { cookieIn, cookieName } from '../../support/responses.ts'

afterEach(() => {
  vi.restoreAllMocks()
})

const methods = ['create', 'read', 'replace', 'endBy', 'remove', 'markUsed', 'lease'] as const

describe('visitor', () => {
  it.each(['/', '/profile'])('visitor, signed in, %s, costs one look into the store', async (path) => {
    const backend = memoryBackend({ idle: 3_600_000 })
    const { browser } = await signedInApp({ backend, settings: { SESSION_IDLE_SECONDS: '3600' } })
    const calls = methods.map((name) => vi.spyOn(backend, name))
    const response = await browser.get(path)
    expect(response.text).toContain('Erin Employee')
    expect(response.headers['set-cookie']).toBeUndefined()
    expect(calls.filter(({ mock }) => mock.calls.length > 0).map((call) => call.getMockName())).toEqual([
      'read',
    ])
    expect(backend.read).toHaveBeenCalledOnce()
  })

  it.each([
    ['without a cookie', ''],
    ['with cookies of others', `theme=dark; ${cookieName('try')}.x=y`],
    ['with a session cookie that we did not sign', `${cookieName('session')}=s%3Aid.forged`],
  ])('visitor, %s, costs the store nothing', async (_what, cookie) => {
    const backend = memoryBackend({ idle: 3_600_000 })
    const calls = methods.map((name) => vi.spyOn(backend, name))
    const response = await testApp({ backend }).browser().get('/').set('cookie', cookie)
    expect(response).not.toShowSignedIn()
    for (const call of calls) expect(call).not.toHaveBeenCalled()
  })

  it('visitor, whose row is rubbish, is nobody', async () => {
    const good = testApp()
    const cookie = cookieIn(await signIn(good.browser(), good), 'session') ?? ''
    const whole = {
      ...{ logto: {}, claims: { sub: 'user-1', name: 'Erin Employee' } },
      ...{ startedAt: 1, endsAt: Date.now() + 3_600_000 },
    }
    const show = async (text: string, path = '/') => {
      const backend = { ...memoryBackend({ idle: 3_600_000 }), read: async () => text }
      return testApp({ backend }).browser().get(path).set('cookie', cookie)
    }
    expect(await show(JSON.stringify(whole))).toShowSignedIn()
    // With which tokens, whose, and until when: without one of them it is nobody's.
    const parts = [{ logto: null }, { claims: {} }, { claims: 'user-1' }, { endsAt: undefined }]
    const halves = parts.map((without) => JSON.stringify({ ...whole, ...without }))
    for (const text of ['', 'null', '{}', '[]', ...halves]) {
      const response = await show(text)
      expect(response.status, text).toBe(200)
      expect(response, text).not.toShowSignedIn()
      expect((await show(text, '/profile')).status, text).toBe(401)
    }
  })

  it('visitor, whose row cannot be told when it ends, is served as ever', async () => {
    const backend = memoryBackend({ idle: 3_600_000 })
    const endBy = vi.fn(() => Promise.reject(new Error('out of order')))
    const { browser } = await signedInApp({
      backend: { ...backend, endBy },
      settings: { SESSION_ABSOLUTE_SECONDS: '60' },
    })
    await expect(browser).toBeSignedIn()
    expect(endBy).toHaveBeenCalled()
  })

  it.each([
    ['fails', new Error('out of order'), 2],
    // Its connection has said so.
    ['is known to be away', new RedisAwayError('not connected'), 0],
  ])(
    'visitor, while the store %s, is known to nobody and the fault is logged once',
    async (_how, fault, lines) => {
      const good = testApp()
      const cookie = cookieIn(await signIn(good.browser(), good), 'session') ?? ''
      const backend = {
        ...memoryBackend({ idle: 3_600_000 }),
        read: () => Promise.reject(fault),
      }
      const { browser, logs } = testApp({ backend })
      expect(await browser().get('/').set('cookie', cookie)).not.toShowSignedIn()
      expect(await browser().get('/profile').set('cookie', cookie).set('accept', 'text/html')).toBeErrorPage(
        503,
      )
      expect(logs.filter(({ msg }) => msg === 'the session store failed')).toHaveLength(lines)
    },
  )
})
