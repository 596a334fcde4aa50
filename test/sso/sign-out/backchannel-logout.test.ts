import supertest from 'supertest'
import { describe, expect, it, vi } from 'vitest'
import { memoryBackend } from '../../../src/sso/session/backend/memory-backend.ts'
import { appId, type FakeLogto, paths } from '../../../src/testing/fake-logto.ts'
import { down, hang } from '../../../src/testing/logto-answers.ts'
import { signIn, testApp } from '../../support/app.ts'
import { cookieIn } from '../../support/responses.ts'
import { audits, logOut, post, signedIn } from '../logto/logto-calls.ts'

const now = () => Math.floor(Date.now() / 1000)
const event = 'http://schemas.openid.net/event/backchannel-logout'
const unsigned = (header: object) => {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  return `${part({ typ: 'logout+jwt', ...header })}.${part(goodClaims())}.`
}
const goodClaims = () => ({
  iss: 'https://logto.test/oidc',
  aud: appId,
  sub: 'user-1',
  iat: now(),
  exp: now() + 120,
  jti: 'by-hand',
  events: { [event]: {} },
})

/** What may be wrong with a token, and the part of it that the answer and the log name. */
const bad: Array<[what: string, part: string, make: (logto: FakeLogto) => Promise<string> | string]> = [
  ['that is empty', 'form', () => ''],
  ['that is no JWT', 'form', () => 'nonsense'],
  ['that has five parts, as an encrypted one', 'form', () => 'a.b.c.d.e'],
  ['of alg none', 'alg', () => unsigned({ alg: 'none' })],
  ['of an algorithm not announced', 'alg', (logto) => logto.logoutToken({ key: 'rsa' })],
  ['of an unknown key', 'signature', (logto) => logto.logoutToken({ key: 'stranger' })],
  [
    "with a known key's name on an unknown signature",
    'signature',
    (logto) => logto.logoutToken({ key: 'stranger', header: { kid: 'key-1' } }),
  ],
  [
    'whose claims were changed',
    'signature',
    async (logto) => {
      const [header, , signature] = (await logto.logoutToken()).split('.')
      const payload = Buffer.from(JSON.stringify(goodClaims())).toString('base64url')
      return [header, payload, signature].join('.')
    },
  ],
  ['with a critical header nobody knows', 'form', () => unsigned({ alg: 'ES384', crit: ['x'], x: 1 })],
  ['typed JWT', 'typ', (logto) => logto.logoutToken({ header: { typ: 'JWT' } })],
  ['typed as an access token', 'typ', (logto) => logto.logoutToken({ header: { typ: 'at+jwt' } })],
  ['typed as something longer', 'typ', (logto) => logto.logoutToken({ header: { typ: 'x-logout+jwt' } })],
  [
    'typed as something longer still',
    'typ',
    (logto) => logto.logoutToken({ header: { typ: 'logout+jwt2' } }),
  ],
  ['that is an ID token', 'jti', (logto) => logto.idToken()],
  ['that is an ID token with a jti', 'events', (logto) => logto.idToken({ claims: { jti: 'a' } })],
  ...(
    [
      ['whose sub has 256 characters', 'sub', () => ({ sub: 'x'.repeat(256) })],
      ['whose sid has 256 characters', 'sid', () => ({ sid: 'x'.repeat(256) })],
      ['whose sid has half a character', 'sid', () => ({ sid: '\udfff' })],
      ['of another issuer', 'iss', () => ({ iss: 'https://evil.example/oidc' })],
      ['without iss', 'iss', () => ({ iss: undefined })],
      ['for another audience', 'aud', () => ({ aud: 'another-app' })],
      ['for other audiences', 'aud', () => ({ aud: ['another-app', 'a-third'] })],
      ['without aud', 'aud', () => ({ aud: undefined })],
      ['without iat', 'iat', () => ({ iat: undefined })],
      ['whose iat is a text', 'iat', () => ({ iat: 'now' })],
      ['from a clock 90 seconds ahead', 'iat', () => ({ iat: now() + 90 })],
      ['issued long ago', 'iat', () => ({ iat: now() - 400 })],
      ['without exp', 'exp', () => ({ exp: undefined })],
      ['whose exp is a text', 'exp', () => ({ exp: 'tomorrow' })],
      ['that ran out 90 seconds ago', 'exp', () => ({ exp: now() - 90 })],
      ['without events', 'events', () => ({ events: undefined })],
      ['whose events are null', 'events', () => ({ events: null })],
      ['whose events are a list', 'events', () => ({ events: [event] })],
      ['whose events are a text', 'events', () => ({ events: event })],
      ['of another event', 'events', () => ({ events: { 'http://schemas.openid.net/event/other': {} } })],
      ['whose event is null', 'events', () => ({ events: { [event]: null } })],
      ['whose event is a text', 'events', () => ({ events: { [event]: 'yes' } })],
      ['whose event is a list', 'events', () => ({ events: { [event]: [] } })],
      ['with a nonce', 'nonce', () => ({ nonce: 'abc' })],
      ['with a nonce that is null', 'nonce', () => ({ nonce: null })],
      ['without sid and sub', 'sid_or_sub', () => ({ sub: undefined })],
      ['whose sub is empty', 'sub', () => ({ sub: '' })],
      ['whose sub is a number', 'sub', () => ({ sub: 1 })],
      ['whose sub is null', 'sub', () => ({ sub: null })],
      ['whose sid is empty', 'sid', () => ({ sid: '' })],
      ['whose sid is a list', 'sid', () => ({ sid: ['session-1'] })],
      ['whose sid is null', 'sid', () => ({ sid: null })],
      ['without jti', 'jti', () => ({ jti: undefined })],
      ['whose jti is empty', 'jti', () => ({ jti: '' })],
      ['whose jti is a number', 'jti', () => ({ jti: 7 })],
    ] as const
  ).map(
    ([what, part, claims]) =>
      [what, part, (logto: FakeLogto) => logto.logoutToken({ claims: claims() })] as (typeof bad)[number],
  ),
]

