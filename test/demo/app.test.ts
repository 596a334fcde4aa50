import { describe, expect, it } from 'vitest'
import { memoryBackend } from '../../src/sso/session/backend/memory-backend.ts'
import type { SessionBackend } from '../../src/sso/session/backend/session-backend.ts'
import { callbackPath, signIn, testApp } from '../support/app.ts'
import { cookieIn, cookiesIn, stateIn } from '../support/responses.ts'

describe('an app under a path', () => {
  it('base path of several segments on https, sign-in and sign-out, stay below it', async () => {
    const url = 'https://app.test/some/path'
    const test = testApp({ settings: { BASE_URL: url, TRUST_PROXY: '1' } })
    const ask = (path: string, cookie = '') =>
      test.browser().get(`/some/path${path}`).set({ cookie, 'x-forwarded-proto': 'https' })
    const begun = await ask('/sign-in?return_to=/some/path/deep?a=1')
    const query = callbackPath({ code: test.logto.code(), state: stateIn(begun) })
    const finished = await ask(query, cookieIn(begun, 'attempt'))
    expect(finished).toRedirectTo(`${url}/deep?a=1`)
    for (const cookie of [...cookiesIn(begun), ...cookiesIn(finished)]) {
      expect(cookie).toMatch(/^__Host-[^;]+;.* Path=\/;.* Secure/)
    }
    const session = cookieIn(finished, 'session')
    const home = await ask('/', session)
    expect(home).toShowSignedIn()
    expect(home.text).toContain(`href="${url}/sign-out"`)
    const out = await ask('/sign-out', session)
    expect(new URL(out.headers.location ?? '').searchParams.get('post_logout_redirect_uri')).toBe(`${url}/`)
    expect(await ask('/', session)).not.toShowSignedIn()
  })

  it('base path, its error pages and assets, stay below it', async () => {
    const { browser } = testApp({ settings: { BASE_URL: 'https://app.test/some/path' } })
    const lost = await browser().get('/some/path/nowhere')
    expect(lost).toBeErrorPage(404)
    expect(lost.text).toContain('href="https://app.test/some/path/"')
    const style = /href="([^"]+style\.css[^"]*)"/.exec(lost.text)?.[1] ?? ''
    expect(style).toMatch(/^\/some\/path\/sso\/assets\//)
    expect((await browser().get(style)).status).toBe(200)
  })

  it.each(['/', '/sign-in', '/some', '/some/pathology/sign-in', '/some/path/Some/Path/sign-in'])(
    'base path, %s beside it or below it twice, is not found',
    async (path) => {
      const { browser, logs } = testApp({
        settings: { BASE_URL: 'https://app.test/some/path', TRUST_PROXY: '1' },
      })
      const hints = () => logs.filter(({ level }) => level === 40)
      for (const inside of ['/some/path', '/SOME/path/nowhere', '/some/path?a=1', '/readyz']) {
        await browser().get(inside)
      }
      expect(hints()).toEqual([])
      for (let count = 0; count < 2; count++) {
        const outside = await browser().get(path)
        expect(outside).toBeErrorPage(404)
        expect(outside.headers['cache-control']).toBe('private, no-store')
      }
      expect(hints()).toEqual([expect.objectContaining({ msg: expect.stringContaining('/some/path') })])
    },
  )
})

describe('an unexpected error in one request', () => {
  const explode = (): never => {
    throw new Error('exploded')
  }
  const faults: [string, SessionBackend['read']][] = [
    ['a store that throws', explode],
    ['a store that reports an error', async () => explode()],
  ]
  it.each(faults)('error, %s, is a 503 and the next request is answered', async (_what, read) => {
    const good = testApp()
    const cookie = cookieIn(await signIn(good.browser(), good), 'session') ?? ''
    const { browser, logs } = testApp({ backend: { ...memoryBackend({ idle: 3_600_000 }), read } })
    expect(await browser().get('/profile').set({ cookie, accept: 'text/html' })).toBeErrorPage(503)
    expect((await browser().get('/')).status).toBe(200)
    expect(logs.filter(({ msg }) => msg === 'request').map(({ level }) => level)).toEqual([50, 30])
  })
})
