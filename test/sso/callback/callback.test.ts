import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, it, vi } from 'vitest'
import { memoryBackend } from '../../../src/sso/session/backend/memory-backend.ts'
import type { SessionBackend } from '../../../src/sso/session/backend/session-backend.ts'
import { appSecret, endpoint, FakeLogto, paths } from '../../../src/testing/fake-logto.ts'
import {
  type Answer,
  breakOff,
  down,
  flood,
  hang,
  refuse,
  stall,
  tokenAnswer,
} from '../../../src/testing/logto-answers.ts'
import { baseUrl, callbackPath, signedInApp, signIn, stateOf, testApp, visit } from '../../support/app.ts'
import { cookieIn, cookieName, cookiesIn, stateIn } from '../../support/responses.ts'

/** A good answer, but for this. */
const changed = (change: Record<string, unknown>) => async () =>
  Response.json({ ...((await tokenAnswer(await new FakeLogto().idToken()).json()) as object), ...change })

/** The last character of a base64url text of 16 bytes has four spare bits. */
function sameBytesOtherText(text: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  return text.slice(0, -1) + alphabet[alphabet.indexOf(text.slice(-1)) ^ 1]
}
const otherText = (text: string) => text.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'))

/** What may be wrong with a callback, the code of the error, and how it is reached with a good state and code. */
type Row = [
  what: string,
  code: string,
  ask: (state: string, code: string) => Promise<string> | string,
  harm?: (logto: FakeLogto) => void,
]
const path = callbackPath
const well: Row[2] = (state, code) => path({ state, code })
const ofTheRequest: Row[] = [
  ['no state', 'attempt_unknown', (_, code) => path({ code })],
  ['an unknown state', 'attempt_unknown', (_, code) => path({ code, state: 'made-up' })],
  ['a state sent twice', 'attempt_unknown', (state, code) => `${path({ code, state })}&state=${state}`],
  ['a state that was changed', 'attempt_unknown', (state, code) => path({ code, state: otherText(state) })],
  [
    'a state whose spare bits were changed',
    'attempt_unknown',
    (state, code) => path({ code, state: sameBytesOtherText(state) }),
  ],
  [
    "another browser's state",
    'attempt_unknown',
    async (_, code) => path({ code, state: await stateOf(testApp().browser()) }),
  ],
  [
    "another issuer's iss",
    'issuer_mismatch',
    (state, code) => path({ code, state, iss: 'https://evil.example' }),
  ],
  ['no iss', 'issuer_mismatch', (state, code) => path({ code, state, iss: undefined })],
  ['no code', 'code_missing', (state) => path({ state })],
  ['an empty code', 'code_missing', (state) => path({ state, code: '' })],
  ['a code sent twice', 'code_missing', (state, code) => `${path({ state, code })}&code=x`],
  ['an error beside a code', 'access_denied', (state, code) => path({ state, code, error: 'access_denied' })],
  ['a code Logto refuses', 'code_refused', (state) => path({ state, code: 'bogus' })],
  ...[
    'access_denied',
    'login_required',
    'interaction_required',
    'consent_required',
    'account_selection_required',
  ].map((error): Row => [`the error ${error}`, error, (state) => path({ state, error })]),
]
const ofLogto: Row[] = [
  ...['server_error', 'temporarily_unavailable', 'invalid_scope', '<script>'].map(
    (error): Row => [
      `the error ${error}`,
      'authorization_failed',
      (state) => path({ state, error, error_description: '<b>x</b>' }),
    ],
  ),
  ...Object.entries<Answer>({
    'that hangs': hang,
    'that is down': down,
    'that answers 500': async () => new Response('no', { status: 500 }),
    'that answers a page': async () => new Response('<p>hello</p>'),
    'that answers nothing': async () => new Response(''),
    'that answers null': async () => Response.json(null),
    'that answers 204': async () => new Response(null, { status: 204 }),
    'that answers 304': async () => new Response(null, { status: 304 }),
    'that begins to answer and stalls': stall,
    'that breaks off': breakOff,
    'that never stops': flood,
    'with an error of its own': async () => refuse(400, 'not_invalid_grant'),
    'that redirects': async (init) =>
      init?.redirect === 'manual'
        ? Response.redirect('https://evil.example/', 308)
        : tokenAnswer(await new FakeLogto().idToken()),
    'that gives a token of another type': changed({ token_type: 'MAC' }),
    'that gives a token whose type is a list': changed({ token_type: ['Bearer'] }),
    'that gives a token of no type': changed({ token_type: undefined }),
    'that gives no access token': changed({ access_token: undefined }),
    'that gives an access token that is empty': changed({ access_token: '' }),
    'that gives an access token that is an object': changed({ access_token: { a: 1 } }),
    'that gives an access token on two lines': changed({ access_token: 'a\nb' }),
    'that gives an access token that is endless': changed({ access_token: 'x'.repeat(20_000) }),
    'whose answer is nested beyond reason': async () =>
      new Response(
        `{"access_token":"a","token_type":"Bearer","x":${'['.repeat(99_999)}${']'.repeat(99_999)}}`,
      ),
    'that refuses our secret': async () => refuse(401, 'invalid_client'),
    'to which our secret has expired': async () =>
      Response.json(
        { code: 'oidc.invalid_request', error_description: 'client secret has expired' },
        { status: 400 },
      ),
  }).map(([what, answer]): Row => {
    const code = /expired/.test(what)
      ? 'app_secret_expired'
      : /nothing|204/.test(what)
        ? 'id_token_refused'
        : 'exchange_failed'
    return [`a token endpoint ${what}`, code, well, (logto) => logto.break(paths.token, answer)]
  }),
  [
    'a key set that answers 500',
    'exchange_failed',
    well,
    (logto) => logto.break(paths.keys, async () => new Response('no', { status: 500 })),
  ],
  ['a key set that is down', 'exchange_failed', well, (logto) => logto.break(paths.keys, down)],
  [
    'an ID token that is refused',
    'id_token_refused',
    well,
    (logto) => Object.assign(logto.claims, { iss: 'https://evil.example' }),
  ],
]
const bad = [...ofTheRequest, ...ofLogto]
const statusOf = (code: string) => (ofLogto.some(([, other]) => other === code) ? 503 : 400)

