import { describe, expect, it } from 'vitest'
import { baseUrl, callbackPath, signIn, startSignIn, testApp, visit } from '../../support/app.ts'
import { cookieIn, stateIn } from '../../support/responses.ts'

const acme = {
  id: 'acme-1',
  name: 'Acme',
  issuer: 'https://acme.okta.test',
  domains: ['acme.test', 'acme.jp'],
}
const globex = {
  id: 'globex-1',
  name: 'Globex Corp.',
  issuer: 'https://globex.okta.test/oauth2/default',
  domains: ['globex.test'],
}
const settings = { SSO_CONNECTORS: JSON.stringify([acme, globex]) }
const app = () => testApp({ settings })

const query = (parameters: Record<string, string>) => `/sign-in?${new URLSearchParams(parameters)}`
const toAcme = { direct_sign_in: 'sso:acme-1', prompt: 'login consent' }

async function asked(path: string) {
  return Object.fromEntries(await startSignIn(app().browser(), path))
}

describe('email first', () => {
  it.each(['erin@acme.test', 'Erin@ACME.Test', '"a@b"@acme.test', 'erin@acme.jp', 'a@globex.test@acme.test'])(
    '%s, goes straight to the Okta of its company, with the hint',
    async (email) => {
      expect(await asked(query({ login_hint: email }))).toMatchObject({ ...toAcme, login_hint: email })
    },
  )

  it.each([
    'erin@elsewhere.test',
    'erin@mail.acme.test',
    'erin@evil-acme.test',
    'erin@acme.test.evil.test',
    'erin@acme.test@evil.test',
    'erin@acme.test..',
    '@acme.test',
    'acme.test',
    'erin@',
    'erin@\u0430cme.test', // a Cyrillic letter that only looks like one
    'erin@acme.test/x',
    'erin@acme.test:80',
    'erin@%61cme.test',
    'erin@ac me.test',
    'erin@acme.test@x',
    'erin',
    '+81312345678',
  ])('%s, goes to Logto with the hint and no further', async (hint) => {
    const parameters = await asked(query({ login_hint: hint }))
    expect(parameters).toMatchObject({ login_hint: hint, prompt: 'consent' })
    expect(parameters).not.toHaveProperty('direct_sign_in')
  })

  // What browsers make of a domain in an `<input type="email">` (UTS #46), and a Japanese keyboard of an address.
  it.each([
    ['erin@bücher.test', 'erin@xn--bcher-kva.test'],
    ['erin@BU\u0308CHER.test', 'erin@xn--bcher-kva.test'],
    ['erin@xn--bcher-kva.test', 'erin@xn--bcher-kva.test'],
    ['erin＠keys.test', 'erin@keys.test'],
    ['Ｅｒｉｎ＠ｋｅｙｓ．ｔｅｓｔ', 'Erin@keys.test'],
    ['erin@keys。test', 'erin@keys.test'],
    ['\u3000erin@keys.test\u3000', 'erin@keys.test'],
    ['erin\u3000@\u00a0keys.test', 'erin@keys.test'],
    [' erin@keys.test ', 'erin@keys.test'],
    ['erin@keys.test.', 'erin@keys.test'],
    ['erin@ke\u00adys.test', 'erin@keys.test'],
    ['erin@\u212Aeys.test', 'erin@Keys.test'], // K in degrees Kelvin
  ])('%s, is of the company, and Logto gets %s', async (hint, address) => {
    const company = { ...acme, domains: ['Bücher.test', 'ｋｅｙｓ.test'] }
    const { browser } = testApp({ settings: { SSO_CONNECTORS: JSON.stringify([company]) } })
    const parameters = await startSignIn(browser(), query({ login_hint: hint }))
    expect(parameters.get('direct_sign_in')).toBe('sso:acme-1')
    expect(parameters.get('login_hint')).toBe(address)
  })

  it('direct_sign_in, beside an email of a company, wins, and Logto asks as it would', async () => {
    const parameters = await asked(query({ login_hint: 'erin@acme.test', direct_sign_in: 'social:google' }))
    expect(parameters).toMatchObject({ direct_sign_in: 'social:google', prompt: 'consent' })
  })

  it('prompt, beside an email of a company, wins', async () => {
    expect(await asked(query({ login_hint: 'erin@acme.test', prompt: 'none' }))).toMatchObject({
      direct_sign_in: 'sso:acme-1',
      prompt: 'none',
    })
  })

  it('first screen, asked for, is shown whatever the email', async () => {
    for (const path of ['/sign-up?', '/sign-in?first_screen=reset_password&']) {
      expect(await asked(`${path}login_hint=erin@acme.test`)).not.toHaveProperty('direct_sign_in')
    }
  })

  it('home page, for a stranger, asks for the email by a form that needs no script', async () => {
    const { text, headers } = await app().browser().get('/')
    expect(text).toMatch(/<form[^>]* method="get" action="http:\/\/app\.test\/sign-in"/)
    expect(text).toMatch(
      /<input id="email" name="login_hint" type="email" inputmode="email" autocomplete="username"/,
    )
    expect(text).toContain('<label for="email">Work email</label>')
    expect(headers['content-security-policy']).toContain("form-action 'self' https://logto.test https:;")
  })

  it.each([
    '/',
    '/healthz',
    '/nowhere',
    '/sign-out',
    '/callback',
    '/sign-in/nobody',
    '/sign-in?iss=https://x.test',
  ])('%s, answered to a stranger, names no company', async (path) => {
    const { text, headers } = await app().browser().get(path).set('sec-fetch-site', 'cross-site')
    expect(text + JSON.stringify(headers)).not.toMatch(/acme|globex|okta\.test/i)
  })
})

