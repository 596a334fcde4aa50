import { describe, expect, it, vi } from 'vitest'
import { memoryStore } from '../../src/sso/rate-limits.ts'
import { paths } from '../../src/testing/fake-logto.ts'
import { down } from '../../src/testing/logto-answers.ts'
import { type Browser, signIn, testApp } from '../support/app.ts'
import { logOut, post } from './logto/logto-calls.ts'

const limited = [
  ['get', '/sign-in'],
  ['get', '/callback'],
  ['post', '/backchannel-logout'],
  ['post', '/webhooks/logto'],
] as const

const behindProxy = (limit: number) => ({ RATE_LIMIT: String(limit), TRUST_PROXY: '1' })
const from = (browser: Browser, address: string, path = '/sign-in') =>
  browser.get(path).set('x-forwarded-for', address)

describe('rate limits', () => {
  it.each(limited)('limit of 3, %s %s, refuses the fourth request in its own form', async (method, path) => {
    const { browser, logs } = testApp({ settings: { RATE_LIMIT: '3' } })
    const ask = () => browser()[method](path).set('accept', 'text/html')
    for (let request = 0; request < 3; request++) expect((await ask()).status).not.toBe(429)
    const response = await ask()
    if (method === 'get') expect(response).toBeErrorPage(429)
    else expect(response).toMatchObject({ status: 429, body: { error: expect.anything() } })
    // Not a fault of the request: Logto may send it again (OAuth 2.0's word, RFC 6749 §4.1.2.1).
    if (path === '/backchannel-logout') expect(response.body.error).toBe('temporarily_unavailable')
    expect(response.headers['retry-after']).toMatch(/^(60|59)$/)
    expect(response.headers['cache-control']).toBe('private, no-store')
    expect(Object.keys(response.headers).filter((name) => name.includes('ratelimit'))).toEqual([])
    expect(logs.at(-1)).toMatchObject({ level: 30, err: { code: 'too_many_requests' } })
  })

  it('limit, each route, counts for itself; sign-in and sign-up count together', async () => {
    const { browser } = testApp({ settings: { RATE_LIMIT: '1' } })
    for (const [method, path] of limited) expect((await browser()[method](path)).status).not.toBe(429)
    expect((await browser().get('/sign-up')).status).toBe(429)
  })

  it('limit reached, other routes, are answered', async () => {
    const { browser } = testApp({ settings: { RATE_LIMIT: '1' } })
    for (const path of ['/', '/healthz', '/readyz', '/sign-out', '/sso/assets/style.css']) {
      for (let request = 0; request < 3; request++) {
        expect((await browser().get(path)).status).not.toBe(429)
      }
    }
  })

  it('limit reached, a minute later, starts anew', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const { browser } = testApp({ settings: { RATE_LIMIT: '1' } })
    await browser().get('/sign-in')
    vi.setSystemTime(Date.now() + 42_500)
    expect((await browser().get('/sign-in')).headers['retry-after']).toBe('18')
    vi.setSystemTime(Date.now() + 17_501)
    expect((await browser().get('/sign-in')).status).toBe(303)
    expect((await browser().get('/sign-in')).status).toBe(429)
  })

  it('limit reached by junk at /callback, sign-ins that are finished, are answered', async () => {
    const test = testApp({ settings: { RATE_LIMIT: '5' } })
    const junk = () => test.browser().get('/callback?state=made-up')
    for (let request = 0; request < 6; request++) await junk()
    expect((await junk()).status).toBe(429)
    // Each begins with a request that is counted, by another limit.
    for (let count = 0; count < 4; count++)
      expect((await signIn(test.browser(), test)).headers.location).toBe('http://app.test/')
    expect((await junk()).status).toBe(429)
  })

  it('limit of refusals, what Logto is to blame for, does not count', async () => {
    const test = testApp({ settings: { RATE_LIMIT: '1' } })
    test.logto.break(paths.keys, down)
    for (let request = 0; request < 3; request++) expect((await logOut(test)).status).toBe(503)
    test.logto.restore(paths.keys)
    expect((await post(test, { logout_token: 'nonsense' })).status).toBe(400)
  })

  it('limit of 0, many requests, are all answered', async () => {
    const { browser } = testApp({ settings: { RATE_LIMIT: '0' } })
    for (let request = 0; request < 20; request++) {
      expect((await browser().get('/callback')).status).toBe(400)
    }
  })

  it('limit, redirects to BASE_URL, count too', async () => {
    const { browser } = testApp({ settings: { RATE_LIMIT: '1' } })
    await browser().get('/sign-in').set('host', 'other.test')
    expect((await browser().get('/sign-in').set('host', 'other.test')).status).toBe(429)
  })

  it.each([
    ['2001:db8:1:2::1', '2001:db8:1:2:ffff::9', true],
    ['2001:db8:1:2::1', '2001:db8:1:3::1', false],
    ['203.0.113.7', '::ffff:203.0.113.7', true],
    ['203.0.113.7', '203.0.113.8', false],
    ['203.0.113.7:5000', '203.0.113.7:6000', true],
    ['203.0.113.7:5000', '203.0.113.8:5000', false],
    ['[2001:db8::1]:5000', '[2001:db8::2]:6000', true],
    ['unknown', 'rubbish', true],
  ])('limit, addresses %s and %s, are one visitor: %s', async (first, second, same) => {
    const { browser } = testApp({ settings: behindProxy(1) })
    await from(browser(), first)
    expect((await from(browser(), second)).status).toBe(same ? 429 : 303)
  })

  it('limit, set up as it should be, gives the library nothing to say', async () => {
    const { browser, logs } = testApp({ settings: { RATE_LIMIT: '1' } })
    for (const [method, path] of limited) await browser()[method](path).set('x-forwarded-for', '192.0.2.1')
    expect(JSON.stringify(logs)).not.toMatch(/ERL_|express-rate-limit/)
  })
})

describe('counts in memory', () => {
  it('counts, more addresses than it holds, forget who was not seen for longest', async () => {
    const counts = memoryStore()
    counts.init?.({ windowMs: 60_000 } as Parameters<NonNullable<typeof counts.init>>[0])
    const hits = async (key: string) => (await counts.increment(key)).totalHits
    await hits('first')
    await hits('second')
    for (let n = 2; n < 25_000; n++) await hits(`a${n}`)
    expect(await hits('first')).toBe(2)
    await hits('one more')
    expect(await hits('first')).toBe(3)
    expect(await hits('second')).toBe(1)
  })
})