describe('GET /callback, at fault', () => {
  it.each(bad)('callback, %s, is an error with a way to try again', async (_what, code, ask, harm) => {
    const test = testApp()
    const browser = test.browser()
    const state = await stateOf(browser, '/sign-in?return_to=/deep')
    const given = test.logto.code()
    harm?.(test.logto)
    const response = await browser.get(await ask(state, given))
    expect(response).toBeErrorPage(statusOf(code))
    expect(response.text).toMatch(/<a [^>]*href="[^"]*\/sign-in/)
    expect(response.text).not.toMatch(/<script>|<b>x<\/b>/)
    expect(cookieIn(response, 'session')).toBeUndefined()
    await expect(browser).not.toBeSignedIn()
    const logged = test.logs.find((line) => (line.err as { code?: string })?.code === code)
    expect(logged, JSON.stringify(test.logs)).toBeDefined()
    expect(response.text).toContain(String(logged?.reference))
    const output = response.text + JSON.stringify(test.logs)
    const verifier = test.logto.tokenRequests[0]?.body.get('code_verifier')
    for (const secret of [state, given, verifier, appSecret, 'the-access-token', 'the-refresh-token', 'eyJ'])
      if (secret) expect(output).not.toContain(secret)
  })

  it.each([paths.token, paths.keys])('callback, connections refused at %s, says so', async (path) => {
    const test = testApp()
    const browser = test.browser()
    const state = await stateOf(browser, '/sign-in')
    test.logto.break(path, async () => {
      throw new TypeError('fetch failed', { cause: Object.assign(new Error(), { code: 'ECONNREFUSED' }) })
    })
    const { text } = await browser.get(callbackPath({ state, code: test.logto.code() }))
    expect(text).toContain('The sign-in service does not answer at the moment.')
    expect(text).not.toContain('trusted')
    const logged = test.logs.find(({ err }) => err)
    expect(JSON.stringify(logged?.err)).toContain(`${endpoint}${path}: connection refused`)
    expect(JSON.stringify(test.logs)).not.toContain('5000 ms')
  })

  // One of each kind: what is done to the session hangs on the kind alone. Keys that are known are not asked for again.
  const oneOfEach = bad.filter(
    ([what, code], at) =>
      !what.startsWith('a key set') && bad.findIndex(([, other]) => other === code) === at,
  )

  it.each([...oneOfEach, ...ofTheRequest.filter(([, code]) => code === 'attempt_unknown').slice(1)])(
    'callback while signed in, %s, leaves the session as it was, and leads home where nothing was begun here',
    async (_what, code, ask, harm) => {
      const { test, browser } = await signedInApp()
      const calls = test.logto.tokenRequests.length
      const path = await ask(await stateOf(browser), test.logto.code())
      harm?.(test.logto)
      const response = await browser.get(path)
      if (code === 'attempt_unknown') {
        expect(response).toRedirectTo(`${baseUrl}/`)
        expect(test.logto.tokenRequests).toHaveLength(calls)
      } else expect(response).toBeErrorPage(statusOf(code))
      expect(cookieIn(response, 'session')).toBeUndefined()
      await expect(browser).toBeSignedIn()
    },
  )

  it('callback while signed in, of an attempt that another program began, leads to where that led', async () => {
    const { test, browser } = await signedInApp()
    const state = await stateOf(test.browser(), '/sign-in?return_to=/deep?a=1')
    const path = callbackPath({ code: test.logto.code(), state })
    expect(await browser.get(path)).toRedirectTo(`${baseUrl}/deep?a=1`)
    expect(await test.browser().get(path)).toBeErrorPage(400)
  })

  it('callback, a token endpoint that repeats the code, puts it into no log', async () => {
    const test = testApp()
    const browser = test.browser()
    const state = await stateOf(browser)
    test.logto.break(paths.token, async (init) =>
      Response.json({ code: 'oidc.server_error', message: `no: ${init?.body}` }, { status: 500 }),
    )
    const code = test.logto.code()
    await browser.get(callbackPath({ code, state }))
    expect(JSON.stringify(test.logs)).not.toContain(code)
  })

  it('callback, a prefetch, is refused and uses nothing up', async () => {
    const test = testApp()
    const browser = test.browser()
    const path = callbackPath({ code: test.logto.code(), state: await stateOf(browser) })
    expect((await browser.get(path).set('sec-purpose', 'prefetch')).status).toBe(403)
    expect(test.logto.tokenRequests).toEqual([])
    expect((await browser.get(path)).status).toBe(303)
  })

  it('callback, Logto away before the attempt is used, can be finished by a reload', async () => {
    const begun = await testApp().browser().get('/sign-in')
    const test = testApp() // another process, which has not asked Logto anything yet
    const path = callbackPath({
      code: test.logto.code(),
      state: stateIn(begun),
    })
    const reload = () =>
      test
        .browser()
        .get(path)
        .set('cookie', cookieIn(begun, 'attempt') ?? '')
    test.logto.break(paths.discovery, down)
    expect(await reload()).toBeErrorPage(503)
    test.logto.restore(paths.discovery)
    expect(await reload()).toRedirectTo(`${baseUrl}/`)
  })
})

