import { describe, expect, it } from 'vitest'
import { type Browser, baseUrl, signIn, testApp } from '../support/app.ts'
import { down, FakeLogto, paths } from '../support/fake-logto.ts'
import { cookieIn, cookieName, cookiesIn } from '../support/responses.ts'

const acme = {
  id: 'a1',
  name: 'Acme <Inc>',
  issuer: 'https://acme.okta.test/oauth2/default',
  domains: ['acme.example'],
}
const settings = { SSO_CONNECTORS: JSON.stringify([acme]) }
const words = {
  ended: 'Your session in this app and the one at Logto have ended',
  endedEverywhere:
    'Your sessions in this app have ended in all browsers, and the one at Logto in this browser. In other browsers, Logto may',
  company: 'Acme &lt;Inc&gt;',
}

const signOut = (browser: Browser) => browser.get('/sign-out')
const signOutEverywhere = (browser: Browser) =>
  browser.post('/sessions/end-everywhere').set({ accept: 'text/html', origin: baseUrl }).type('form').send({})

async function signedOut(claims: Record<string, unknown> = {}, leave: typeof signOut = signOut) {
  const logto = new FakeLogto()
  logto.claims = claims
  const test = testApp({ settings, logto })
  const browser = test.browser()
  await signIn(browser, test)
  const response = await leave(browser)
  return { test, browser, response }
}

const noticeIn = (cookies: string[]) =>
  cookies.find((cookie) => /^(__Host-)?sso_\w{5}_signed_out=/.test(cookie))

describe('after signing out', () => {
  it.each([
    ['here', signOut, words.ended, words.endedEverywhere],
    ['everywhere', signOutEverywhere, words.endedEverywhere, words.ended],
  ])(
    'home page, of an employee signed out %s, says what has ended, what may be alive and how to end that',
    async (_where, leave, said, unsaid) => {
      const { browser } = await signedOut({}, leave)
      const { text, headers } = await browser.get('/')
      expect(text).toContain(said)
      expect(text).not.toContain(unsaid)
      expect(text).toContain(`Your company’s sign-in (${words.company}) may still know you`)
      expect(text).toContain('href="https://acme.okta.test/login/signout"')
      expect(text).toContain(`href="${baseUrl}/sign-in?prompt=login%20consent"`)
      expect(headers['cache-control']).toBe('private, no-store')
    },
  )

  it('notice, shown once, is not shown again nor to anybody else', async () => {
    const { browser, test } = await signedOut()
    await browser.get('/')
    expect((await browser.get('/')).text).not.toContain(words.ended)
    expect((await test.browser().get('/')).text).not.toContain(words.ended)
  })

  it('notice, asked for by HEAD, waits for the person', async () => {
    const { browser } = await signedOut()
    await browser.head('/')
    expect((await browser.get('/')).text).toContain(words.ended)
  })

  it.each([[{ email: 'erin@elsewhere.test' }], [{ email: null }], [{ email: undefined }]])(
    'notice, for %o, names no company',
    async (claims) => {
      const { browser } = await signedOut(claims)
      const { text } = await browser.get('/')
      expect(text).toContain('that may still know you')
      expect(text).not.toContain(words.company)
      expect(text).not.toContain('/login/signout')
    },
  )

  it('notice, in Japanese, is Japanese', async () => {
    const { browser } = await signedOut()
    const { text } = await browser.get('/').set('accept-language', 'ja')
    expect(text).toContain(`会社のサインイン（${words.company}）`)
    expect(text).toContain('このアプリと Logto のセッションは終了しました。')
  })

  it('notice, of a sign-out everywhere, in Japanese, is Japanese', async () => {
    const { browser } = await signedOut({}, signOutEverywhere)
    const { text } = await browser.get('/').set('accept-language', 'ja')
    expect(text).toContain(`会社のサインイン（${words.company}）`)
    expect(text).toContain(
      'このアプリのセッションはすべてのブラウザーで、Logto のセッションはこのブラウザーで',
    )
  })

  it('notice, of somebody who signed in again meanwhile, is dropped', async () => {
    const { browser, test } = await signedOut()
    await signIn(browser, test)
    expect((await browser.get('/')).text).not.toContain(words.ended)
    await browser.get('/sign-out').set('sec-fetch-site', 'cross-site') // asks, and ends nothing
    expect((await browser.get('/')).text).not.toContain(words.ended)
  })

  it('cookie, of the notice, holds the company’s link at most, for minutes', async () => {
    const cookie = noticeIn(cookiesIn((await signedOut()).response))
    expect(cookie?.replace(cookieName('signed_out'), 'name')).toMatch(
      /^name=acme-inc; Max-Age=300; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Lax$/,
    )
  })

  it.each([
    [{}, 'acme-inc.everywhere'],
    [{ email: 'erin@elsewhere.test' }, '-.everywhere'],
  ])('cookie, of a sign-out everywhere of %o, says no more than that', async (claims, value) => {
    const { response } = await signedOut(claims, signOutEverywhere)
    expect(noticeIn(cookiesIn(response))).toContain(`${cookieName('signed_out')}=${value};`)
  })

  it('cookie, of the notice, on https, is bound to the host', async () => {
    const response = await testApp({ settings: { BASE_URL: 'https://app.test' } })
      .browser()
      .get('/sign-out')
    expect(noticeIn(cookiesIn(response))).toMatch(/^__Host-sso_\w{5}_signed_out=-;.*Secure/)
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
    const { text } = await testApp({ settings })
      .browser()
      .get('/')
      .set('cookie', `${cookieName('signed_out')}=${value}`)
    expect(text).toContain('that may still know you')
    expect(text).not.toMatch(/script&|<script|login\/signout/)
  })

  it('cookie, of another name that ends alike, is none', async () => {
    const { text } = await testApp({ settings })
      .browser()
      .get('/')
      .set('cookie', `not${cookieName('signed_out')}=acme-inc`)
    expect(text).not.toContain(words.ended)
  })

  it('Logto away, no notice says that the session there has ended', async () => {
    const logto = new FakeLogto()
    logto.break(paths.discovery, down)
    const browser = testApp({ settings, logto }).browser()
    expect(await browser.get('/sign-out')).toBeErrorPage(503)
    expect((await browser.get('/')).text).not.toContain(words.ended)
  })

  it('Logto away, another process that ends all sessions leaves no notice either', async () => {
    const before = testApp({ settings })
    const cookie = cookieIn(await signIn(before.browser(), before), 'session') ?? ''
    const after = testApp({ settings, rows: before.rows })
    after.logto.break(paths.discovery, down)
    const response = await signOutEverywhere(after.browser()).set({ cookie })
    expect(response).toBeErrorPage(503)
    expect(response.text).toContain(`href="${baseUrl}/sign-out">Try again</a>`)
    expect(noticeIn(cookiesIn(response))).toBeUndefined()
  })

  it('somebody else, asked for, has Logto ask and gets a refresh token', async () => {
    const response = await testApp().browser().get('/sign-in?prompt=login%20consent')
    expect(new URL(response.headers.location ?? '').searchParams.get('prompt')).toBe('login consent')
  })
})
