import { parse } from 'node-html-parser'
import type { Response } from 'supertest'
import { describe, expect, it } from 'vitest'
import { FakeLogto, paths } from '../../../src/testing/fake-logto.ts'
import { down } from '../../../src/testing/logto-answers.ts'
import { type Browser, baseUrl, signedInApp, signIn, testApp, visit } from '../../support/app.ts'
import { cookieIn, cookieName, cookiesIn } from '../../support/responses.ts'

const acme = {
  id: 'a1',
  name: 'Acme <Inc>',
  issuer: 'https://acme.okta.test/oauth2/default',
  domains: ['acme.example'],
}
const settings = { SSO_CONNECTORS: JSON.stringify([acme]) }
const company = 'Acme &lt;Inc&gt;'

const signOut = (browser: Browser) => browser.get('/sign-out')
const signOutEverywhere = (browser: Browser) =>
  browser.post('/sessions/end-everywhere').set({ accept: 'text/html', origin: baseUrl }).type('form').send({})

async function signedOut(claims: Record<string, unknown> = {}, leave: typeof signOut = signOut) {
  const logto = new FakeLogto()
  logto.claims = claims
  const { test, browser } = await signedInApp({ settings, logto })
  const response = await leave(browser)
  return { test, browser, response }
}

/** Logto brings a browser back, with the state it was sent (OpenID Connect RP-Initiated Logout 1.0 §3). */
async function home(browser: Browser, response: Response) {
  const { searchParams } = new URL(response.headers.location ?? '')
  expect(await browser.get(`/?state=${searchParams.get('state')}`)).toRedirectTo(`${baseUrl}/`)
  return browser.get('/')
}

/** What the notice on a page says has ended; undefined where there is none. */
const noticeOn = ({ text }: Response) =>
  parse(text).querySelector('[data-notice=signed-out]')?.getAttribute('data-ended')

const noticeIn = (cookies: string[]) =>
  cookies.find((cookie) => /^(__Host-)?sso_\w{5}_signed_out=/.test(cookie))

