import { describe, expect, it, vi } from 'vitest'
import { apiResource, appId, endpoint, FakeLogto, issuer, paths } from '../../../src/testing/fake-logto.ts'
import { type Answer, breakOff, down, flood, hang, stall } from '../../../src/testing/logto-answers.ts'
import english from '../../../views/sso/locales/en.json' with { type: 'json' }
import { baseUrl, startSignIn, testApp } from '../../support/app.ts'
import { logOut } from '../logto/logto-calls.ts'

describe('GET /sign-in', () => {
  it('sign-in, no options, sends an authorization request with PKCE', async () => {
    const response = await testApp().browser().get('/sign-in')
    const url = new URL(response.headers.location ?? '')
    expect(response.status).toBe(303)
    expect(url.origin + url.pathname).toBe(`${issuer}/auth`)
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      client_id: appId,
      redirect_uri: `${baseUrl}/callback`,
      response_type: 'code',
      code_challenge_method: 'S256',
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      prompt: 'consent',
      scope: [
        'openid offline_access profile email identities roles',
        'urn:logto:scope:organizations urn:logto:scope:organization_roles',
      ].join(' '),
    })
  })

  it('sign-up, no options, asks for the register screen', async () => {
    expect((await startSignIn(testApp().browser(), '/sign-up')).get('first_screen')).toBe('register')
  })

  it.each([
    ['first_screen', 'register'],
    ['first_screen', 'single_sign_on'],
    ['first_screen', 'identifier:sign_in'],
    ['login_hint', 'employee@acme.example'],
    ['direct_sign_in', 'sso:connector-1'],
    ['direct_sign_in', 'social:google'],
    ['identifier', 'email username'],
    ['prompt', 'login'],
    ['prompt', 'login consent'],
    ['prompt', 'none'],
    ['ui_locales', 'ja-JP en'],
  ])('sign-in, %s=%s, passes it on', async (name, value) => {
    const query = new URLSearchParams({ [name]: value })
    const parameters = await startSignIn(testApp().browser(), `/sign-in?${query}`)
    expect(parameters.getAll(name)).toEqual([value])
  })

  it.each([
    ['first_screen=nowhere', 'reset_password'],
    ['first_screen=', 'single_sign_on'],
    ['login_hint=a%00b', 'an email address'],
    ['login_hint=', 'an email address'],
    [`login_hint=${'a'.repeat(321)}`, 'an email address'],
    ['direct_sign_in=connector-1', 'sso:&lt;connector ID&gt;'],
    ['direct_sign_in=saml:x', 'sso:&lt;connector ID&gt;'],
    ['direct_sign_in=sso:a%26b', 'sso:&lt;connector ID&gt;'],
    ['identifier=shoe', 'email, phone, username'],
    ['prompt=please', 'none, consent, login'],
    ['prompt=none+login', 'none, consent, login'],
    ['prompt=login&prompt=consent', 'none, consent, login'],
    ['prompt[]=login', undefined],
    ['ui_locales=nonsense_locale', 'language tags'],
    ['ui_locales=e', 'language tags'],
    [`ui_locales=${'en+'.repeat(60)}en`, 'language tags'],
    [`direct_sign_in=sso:${'a'.repeat(129)}`, 'sso:&lt;connector ID&gt;'],
  ])('sign-in, %s, is a 400 that names what is allowed', async (query, allowed) => {
    const { browser, logto } = testApp()
    const response = await browser().get(`/sign-in?${query}`)
    if (allowed === undefined) return expect(response.status).toBe(303)
    expect(response).toBeErrorPage(400)
    expect(response.text).toContain(allowed)
    expect(response.headers['set-cookie']).toBeUndefined()
    expect(logto.calls).toEqual([])
  })

  it.each([
    { 'sec-purpose': 'prefetch' },
    { 'sec-purpose': 'prefetch;prerender' },
    { purpose: 'prefetch' },
    { 'x-moz': 'prefetch' },
    { 'x-purpose': 'preview' },
    { 'sec-purpose': 'prerender' },
  ])('%o, on sign-in and sign-up, starts nothing', async (headers) => {
    const { browser, logto } = testApp()
    expect((await browser().get('/sign-up').set(headers)).status).toBe(403)
    const response = await browser().get('/sign-in').set(headers)
    expect(response.status).toBe(403)
    expect(response.headers.location).toBeUndefined()
    expect(response.headers['set-cookie']).toBeUndefined()
    expect(logto.calls).toEqual([])
  })

  it('sign-up, another first screen asked for, shows that', async () => {
    const parameters = await startSignIn(testApp().browser(), '/sign-up?first_screen=single_sign_on')
    expect(parameters.getAll('first_screen')).toEqual(['single_sign_on'])
  })
})