describe("the tile on Okta's dashboard", () => {
  it.each([
    'https://acme.okta.test',
    'https://acme.okta.test/',
    'https://ACME.okta.test:443',
    'HTTPS://acme.okta.test',
  ])('iss %s, goes straight to that Okta, whoever Logto remembers', async (iss) => {
    expect(await asked(query({ iss }))).toMatchObject(toAcme)
  })

  it.each(['https://globex.okta.test/oauth2/default', 'https://globex.okta.test'])(
    'iss %s, of a custom authorization server or of its org, finds the connector',
    async (iss) => {
      expect(await asked(query({ iss }))).toMatchObject({ direct_sign_in: 'sso:globex-1' })
    },
  )

  it.each([
    'https://evil.test',
    'http://acme.okta.test',
    'https://acme.okta.test.evil.test',
    'https://acme.okta.test:444',
    'https://acme.okta.test/oauth2/default',
    'https://acme.okta.test//',
    'https://acme.okta.test@evil.test',
    'https://erin@acme.okta.test',
    'https://acme.okta.test?',
    'https://acme.okta.test#a',
    'https://globex.okta.test/oauth2',
    'acme.okta.test',
    'https://Äcme.okta.test',
    'javascript:alert(1)',
    '',
  ])('iss %s, is a 400 in words that begins nothing', async (iss) => {
    const { browser, logto } = app()
    const response = await browser().get(query({ iss }))
    expect(response).toBeErrorPage(400)
    expect(response.text).toContain('data-error="issuer_unknown"')
    expect(response.text).toContain(`href="${baseUrl}/sign-in"`)
    expect(response.headers['set-cookie']).toBeUndefined()
    expect(logto.calls).toEqual([])
  })

  it('iss, of an org with two connectors below it, is nobody’s', async () => {
    const second = {
      ...globex,
      id: 'globex-2',
      name: 'Globex 2',
      domains: [],
      issuer: 'https://globex.okta.test/oauth2/x',
    }
    const { browser } = testApp({ settings: { SSO_CONNECTORS: JSON.stringify([globex, second]) } })
    expect(await browser().get(query({ iss: 'https://globex.okta.test' }))).toBeErrorPage(400)
  })

  it('iss, with no company set up, is a 400', async () => {
    expect(await visit(testApp(), query({ iss: acme.issuer }))).toBeErrorPage(400)
  })

  it('login_hint, from the tile, goes along and decides nothing', async () => {
    const parameters = await asked(query({ iss: acme.issuer, login_hint: 'gus@globex.test' }))
    expect(parameters).toMatchObject({ ...toAcme, login_hint: 'gus@globex.test' })
  })

  it('direct_sign_in, beside iss, wins', async () => {
    expect(await asked(query({ iss: acme.issuer, direct_sign_in: 'sso:other' }))).toMatchObject({
      direct_sign_in: 'sso:other',
    })
  })

  it.each([
    [`iss=${acme.issuer}&iss=${globex.issuer}`, 'iss'],
    [`iss=${acme.issuer}&iss=${acme.issuer}`, 'iss'],
    [`iss=${acme.issuer}&target_link_uri=/a&target_link_uri=/b`, 'target_link_uri'],
    [`iss=${acme.issuer}&login_hint=a&login_hint=b`, 'login_hint'],
  ])('%s, by link and by form, is a 400 that names the parameter', async (text, name) => {
    const { browser, logto } = app()
    const byForm = browser().post('/sign-in').type('form').send(text)
    for (const response of [await browser().get(`/sign-in?${text}`), await byForm]) {
      expect(response).toBeErrorPage(400)
      expect(response.text).toContain(`“${name}”`)
      expect(response.headers['set-cookie']).toBeUndefined()
    }
    expect(logto.calls).toEqual([])
  })

  it.each([
    ['/profile?a=1', '/profile?a=1'],
    [`${baseUrl}/profile`, '/profile'],
    [`${baseUrl}/`, '/'],
    [baseUrl, '/'],
    ['https://evil.test/', '/'],
    ['//evil.test', '/'],
    [`${baseUrl}//evil.test`, '/'],
    [`${baseUrl}/\\evil.test`, '/'],
    [`${baseUrl}@evil.test/`, '/'],
    [`${baseUrl}.evil.test/`, '/'],
    [`${baseUrl}:81/profile`, '/'],
    ['https://app.test/profile', '/'],
    [`${baseUrl}/sign-out`, '/'],
    [`${baseUrl}/%2F%2Fevil.test`, '/'],
    ['javascript:alert(1)', '/'],
    ['', '/'],
  ])('target_link_uri %s, leads to %s', async (target, path) => {
    const test = app()
    const start = query({ iss: acme.issuer, target_link_uri: target, return_to: '/elsewhere' })
    expect(await signIn(test.browser(), test, start)).toRedirectTo(baseUrl + path)
  })

  it('target_link_uri, without iss, is not asked', async () => {
    const test = app()
    expect(await signIn(test.browser(), test, query({ target_link_uri: '/profile' }))).toRedirectTo(
      `${baseUrl}/`,
    )
  })

  it('form, of Okta’s and of another site’s, becomes the same link at BASE_URL', async () => {
    const test = app()
    const browser = test.browser()
    const response = await browser
      .post('/sign-in?direct_sign_in=sso:other')
      .set({ origin: acme.issuer, 'sec-fetch-site': 'cross-site' })
      .type('form')
      .send({
        iss: acme.issuer,
        login_hint: 'a&b=c',
        target_link_uri: '/profile',
        prompt: 'none',
        other: 'x',
      })
    const link = `/sign-in?iss=https%3A%2F%2Facme.okta.test&login_hint=a%26b%3Dc&target_link_uri=%2Fprofile`
    expect(response).toRedirectTo(baseUrl + link)
    expect(response.headers['set-cookie']).toBeUndefined()
    expect(test.logto.calls).toEqual([])
    expect(await signIn(browser, test, link)).toRedirectTo(`${baseUrl}/profile`)
  })

  it('form, without iss, of another type or too long, is refused', async () => {
    const { browser } = app()
    const post = () => browser().post('/sign-in')
    expect(await post().type('form').send({ login_hint: 'erin@acme.test' })).toBeErrorPage(400)
    expect(await post().send({ iss: acme.issuer })).toHaveProperty('status', 415)
    expect(await post()).toBeErrorPage(415)
    expect(
      await post()
        .type('form')
        .send({ iss: acme.issuer, x: 'x'.repeat(9000) }),
    ).toBeErrorPage(413)
    expect(await post().type('form').send({ iss: acme.issuer }).set('sec-purpose', 'prefetch')).toBeErrorPage(
      403,
    )
  })

  it('limit, of requests a minute, counts links and forms alike', async () => {
    const { browser } = testApp({ settings: { ...settings, RATE_LIMIT: '3' } })
    await browser().get(query({ iss: acme.issuer }))
    await browser().get('/sign-in/acme')
    await browser().post('/sign-in').type('form').send({ iss: acme.issuer })
    expect(await browser().post('/sign-in').type('form').send({ iss: acme.issuer })).toBeErrorPage(429)
    expect(await browser().get('/sign-in/acme')).toBeErrorPage(429)
  })

  it('person, signed in already, keeps the session until the new sign-in succeeds', async () => {
    const test = app()
    const browser = test.browser()
    const before = cookieIn(await signIn(browser, test), 'session')
    const attempt = await browser.get(query({ iss: acme.issuer }))
    await browser.get(callbackPath({ error: 'access_denied', state: stateIn(attempt) }))
    await expect(browser).toBeSignedIn()
    const after = cookieIn(await signIn(browser, test, query({ iss: acme.issuer })), 'session')
    expect(after).toBeDefined()
    expect(after).not.toBe(before)
    const old = await visit(test, '/', { cookie: before ?? '' })
    expect(old).not.toShowSignedIn()
  })
})

