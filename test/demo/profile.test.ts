import { parse } from 'node-html-parser'
import { describe, expect, it, vi } from 'vitest'
import { endpoint, paths } from '../../src/testing/fake-logto.ts'
import { type Answer, breakOff, down, flood, hang, refuse, stall } from '../../src/testing/logto-answers.ts'
import { signedIn } from '../sso/logto/logto-calls.ts'
import { callbackPath, stateOf, testApp } from '../support/app.ts'
import { cookiesOf } from '../support/responses.ts'

const html = { accept: 'text/html' }
const acme = {
  issuer: 'https://acme.okta.example',
  identityId: 'okta-1',
  detail: { email: 'erin@acme.example' },
}

/** The profile of somebody of whom Logto says this. */
async function profileOf({
  claims = {},
  info = {},
  answer,
}: {
  claims?: Record<string, unknown>
  info?: Record<string, unknown>
  answer?: Answer
} = {}) {
  const test = testApp()
  test.logto.info = info
  if (answer) test.logto.break(paths.userinfo, answer)
  const browser = await signedIn(test, claims)
  return { response: await browser.get('/profile').set(html), logs: test.logs }
}

describe('userinfo, asked for all the time', () => {
  it.each([
    ['answering', undefined],
    ['failing', async () => new Response('', { status: 500 })],
  ])('70 pages of one person in two browsers, Logto %s, ask once in two seconds', async (_what, answer) => {
    const test = testApp()
    if (answer) test.logto.break(paths.userinfo, answer)
    const [one, other] = [await signedIn(test), await signedIn(test)]
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 1 })
    for (let round = 0; round < 7; round++) {
      const pages = Array.from({ length: 10 }, (_, at) => (at % 2 ? one : other).get('/profile'))
      for (const { status } of await Promise.all(pages)) expect(status).toBe(200)
    }
    expect(test.logto.callsTo(paths.userinfo)).toBe(1)
    vi.setSystemTime(Date.now() + 2001)
    await one.get('/profile')
    expect(test.logto.callsTo(paths.userinfo)).toBe(2)
  })
})