describe('GET /sign-in while Logto is away', () => {
  it.each<[string, Answer]>([
    ['does not answer', hang],
    ['cannot be reached', down],
    ['answers 500', async () => new Response('no', { status: 500 })],
    ['answers something else', async () => Response.json({ hello: 'world' })],
    ['answers a page', async () => new Response('<p>hello</p>')],
    ['answers null', async () => Response.json(null)],
    [
      'answers 500 with a good document',
      async () => Response.json(new FakeLogto().metadata, { status: 500 }),
    ],
    ['redirects', async () => Response.redirect('https://other.example/', 302)],
    ['begins to answer and stalls', stall],
    ['breaks off', breakOff],
    ['never stops answering', flood],
    ...Object.entries({
      'names an address that runs script': { authorization_endpoint: 'javascript:alert(1)' },
      'names an address off https': { token_endpoint: 'http://logto.test/oidc/token' },
      'signs with nothing': { id_token_signing_alg_values_supported: ['none'] },
      'signs with a shared secret': { id_token_signing_alg_values_supported: ['HS256'] },
      'names no key set': { jwks_uri: undefined },
      'names a key set that is no address': { jwks_uri: 7 },
      'names an address with a fragment': { authorization_endpoint: `${issuer}/auth#x` },
      'names an address with a password in it': { token_endpoint: 'https://a:b@logto.test/oidc/token' },
      'names an address longer than any': { userinfo_endpoint: `${issuer}/${'x'.repeat(2048)}` },
      'says yes in a text': { authorization_response_iss_parameter_supported: 'true' },
      'signs with no text': { id_token_signing_alg_values_supported: [null, 5, { alg: 'ES384' }] },
    }).map(([what, change]): [string, Answer] => [
      what,
      async () => Response.json({ ...new FakeLogto().metadata, ...change }),
    ]),
  ])('sign-in, Logto %s, is a 503 page and recovers by itself', async (_what, answer) => {
    const { browser, logto } = testApp()
    logto.break(paths.discovery, answer)
    const response = await browser().get('/sign-in?return_to=/deep')
    expect(response).toBeErrorPage(503)
    expect(response.headers['retry-after']).toBe('5')
    expect(response.text).toContain('/sign-in?return_to=%2Fdeep')
    expect(response.headers['set-cookie']).toBeUndefined()
    expect((await browser().get('/')).status).toBe(200)

    logto.restore(paths.discovery)
    expect((await browser().get('/sign-in')).status).toBe(303)
  })

  it.each([
    ['another', 'https://evil.example/oidc'],
    ['one like it', `${issuer}/`],
    ['one on http', issuer.replace('https', 'http')],
    ['one in capitals', issuer.toUpperCase()],
    ['its own address', endpoint],
    ['one with a port', 'https://logto.test:443/oidc'],
    ['none', undefined],
    ['a list', [issuer]],
  ])(
    'issuer, Logto calls itself %s, is believed in nothing, and the log says what to do',
    async (_what, claimed) => {
      const test = testApp({ settings: { API_RESOURCE: apiResource } })
      const good = await test.logto.accessToken()
      test.logto.metadata.issuer = claimed
      const own = { claims: { iss: claimed } }
      expect(await test.browser().get('/sign-in')).toBeErrorPage(503)
      for (const token of [good, await test.logto.accessToken(own)]) {
        const response = await test.browser().get('/api/notes').set('authorization', `Bearer ${token}`)
        expect(response.status).toBe(503)
      }
      expect((await logOut(test, own)).status).toBe(503)
      expect(test.logto.callsTo(paths.keys)).toBe(0)
      if (typeof claimed === 'string') {
        expect(JSON.stringify(test.logs)).toContain(`calls itself ${claimed}`)
        expect(JSON.stringify(test.logs)).toContain(`ENDPOINT=${endpoint}`)
      }
    },
  )

  it.each([
    ['no answer', down, english.errors.sign_in_unavailable],
    ['an answer of another’s', async () => Response.json({ hello: 'world' }), english.errors.exchange_failed],
  ])('page, of Logto giving %s, says so', async (_what, answer: Answer, words) => {
    const { browser, logto } = testApp()
    logto.break(paths.discovery, answer)
    expect((await browser().get('/sign-in')).text).toContain(words)
  })

  it('sign-in, five minutes after Logto was asked, asks again', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const { browser, logto } = testApp()
    for (const wait of [0, 5 * 60_000 - 1, 2]) {
      vi.setSystemTime(Date.now() + wait)
      await startSignIn(browser())
    }
    expect(logto.callsTo(paths.discovery)).toBe(2)
  })

  it('sign-in, 30 at once while Logto hangs, share one call and one time limit', async () => {
    const { browser, logto } = testApp()
    logto.break(paths.discovery, hang)
    const responses = await Promise.all(Array.from({ length: 30 }, () => browser().get('/sign-in')))
    expect(new Set(responses.map(({ status }) => status))).toEqual(new Set([503]))
    expect(logto.calls).toHaveLength(1)
  })

  it.each([
    ['?tenant=1', '?tenant=1&client_id='],
    ['?tenant=a%20b&', '?tenant=a%20b&client_id='],
    ['?', '?client_id='],
  ])('authorization endpoint, that ends in %s, keeps it', async (query, joined) => {
    const test = testApp()
    test.logto.metadata.authorization_endpoint = `${issuer}/auth${query}`
    const { location = '' } = (await test.browser().get('/sign-in')).headers
    expect(location).toContain(`${issuer}/auth${joined}`)
    expect(location.split('?')).toHaveLength(2)
  })
})
