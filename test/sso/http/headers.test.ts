import { describe, expect, it } from 'vitest'
import { endpoint } from '../../../src/testing/fake-logto.ts'
import { signIn, startSignIn, testApp, visit } from '../../support/app.ts'

describe('response headers', () => {
  it.each(['/', '/sign-in', '/sign-out', '/callback', '/nowhere', '/%', '/sso/assets/style.css'])(
    'headers, %s, carry a strict content security policy',
    async (path) => {
      const { headers } = await testApp().browser().get(path)
      expect(headers['content-security-policy']).toBe(
        `default-src 'none';style-src 'self';img-src 'self';form-action 'self' ${endpoint};base-uri 'none';frame-ancestors 'none'`,
      )
      expect(headers['x-content-type-options']).toBe('nosniff')
      expect(headers['x-frame-options']).toBe('DENY')
      expect(headers['referrer-policy']).toBe('same-origin')
      expect(headers['x-powered-by']).toBeUndefined()
      expect(headers['strict-transport-security']).toBeUndefined()
    },
  )

  it('headers, app on https, tell the browser to stay there', async () => {
    const { headers } = await visit(testApp({ settings: { BASE_URL: 'https://app.test' } }), '/')
    expect(headers['strict-transport-security']).toBe('max-age=31536000')
  })

  it.each(['/', '/sign-in', '/sign-out', '/callback', '/nowhere', '/%'])(
    'headers, %s, keep the answer out of every cache',
    async (path) => {
      const { headers } = await testApp().browser().get(path)
      expect(headers['cache-control']).toBe('private, no-store')
      expect(headers.etag).toBeUndefined()
    },
  )

  it('headers, stylesheet, may be kept and names no person', async () => {
    const { browser } = testApp({
      settings: {
        NODE_ENV: 'production',
        BASE_URL: 'https://app.test',
        SESSION_STORE: 'memory',
        LOGTO_WEBHOOK_SIGNING_KEY: 'none',
      },
    })
    const page = await browser().get('/')
    const path = /href="(\/sso\/assets\/style\.css\?v=[0-9a-f]{12})"/.exec(page.text)?.[1] ?? ''
    const { status, headers } = await browser().get(path)
    expect(status).toBe(200)
    expect(headers['content-type']).toMatch(/^text\/css/)
    expect(headers['cache-control']).toBe('public, max-age=31536000, immutable')
    expect(headers['set-cookie']).toBeUndefined()
    for (const other of ['/sso/assets/style.css', '/sso/assets/style.css?v=000000000000']) {
      expect((await browser().get(other)).headers['cache-control']).toBe('no-cache')
    }
  })

  it.each(['/sso/assets/../app.ts', '/sso/assets/..%2f..%2fpackage.json', '/sso/assets/', '/assets'])(
    'assets, %s, are confined to their folder',
    async (path) => {
      expect((await testApp().browser().get(path)).status).toBeGreaterThanOrEqual(400)
    },
  )
})

describe('assets', () => {
  it('assets, a range beyond the file, is an error page and not a broken stylesheet', async () => {
    const { browser } = testApp()
    const response = await browser().get('/sso/assets/style.css').set('range', 'bytes=9999999-')
    expect(response).toBeErrorPage(416)
    expect(response.type).toBe('text/html')
    expect(response.headers.etag).toBeUndefined()
    expect(response.headers['cache-control']).toBe('private, no-store')
  })
})

describe('addresses the app gives out', () => {
  it.each([
    { host: 'evil.example' },
    { host: 'app.test', 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https' },
  ])('addresses, a request with %o, come from BASE_URL', async (headers) => {
    const test = testApp()
    const browser = test.browser()
    for (const path of ['/', '/sign-in', '/sign-out', '/nowhere', '/callback']) {
      const response = await browser.get(path).set(headers)
      expect(response.text + JSON.stringify(response.headers)).not.toContain('evil.example')
    }
    const parameters = await startSignIn(browser)
    expect(parameters.get('redirect_uri')).toBe('http://app.test/callback')
    expect(await signIn(browser, test)).toRedirectTo('http://app.test/')
  })
})