describe("a link for one company's staff", () => {
  it.each(['/sign-in/acme', '/sign-in/ACME', '/sign-in/acme/', '/Sign-In/Acme'])(
    '%s, goes straight to the company’s Okta',
    async (path) => {
      expect(await asked(path)).toMatchObject(toAcme)
    },
  )

  it('link, of a name in several words, comes back to where it wanted', async () => {
    const test = app()
    const browser = test.browser()
    expect((await startSignIn(browser, '/sign-in/globex-corp')).get('direct_sign_in')).toBe('sso:globex-1')
    expect(await signIn(browser, test, '/sign-in/globex-corp?return_to=/profile')).toRedirectTo(
      `${baseUrl}/profile`,
    )
  })

  it.each([
    '/sign-in/other',
    '/sign-in/acme-1',
    '/sign-in/acme%2F',
    '/sign-in/__proto__',
    '/sign-in/%20acme',
  ])('%s, is a 404 in words that begins nothing', async (path) => {
    const { browser, logto } = app()
    const response = await browser().get(path)
    expect(response).toBeErrorPage(404)
    expect(response.text).toContain('data-error="company_unknown"')
    expect(response.headers['set-cookie']).toBeUndefined()
    expect(logto.calls).toEqual([])
  })

  it('link, asked for ahead of a click, begins nothing', async () => {
    const response = await app().browser().get('/sign-in/acme').set('sec-purpose', 'prefetch')
    expect(response).toBeErrorPage(403)
  })

  it('words, in Japanese, are Japanese', async () => {
    const response = await app().browser().get('/sign-in/other').set('accept-language', 'ja')
    expect(response.text).toContain('該当する会社はありません')
  })
})