describe('after signing out', () => {
  it.each([
    ['here', signOut],
    ['everywhere', signOutEverywhere],
  ])(
    'home page, of an employee signed out %s, says what has ended, what may be alive and how to end that',
    async (where, leave) => {
      const { browser, response } = await signedOut({}, leave)
      const page = await home(browser, response)
      const { text, headers } = page
      expect(noticeOn(page)).toBe(`${where} at-sign-in-service`)
      expect(text).toContain(company)
      expect(text).toContain('href="https://acme.okta.test/login/signout"')
      expect(text).toContain(`href="${baseUrl}/sign-in?prompt=login%20consent"`)
      expect(headers['cache-control']).toBe('private, no-store')
    },
  )

  it('notice, shown once, is not shown again nor to anybody else', async () => {
    const { browser, test, response } = await signedOut()
    expect(noticeOn(await home(browser, response))).toBeDefined()
    expect(noticeOn(await browser.get('/'))).toBeUndefined()
    expect(noticeOn(await test.browser().get('/'))).toBeUndefined()
  })

  it.each([
    ['here', signOut],
    ['everywhere', signOutEverywhere],
  ])(
    'notice, of a sign-out %s that Logto brings nobody back from, says what is known',
    async (where, leave) => {
      const { browser, response } = await signedOut({}, leave)
      for (const path of ['/', '/?state=made-up', '/?state=', '/?state=a&state=b']) {
        const page = await browser.get(path)
        expect(page.status).toBe(200)
        expect(noticeOn(page)).toBe(where)
        expect(page.text).toContain(`href="${baseUrl}/sign-out"`)
      }
      // Logto was only slow.
      expect(noticeOn(await home(browser, response))).toBe(`${where} at-sign-in-service`)
    },
  )

  it('state, of another browser’s sign-out, tells nothing', async () => {
    const [one, other] = [await signedOut(), await signedOut()]
    const { searchParams } = new URL(one.response.headers.location ?? '')
    expect(noticeOn(await other.browser.get(`/?state=${searchParams.get('state')}`))).toBe('here')
  })

  it('notice, asked for by HEAD, waits for the person', async () => {
    const { browser, response } = await signedOut()
    await browser.head('/')
    expect(noticeOn(await home(browser, response))).toBe('here at-sign-in-service')
  })

  it.each([[{ email: 'erin@elsewhere.test' }], [{ email: null }], [{ email: undefined }]])(
    'notice, for %o, names no company',
    async (claims) => {
      const { browser, response } = await signedOut(claims)
      const page = await home(browser, response)
      expect(noticeOn(page)).toBeDefined()
      expect(page.text).not.toContain(company)
      expect(page.text).not.toContain('/login/signout')
    },
  )

  it('notice, in Japanese, is Japanese', async () => {
    const { browser, response } = await signedOut()
    const { text } = await home(browser.set('accept-language', 'ja'), response)
    expect(text).toContain(`${company} からもサインアウト`)
  })

  it('notice, of somebody who signed in again meanwhile, is dropped', async () => {
    const { browser, test } = await signedOut()
    await signIn(browser, test)
    expect(noticeOn(await browser.get('/'))).toBeUndefined()
    await browser.get('/sign-out').set('sec-fetch-site', 'cross-site') // asks, and ends nothing
    expect(noticeOn(await browser.get('/'))).toBeUndefined()
  })

  it('cookie, of the notice, holds the company’s link at most, for minutes', async () => {
    const cookie = noticeIn(cookiesIn((await signedOut()).response))
    expect(cookie?.replace(cookieName('signed_out'), 'name')).toMatch(
      /^name=[\w-]{16}\.acme-inc; Max-Age=300; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Lax$/,
    )
  })

  it.each([
    [{}, 'acme-inc.everywhere'],
    [{ email: 'erin@elsewhere.test' }, '-.everywhere'],
  ])('cookie, of a sign-out everywhere of %o, says no more than that', async (claims, value) => {
    const { response } = await signedOut(claims, signOutEverywhere)
    expect(noticeIn(cookiesIn(response))).toMatch(/^\w+=[\w-]{16}\./)
    expect(noticeIn(cookiesIn(response))).toContain(`.${value};`)
  })

  it('cookie, of the notice, on https, is bound to the host', async () => {
    const response = await visit(testApp({ settings: { BASE_URL: 'https://app.test' } }), '/sign-out')
    expect(noticeIn(cookiesIn(response))).toMatch(/^__Host-sso_\w{5}_signed_out=[\w-]{16}\.-;.*Secure/)
  })

  it.each([
    'acme-inc-2',
    'acme-inc.',
    '.everywhere',
    'acme-inc.everywhere.everywhere',
    '%3Cscript%3E',
    '__proto__',
    '',
  ])('cookie, made up as “%s”, names nothing and nobody', async (value) => {
    const page = await visit(testApp({ settings }), '/', { cookie: `${cookieName('signed_out')}=${value}` })
    expect(noticeOn(page)).toBeDefined()
    expect(page.text).not.toMatch(/script&|<script|login\/signout/)
  })

  it('cookie, of another name that ends alike, is none', async () => {
    const page = await visit(testApp({ settings }), '/', {
      cookie: `not${cookieName('signed_out')}=acme-inc`,
    })
    expect(noticeOn(page)).toBeUndefined()
  })

  it('Logto away, no notice says that the session there has ended', async () => {
    const logto = new FakeLogto()
    logto.break(paths.discovery, down)
    const browser = testApp({ settings, logto }).browser()
    expect(await browser.get('/sign-out')).toBeErrorPage(503)
    expect(noticeOn(await browser.get('/'))).toBeUndefined()
  })

  it('Logto away, another process that ends all sessions leaves no notice either', async () => {
    const before = testApp({ settings })
    const cookie = cookieIn(await signIn(before.browser(), before), 'session') ?? ''
    const after = testApp({ settings, backend: before.backend })
    after.logto.break(paths.discovery, down)
    const response = await signOutEverywhere(after.browser()).set({ cookie })
    expect(response).toBeErrorPage(503)
    expect(response.text).toContain(`data-way="try_again" href="${baseUrl}/sign-out"`)
    expect(noticeIn(cookiesIn(response))).toBeUndefined()
  })
})