describe('GET /profile', () => {
  it('profile, of somebody from a company, says how, who, where, and until when', async () => {
    const { response } = await profileOf({
      claims: { organizations: ['acme'], organization_roles: ['acme:member'], roles: ['employee'] },
      info: {
        sso_identities: [acme],
        organization_data: [{ id: 'acme', name: 'Acme Corporation', description: null }],
      },
    })
    expect(response).toMatchObject({ status: 200, headers: { 'cache-control': 'private, no-store' } })
    for (const words of [
      'Erin Employee',
      'employee@acme.example',
      'acme.okta.example (company account)',
      'erin@acme.example',
      'employee</dd>',
      'Acme Corporation',
      '<time datetime="20',
      '<code>sso_<wbr>identities</code>',
      '<code>sub</code>',
    ]) {
      expect(response.text).toContain(words)
    }
    expect(response.text).toContain('>EE</span>')
    expect(response.text).not.toMatch(/the-access-token|the-refresh-token|eyJ/)
  })

  it('profile, says when the session ends that nobody uses, unless it is over before', async () => {
    const idle = 1800
    for (const [absolute, isShown] of [
      [3600, true],
      [900, false],
    ] as const) {
      const settings = { SESSION_IDLE_SECONDS: String(idle), SESSION_ABSOLUTE_SECONDS: String(absolute) }
      const browser = await signedIn(testApp({ settings }))
      const earliest = Date.now() + idle * 1000
      const { text } = await browser.get('/profile').set(html)
      const time = parse(text).querySelector('[data-idle] time')
      expect(time !== null).toBe(isShown)
      if (!time) continue
      const at = Date.parse(time.getAttribute('datetime') ?? '')
      expect(at).toBeGreaterThanOrEqual(earliest)
      expect(at).toBeLessThanOrEqual(Date.now() + idle * 1000)
    }
  })

  it('profile, its claims, stand there once and folded, each with who says so', async () => {
    const { response } = await profileOf({ claims: { roles: ['old'] }, info: { roles: ['new'] } })
    const rows = parse(response.text).querySelectorAll('details:not([open]) .claims tbody tr')
    const of = (name: string) =>
      rows
        .filter((row) => row.querySelector('code')?.textContent === name)
        .map((row) => [row.querySelector('td code')?.textContent, row.querySelector('.note')?.textContent])
    expect(of('sub')).toEqual([['user-1', 'ID token, Userinfo']])
    expect(of('roles')).toEqual([
      ['["old"]', 'ID token'],
      ['["new"]', 'Userinfo'],
    ])
  })

  it('script, for times in the reader’s zone, is allowed on pages with times alone', async () => {
    const { response } = await profileOf()
    expect(response.headers['content-security-policy']).toContain("script-src 'self'")
    const [, src = ''] = /<script src="([^"]+)"/.exec(response.text) ?? []
    const { browser } = testApp()
    const script = await browser().get(src)
    expect(script.headers['content-type']).toMatch(/^text\/javascript/)
    const home = await browser().get('/')
    expect(home.headers['content-security-policy']).not.toContain('script-src')
    expect(home.text).not.toContain('<script')
  })

  it.each([
    ['nothing of another’s', {}, 'Account at the sign-in service'],
    ['a social identity', { identities: { google: { userId: '1' } } }, 'google'],
    ['identities nobody can read', { identities: 7, sso_identities: 'x' }, 'Account at the sign-in service'],
    ['an identity without details', { sso_identities: [{ ...acme, detail: undefined }] }, 'okta-1'],
  ])('profile, userinfo with %s, says how', async (_what, info, words) => {
    expect((await profileOf({ info })).response.text).toContain(words)
  })

  it.each<[string, Answer]>([
    ['no connection', down],
    ['no answer in time', hang],
    ['an answer without end', stall],
    ['an answer that breaks off', breakOff],
    ['more than anybody would read', flood],
    ['a refusal', async () => refuse(401, 'invalid_token')],
    ['an error page', async () => new Response('<h1>oops</h1>', { status: 502 })],
    ['somebody else’s', async () => Response.json({ sub: 'user-2', name: 'Mallory' })],
  ])('profile, Logto gives %s, shows what the ID token says and a sentence', async (_what, answer) => {
    const { response, logs } = await profileOf({ answer, claims: { roles: ['employee'] } })
    expect(response.status).toBe(200)
    expect(response.text).toContain('data-notice="away"')
    expect(response.text).toContain('Not known at the moment')
    expect(response.text).toContain('employee</dd>')
    expect(response.text).not.toContain('Mallory')
    expect(logs.filter(({ msg }) => msg === 'userinfo was not read')).toHaveLength(1)
  })

  it('profile, an access token that has run out, refreshes nothing', async () => {
    const test = testApp()
    test.logto.expiresIn = 1
    test.logto.renewed = undefined
    const browser = await signedIn(test)
    // As if the renewal was failing for now: the session goes on with what it has.
    test.logto.break(paths.token, down)
    await expect
      .poll(async () => (await browser.get('/profile').set(html)).text, { timeout: 4000 })
      .toContain('data-notice="away"')
    expect(test.logto.callsTo(paths.token)).toBeLessThanOrEqual(2)
  })

  it('picture, of Logto’s own, is shown, and this page alone may show it', async () => {
    const test = testApp()
    const picture = `${endpoint}/avatars/1.png`
    const browser = await signedIn(test, { picture })
    const profile = await browser.get('/profile').set(html)
    expect(profile.text).toContain(`src="${picture}"`)
    expect(profile.headers['content-security-policy']).toContain(`img-src 'self' ${endpoint};`)
    const home = await browser.get('/')
    expect(home.headers['content-security-policy']).toContain("img-src 'self';")
  })

  it('picture, of a Logto on http, is not shown', async () => {
    const test = testApp({ settings: { LOGTO_ENDPOINT: 'http://logto.test' } })
    const iss = 'http://logto.test/oidc'
    test.logto.metadata.issuer = iss
    const browser = test.browser()
    const picture = 'http://logto.test/avatars/1.png'
    const state = await stateOf(browser)
    await browser.get(callbackPath({ iss, code: test.logto.code({ claims: { picture } }), state }))
    const { text } = await browser.get('/profile').set(html)
    expect(text).toContain('Erin Employee')
    expect(text).not.toContain('<img')
  })

  it.each([
    'http://logto.test/avatars/1.png',
    'https://elsewhere.test/1.png',
    'https://logto.test.evil.test/1.png',
    'https://logto.test@evil.test/1.png',
    'data:image/png;base64,AAAA',
    'javascript:alert(1)',
    '/avatars/1.png',
    '',
    7,
    null,
  ])('picture, at %s, is not shown: initials are', async (picture) => {
    const { response } = await profileOf({ claims: { picture } })
    expect(response.text).not.toContain('<img')
    expect(response.text).toContain('>EE</span>')
    expect(response.headers['content-security-policy']).toContain("img-src 'self';")
  })

  it.each([
    ['Erin', 'E'],
    ['Erin van Dyke', 'ED'],
    ['  ', 'EE'],
    ['渡辺 花子', '渡花'],
    ['𠮷田', '𠮷'],
  ])('initials, of %s, are %s', async (name, initials) => {
    const { response } = await profileOf({ claims: { name: name.trim() || null, email: 'erin.e@x.test' } })
    expect(response.text).toContain(`>${name.trim() ? initials : 'ET'}</span>`)
  })

  it('claims, whatever is in them, are text', async () => {
    const { response } = await profileOf({
      info: { name: '<script>alert(1)</script>', custom: { deep: '<b>' }, exp: 1e300, iat: 1 },
    })
    expect(response.status).toBe(200)
    expect(response.text).not.toMatch(/<script>|<b>/)
  })
})