describe('GET /callback, well', () => {
  it('callback, good code, signs in and goes to the return path', async () => {
    const test = testApp()
    const browser = test.browser()
    expect(await signIn(browser, test, '/sign-in?return_to=/deep?a=b')).toRedirectTo(`${baseUrl}/deep?a=b`)
    await expect(browser).toBeSignedIn()
    expect((await browser.get('/')).text).toContain('Erin Employee')
  })

  it('callback, keys rotated twice in a row, go unnoticed, and known keys are not asked for again', async () => {
    const test = testApp()
    for (const key of ['first', 'first', 'second', 'second', 'third'] as const) {
      test.logto.key = key
      const browser = test.browser()
      expect(await signIn(browser, test)).toRedirectTo(`${baseUrl}/`)
    }
    expect(test.logto.callsTo(paths.keys)).toBe(3)
  })

  it('callback, key set moved to another address, is found there', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const test = testApp()
    await signIn(test.browser(), test)
    test.logto.metadata.jwks_uri = `${endpoint}/oidc/new-jwks`
    vi.setSystemTime(Date.now() + 5 * 60_000 + 1)
    expect(await signIn(test.browser(), test)).toRedirectTo(`${baseUrl}/`)
    expect(test.logto.callsTo('/oidc/new-jwks')).toBe(1)
  })

  it('callback, Logto that announces no iss, is taken without one but not with a wrong one', async () => {
    const test = testApp()
    test.logto.metadata.authorization_response_iss_parameter_supported = false
    const browser = test.browser()
    const right = callbackPath({ code: test.logto.code(), state: await stateOf(browser), iss: undefined })
    const wrong = callbackPath({
      code: test.logto.code(),
      state: await stateOf(browser),
      iss: 'https://evil.example',
    })
    expect(await browser.get(wrong)).toBeErrorPage(400)
    expect(await browser.get(right)).toRedirectTo(`${baseUrl}/`)
  })

  it('callback, credentials with characters of their own, are form-encoded (RFC 6749 §2.3.1)', async () => {
    const test = testApp({ settings: { LOGTO_APP_ID: 'a:b c', LOGTO_APP_SECRET: 'p%q+r' } })
    const browser = test.browser()
    const state = await stateOf(browser)
    await browser.get(callbackPath({ code: test.logto.code({ claims: { aud: 'a:b c' } }), state }))
    expect(test.logto.tokenRequests[0]?.authorization).toBe(`Basic ${btoa('a%3Ab+c:p%25q%2Br')}`)
    await expect(browser).toBeSignedIn()
  })

  it('callback, good code, gives a new session ID and makes the old one nobody', async () => {
    const test = testApp()
    const browser = test.browser()
    const first = cookieIn(await signIn(browser, test), 'session')
    const second = cookieIn(await signIn(browser, test), 'session')
    expect(first).toBeDefined()
    expect(second).toBeDefined()
    expect(second).not.toBe(first)
    const thief = await visit(test, '/', { cookie: first ?? '' })
    expect(thief).not.toShowSignedIn()
  })

  it('callback, a session ID planted before, is worth nothing afterwards', async () => {
    const test = testApp()
    const attacker = test.browser()
    const planted = cookieIn(await signIn(attacker, test), 'session')
    const begun = await test.browser().get('/sign-in')
    const state = stateIn(begun)
    const response = await visit(
      test,
      callbackPath({ code: test.logto.code({ claims: { name: 'Victim' } }), state }),
      { cookie: `${planted}; ${cookieIn(begun, 'attempt')}` },
    )
    expect(response).toRedirectTo(`${baseUrl}/`)
    expect(cookieIn(response, 'session')).not.toContain(planted)
    await expect(attacker).not.toBeSignedIn()
  })

  it('callback, cookies, are HttpOnly and SameSite=Lax', async () => {
    const test = testApp()
    const browser = test.browser()
    const begun = await browser.get('/sign-in')
    const state = stateIn(begun)
    const done = await browser.get(callbackPath({ code: test.logto.code(), state }))
    for (const cookie of [...cookiesIn(begun), ...cookiesIn(done)]) {
      expect(cookie).toMatch(/; Path=\/;.*HttpOnly/)
      expect(cookie).toMatch(/SameSite=Lax/)
      if (cookie?.startsWith(`${cookieName('try')}.`)) expect(cookie).toMatch(/Max-Age=3[56]\d\d;/)
      expect(cookie).not.toMatch(/Secure|Domain/)
    }
  })

  it('callback, app on https, has Secure cookies with the __Host- prefix', async () => {
    const test = testApp({ settings: { BASE_URL: 'https://app.test' } })
    const begun = await test.browser().get('/sign-in')
    const state = stateIn(begun)
    const done = await visit(test, callbackPath({ code: test.logto.code(), state }), {
      cookie: cookieIn(begun, 'attempt') ?? '',
    })
    expect(done).toRedirectTo('https://app.test/')
    const cookies = [...cookiesIn(begun), ...cookiesIn(done)]
    expect(cookies).toHaveLength(3)
    for (const cookie of cookies) {
      expect(cookie).toMatch(/^__Host-sso_\w{5}_(session|try\.)/)
      expect(cookie).toMatch(/; Secure/)
      expect(cookie).toMatch(/Path=\//)
    }
  })

  it('callback, slow store, 100 of 100 land signed in', async () => {
    const backend = memoryBackend({ idle: 3_600_000 })
    const create: SessionBackend['create'] = async (row) => {
      await pause(30)
      return backend.create(row)
    }
    const test = testApp({ backend: { ...backend, create }, settings: { LOGTO_TIMEOUT_SECONDS: '30' } })
    await Promise.all(
      Array.from({ length: 100 }, async () => {
        const browser = test.browser()
        await signIn(browser, test)
        await expect(browser).toBeSignedIn()
      }),
    )
  })
})