describe('POST /backchannel-logout, at fault', () => {
  it.each(bad)('logout token, one %s, is refused for its %s and ends nothing', async (_what, part, make) => {
    const backend = memoryBackend({ idle: 3_600_000 })
    const test = testApp({ backend })
    const browser = await signedIn(test, { sid: 'session-1' })
    const markUsed = vi.spyOn(backend, 'markUsed')
    const token = await make(test.logto)
    const response = await post(test, { logout_token: token })
    expect(response.status).toBe(400)
    expect(response.type).toBe('application/json')
    expect(response.headers['cache-control']).toContain('no-store')
    expect(response.headers['set-cookie']).toBeUndefined()
    expect(response.body).toEqual({
      error: 'invalid_request',
      error_description: expect.stringMatching(/^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/), // RFC 6749 §5.2
    })
    const logged = test.logs.find(({ err }) => (err as { code?: string })?.code === 'logout_token_refused')
    expect(response.body.error_description).toContain(`its ${part}. Reference ${logged?.reference}.`)
    expect(audits(test, 'refused')).toEqual([
      expect.objectContaining({ why: `logout_token_${part}`, address: expect.any(String) }),
    ])
    if (token) expect(response.text + JSON.stringify(test.logs)).not.toContain(token.slice(-20))
    expect(response.text + JSON.stringify(test.logs)).not.toContain('eyJ')
    // What is refused fills no memory.
    expect(markUsed).not.toHaveBeenCalled()
    await expect(browser).toBeSignedIn()
  })

  it.each([
    ['none at all', ''],
    ['one under another name', 'token=x'],
    ['one in the address only', '', '?logout_token=TOKEN'],
    ['the same one twice', 'logout_token=TOKEN&logout_token=TOKEN'],
    ['a bad one behind the good one', 'logout_token=TOKEN&logout_token=x'],
    ['an empty one before the good one', 'logout_token=&logout_token=TOKEN'],
    ['a list', 'logout_token[]=TOKEN'],
  ])('logout request, with %s, is refused', async (_what, form, query = '') => {
    const test = testApp()
    const browser = await signedIn(test)
    const token = await test.logto.logoutToken()
    const response = await supertest(test.app)
      .post(`/backchannel-logout${query.replace('TOKEN', token)}`)
      .type('form')
      .send(form.replaceAll('TOKEN', token))
    expect(response.status).toBe(400)
    expect(response.body).toMatchObject({ error: 'invalid_request' })
    expect(audits(test, 'refused')).toEqual([expect.objectContaining({ why: 'logout_token_form' })])
    await expect(browser).toBeSignedIn()
  })

  it.each([
    ['application/json', (token: string) => JSON.stringify({ logout_token: token })],
    ['text/plain', (token: string) => `logout_token=${token}`],
    ['multipart/form-data; boundary=x', (token: string) => `logout_token=${token}`],
  ])('logout request, of type “%s”, is a 415 that ends nothing', async (type, body) => {
    const test = testApp()
    const browser = await signedIn(test)
    const response = await supertest(test.app)
      .post('/backchannel-logout')
      .set('content-type', type)
      .send(body(await test.logto.logoutToken()))
    expect(response.status).toBe(415)
    expect(response.body).toMatchObject({ error: 'invalid_request' })
    expect(response.headers['cache-control']).toContain('no-store')
    await expect(browser).toBeSignedIn()
  })

  it('logout request, compressed, is a 415', async () => {
    const response = await post(testApp(), 'logout_token=x').set('content-encoding', 'gzip')
    expect(response.status).toBe(415)
  })

  it('logout request, over 16 KB, is a 413, and one just below is read', async () => {
    const test = testApp()
    const token = await test.logto.logoutToken()
    const filled = (size: number) => `logout_token=${token}&x=`.padEnd(size, 'x')
    const response = await post(test, filled(16 * 1024 + 1))
    expect(response.status).toBe(413)
    expect(response.body).toMatchObject({ error: 'invalid_request' })
    expect((await post(test, filled(16 * 1024))).status).toBe(200)
  })

  it.each([
    ['metadata is down', paths.discovery, down],
    ['metadata hangs', paths.discovery, hang],
    ['key set is down', paths.keys, down],
    ['key set answers 500', paths.keys, async () => new Response('no', { status: 500 })],
    ['key set is none', paths.keys, async () => Response.json({ keys: 'none' })],
  ])(
    'logout request, Logto’s %s, is a 503, and the same token is taken later',
    async (_what, path, answer) => {
      const first = testApp()
      const browser = await signedIn(first)
      const test = testApp({ backend: first.backend }) // another process, which knows no key yet
      test.logto.break(path, answer)
      const token = await test.logto.logoutToken()
      const response = await post(test, { logout_token: token })
      expect(response.status).toBe(503)
      expect(response.body).toMatchObject({ error: 'temporarily_unavailable' })
      expect(response.headers['retry-after']).toBe('5')
      expect(response.headers['cache-control']).toContain('no-store')
      await expect(browser).toBeSignedIn()
      test.logto.restore(path)
      expect((await post(test, { logout_token: token })).status).toBe(200)
      await expect(browser).not.toBeSignedIn()
    },
  )

  it.each(['isUsed', 'findByName', 'removeByName', 'markUsed'] as const)(
    'logout request, store away at %s, is a 503, and the same token is taken when it is back',
    async (method) => {
      const test = testApp()
      const browser = await signedIn(test, { sid: 'session-1' })
      const token = await test.logto.logoutToken({ claims: { sid: 'session-1' } })
      const away = vi.spyOn(test.backend, method).mockRejectedValueOnce(new Error('store is away'))
      const response = await post(test, { logout_token: token })
      expect(response.status).toBe(503)
      expect(response.body).toMatchObject({ error: 'temporarily_unavailable' })
      expect(away).toHaveBeenCalled()
      expect((await post(test, { logout_token: token })).status).toBe(200)
      await expect(browser).not.toBeSignedIn()
      expect(audits(test, 'ended')).toHaveLength(1)
    },
  )

  it('logout request, store away when the names are cleared, has ended the session and says so', async () => {
    const test = testApp()
    const browser = await signedIn(test)
    vi.spyOn(test.backend, 'dropNames').mockRejectedValueOnce(new Error('store is away'))
    expect((await logOut(test)).status).toBe(200)
    expect(audits(test, 'ended')).toHaveLength(1)
    await expect(browser).not.toBeSignedIn()
  })
})