describe('userinfo that takes the access token no more', () => {
  /** A 401 as Logto gives it (RFC 6750 §3.1). */
  const asLogto: Answer = async () => refuse(401, 'invalid_token')
  /** The same, said in the challenge alone. */
  const inChallenge: Answer = async () =>
    new Response('', { status: 401, headers: { 'www-authenticate': 'Bearer error="invalid_token"' } })

  /** Somebody signed in, whose access token Logto takes no more, until it gives another. */
  async function refused(answer: Answer, settings: Record<string, string> = {}) {
    const test = testApp({ settings })
    const browser = await signedIn(test)
    test.logto.break(paths.userinfo, answer)
    test.logto.break(paths.token, async (init) => {
      test.logto.restore(paths.token)
      test.logto.restore(paths.userinfo)
      return test.logto.fetch(endpoint + paths.token, init)
    })
    return { ...test, browser }
  }

  it.each([
    ['in its body', asLogto],
    ['in the challenge alone', inChallenge],
  ])('session, refused %s and renewed, goes on, and the page has everything', async (_what, answer) => {
    const { logto, browser } = await refused(answer)
    logto.info = { nickname: 'Erin of userinfo' }
    const { status, text } = await browser.get('/profile').set(html)
    expect(status).toBe(200)
    expect(text).toContain('Erin of userinfo')
    expect(text).not.toContain('data-notice="away"')
    expect([logto.renewals, logto.callsTo(paths.userinfo)]).toEqual([1, 2])
  })

  it.each(['/profile', '/organizations'])('session, refused for good, ends, and %s says so', async (page) => {
    const { logto, browser, logs, backend } = await refused(asLogto)
    logto.renewed = undefined
    const response = await browser.get(page).set(html)
    expect(response).toBeErrorPage(401)
    expect(response.text).toContain('data-error="session_ended"')
    expect(response.text).toContain(`/sign-in?return_to=${encodeURIComponent(page)}`)
    expect(await backend.findByName('sub:user-1')).toEqual([])
    await expect(browser).not.toBeSignedIn()
    expect(logs.filter(({ audit }) => audit === 'ended')).toMatchObject([{ by: 'refresh_refused' }])
  })

  it('token, fresh and refused as well, is a fault, and nothing is renewed for each page', async () => {
    const { logto, browser, logs } = await refused(asLogto)
    logto.restore(paths.token)
    for (const _ of [1, 2, 3]) {
      expect((await browser.get('/profile').set(html)).text).toContain('data-notice="away"')
    }
    expect(logto.renewals).toBe(1)
    expect(logs.filter(({ msg }) => msg === 'userinfo was not read')).toHaveLength(3)
    await expect(browser).toBeSignedIn()
  })

  it('Logto, away when asked why, ends nothing, and is not asked for each page', async () => {
    const { logto, browser } = await refused(asLogto)
    logto.break(paths.token, down)
    const calls = logto.callsTo(paths.token)
    for (const _ of [1, 2, 3]) {
      expect((await browser.get('/profile').set(html)).text).toContain('data-notice="away"')
    }
    expect(logto.callsTo(paths.token)).toBe(calls + 1)
    await expect(browser).toBeSignedIn()
  })

  it.each([
    ['another refusal', async () => refuse(403, 'insufficient_scope')],
    ['a challenge of a proxy', async () => new Response('', { status: 401 })],
  ] as Array<[string, Answer]>)('%s, renews nothing', async (_what, answer) => {
    const { logto, browser } = await refused(answer)
    expect((await browser.get('/profile').set(html)).text).toContain('data-notice="away"')
    expect(logto.renewals).toBe(0)
  })

  it('pages, many at once in two processes, share one renewal', async () => {
    const first = testApp({ settings: { LOGTO_TIMEOUT_SECONDS: '5' } })
    const second = testApp({
      backend: first.backend,
      logto: first.logto,
      settings: { LOGTO_TIMEOUT_SECONDS: '5' },
    })
    const { logto } = first
    let current = 'the-access-token'
    const give: Answer = async (init) => {
      logto.restore(paths.token)
      const answer = (await (await logto.fetch(endpoint + paths.token, init)).json()) as object
      logto.break(paths.token, give)
      return Response.json({ ...answer, access_token: current })
    }
    logto.break(paths.token, give)
    const browser = await signedIn(first)
    current = 'another-access-token'
    logto.break(paths.userinfo, async (init) =>
      new Headers(init?.headers).get('authorization') === `Bearer ${current}`
        ? Response.json({ sub: 'user-1' })
        : refuse(401, 'invalid_token'),
    )
    const cookie = cookiesOf(browser)
    const pages = await Promise.all(
      Array.from({ length: 20 }, (_, at) =>
        [first, second][at % 2]
          ?.browser()
          .get('/profile')
          .set({ cookie, ...html }),
      ),
    )
    for (const page of pages) expect(page?.text).not.toContain('data-notice="away"')
    expect(logto.renewals).toBe(1)
  })
})