describe('GET /callback, store at fault', () => {
  it('callback, session cannot be saved, signs nobody in', async () => {
    const backend = memoryBackend({ idle: 3_600_000 })
    const create = vi.fn(backend.create).mockRejectedValueOnce(new Error('disk full'))
    const test = testApp({ backend: { ...backend, create } })
    const browser = test.browser()
    const response = await signIn(browser, test)
    expect(response).toBeErrorPage(503)
    expect(cookieIn(response, 'session')).toBeUndefined()
    await expect(browser).not.toBeSignedIn()
    await signIn(browser, test)
    await expect(browser).toBeSignedIn()
  })
})

describe('GET /callback, again', () => {
  it('callback, replayed while signed in, goes home and asks Logto nothing', async () => {
    const test = testApp()
    const browser = test.browser()
    const state = await stateOf(browser, '/sign-in?return_to=/deep')
    const path = callbackPath({ code: test.logto.code(), state })
    await browser.get(path)
    expect(await browser.get(path)).toRedirectTo(`${baseUrl}/`)
    expect(test.logto.tokenRequests).toHaveLength(1)
    await expect(browser).toBeSignedIn()
  })

  it('callback, replayed with a fresh code, is not exchanged', async () => {
    const test = testApp()
    const browser = test.browser()
    const state = await stateOf(browser)
    await browser.get(callbackPath({ code: test.logto.code(), state }))
    await browser.get('/sign-out')
    expect(await browser.get(callbackPath({ code: test.logto.code(), state }))).toBeErrorPage(400)
    expect(test.logto.tokenRequests).toHaveLength(1)
    await expect(browser).not.toBeSignedIn()
  })
})