describe('POST /backchannel-logout, well', () => {
  it('logout, by sid, ends every session of it here and no other', async () => {
    const test = testApp()
    const [one, two] = [
      await signedIn(test, { sid: 'session-1' }),
      await signedIn(test, { sid: 'session-1' }),
    ]
    const other = await signedIn(test, { sid: 'session-2' })
    const response = await logOut(test, { claims: { sid: 'session-1' } })
    expect(response.status).toBe(200)
    expect(response.text).toBe('')
    expect(response.headers['cache-control']).toContain('no-store')
    expect(response.headers['set-cookie']).toBeUndefined()
    await expect(one).not.toBeSignedIn()
    await expect(two).not.toBeSignedIn()
    await expect(other).toBeSignedIn()
    const lines = audits(test, 'ended')
    expect(lines).toEqual(
      Array(2).fill(
        expect.objectContaining({
          by: 'backchannel_logout',
          sub: 'user-1',
          session: expect.stringMatching(/^[0-9a-f]{12}$/),
          reference: expect.any(String),
          address: expect.any(String),
        }),
      ),
    )
    expect(new Set(lines.map(({ session }) => session)).size).toBe(2)
    expect(JSON.stringify(test.logs)).not.toContain('eyJ')
  })

  it('logout, by sid alone, needs no sub', async () => {
    const test = testApp()
    const browser = await signedIn(test, { sid: 'session-1' })
    expect((await logOut(test, { claims: { sid: 'session-1', sub: undefined } })).status).toBe(200)
    await expect(browser).not.toBeSignedIn()
  })

  it('logout, by sub alone, ends everything of the person and nothing of another', async () => {
    const test = testApp()
    const mine = [await signedIn(test, { sid: 'session-1' }), await signedIn(test, { sid: 'session-2' })]
    const other = await signedIn(test, { sub: 'user-2' })
    expect((await logOut(test)).status).toBe(200)
    for (const browser of mine) await expect(browser).not.toBeSignedIn()
    await expect(other).toBeSignedIn()
    expect(audits(test, 'ended')).toHaveLength(2)
  })

  it('logout, by a sid and somebody else’s sub, is refused and ends nothing', async () => {
    const test = testApp()
    const browser = await signedIn(test, { sid: 'session-1' })
    const victim = await signedIn(test, { sub: 'user-2', sid: 'session-2' })
    const response = await logOut(test, { claims: { sid: 'session-1', sub: 'user-2' } })
    expect(response.status).toBe(400)
    expect(audits(test, 'refused')).toEqual([expect.objectContaining({ why: 'logout_token_sub' })])
    await expect(browser).toBeSignedIn()
    await expect(victim).toBeSignedIn()
  })

  it.each([
    ['by sid', { sid: 'nobody’s' }],
    ['by sub', { sub: 'nobody' }],
  ])('logout, %s of nobody here, has succeeded (§2.7)', async (_what, claims) => {
    const test = testApp()
    const browser = await signedIn(test, { sid: 'session-1' })
    expect((await logOut(test, { claims })).status).toBe(200)
    expect(audits(test, 'ended')).toEqual([])
    await expect(browser).toBeSignedIn()
  })

  it.each([
    ['with its typ in capitals', () => ({ header: { typ: 'LOGOUT+JWT' } })],
    ['with its typ in full', () => ({ header: { typ: 'application/logout+jwt' } })],
    ['for this audience alone, as a list', () => ({ claims: { aud: [appId] } })],
    ['for other audiences besides', () => ({ claims: { aud: ['another-app', appId] } })],
    ['from a clock 50 seconds ahead', () => ({ claims: { iat: now() + 50 } })],
    ['that ran out 50 seconds ago', () => ({ claims: { iat: now() - 200, exp: now() - 50 } })],
    ['with claims nobody knows', () => ({ claims: { toe: now(), more: { a: 1 } } })],
    ['whose event says more', () => ({ claims: { events: { [event]: { a: 1 }, other: null } } })],
  ])('logout token, one %s, is taken', async (_what, tokens) => {
    const test = testApp()
    const browser = await signedIn(test)
    expect((await logOut(test, tokens() as Parameters<typeof logOut>[1])).status).toBe(200)
    await expect(browser).not.toBeSignedIn()
  })

  it('logout request, with a charset and parameters besides, is taken', async () => {
    const test = testApp()
    const response = await supertest(test.app)
      .post('/backchannel-logout')
      .set('content-type', 'application/x-www-form-urlencoded; charset=UTF-8')
      .send(`a=1&logout_token=${await test.logto.logoutToken()}&b=2`)
    expect(response.status).toBe(200)
  })

  it('logout request, with a cookie and a foreign origin, asks for neither', async () => {
    const test = testApp()
    const browser = await signedIn(test)
    const cookie = cookieIn(await signIn(test.browser(), test), 'session') ?? ''
    const read = vi.spyOn(test.backend, 'read')
    const response = await post(test, { logout_token: await test.logto.logoutToken() })
      .set('cookie', cookie)
      .set('origin', 'https://elsewhere.example')
      .set('sec-fetch-site', 'cross-site')
    expect(response.status).toBe(200)
    expect(response.headers['set-cookie']).toBeUndefined()
    expect(read).not.toHaveBeenCalled()
    await expect(browser).not.toBeSignedIn()
  })

  it('logout, app under a path, is there', async () => {
    const test = testApp({ settings: { BASE_URL: 'http://app.test/team' } })
    const response = await supertest(test.app)
      .post('/team/backchannel-logout')
      .type('form')
      .send({ logout_token: await test.logto.logoutToken() })
    expect(response.status).toBe(200)
  })
})
