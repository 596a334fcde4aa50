import { describe, expect, it } from 'vitest'
import { apiResource, FakeLogto, paths } from '../../src/testing/fake-logto.ts'
import { down } from '../../src/testing/logto-answers.ts'
import { audits } from '../sso/logto/logto-calls.ts'
import { signIn, testApp } from '../support/app.ts'
import { cookieIn } from '../support/responses.ts'

const settings = { API_RESOURCE: apiResource }

/** The app as an API, and a call to it. */
function api(given: Parameters<typeof testApp>[0] = {}) {
  const test = testApp({ settings, ...given })
  const call = (token: string, path = '/api/notes') =>
    test.browser().get(path).set('authorization', `Bearer ${token}`)
  return { ...test, call }
}

describe('bearer tokens', () => {
  it('token, as Logto gives it, is let in, without a session', async () => {
    const { call, logto, logs } = api()
    const response = await call(await logto.accessToken())
    expect(response).toMatchObject({ status: 200, body: { sub: 'user-1', by: 'token', organization: null } })
    expect(response.headers['cache-control']).toBe('private, no-store')
    expect(response.headers['set-cookie']).toBeUndefined()
    expect(audits({ logs }, 'refused')).toEqual([])
  })

  it('token, signed with a new key of Logto’s, is let in', async () => {
    const { call, logto } = api()
    expect((await call(await logto.accessToken())).status).toBe(200)
    logto.key = 'second'
    expect((await call(await logto.accessToken())).status).toBe(200)
  })

  it('token, refused, is told which part of it is at fault', async () => {
    const { call, logto } = api()
    const { status, headers, body } = await call(await logto.accessToken({ key: 'stranger' }))
    expect([status, headers['www-authenticate']]).toEqual([401, 'Bearer error="invalid_token"'])
    expect(body.error).toMatchObject({ code: 'invalid_token', message: expect.stringContaining('signature') })
  })

  it.each([
    ['without a token', 'Bearer'],
    ['with nothing but blanks', 'Bearer  '],
    ['with two tokens', 'Bearer a b'],
    ['with a comma', 'Bearer a,b'],
    ['in quotes', 'bearer "a"'],
  ])('header, %s, is a request that cannot be read', async (_what, header) => {
    const { browser } = api()
    const response = await browser().get('/api/notes').set('authorization', header)
    expect(response.status).toBe(400)
    expect(response.headers['www-authenticate']).toBe('Bearer error="invalid_request"')
    expect(response.body.error.code).toBe('invalid_request')
  })

  it('token, in the address, is refused there, however good', async () => {
    const { browser, logto, logs } = api()
    const token = await logto.accessToken()
    const response = await browser().get(`/api/notes?access_token=${token}`)
    expect(response.status).toBe(400)
    expect(response.headers['www-authenticate']).toBe('Bearer error="invalid_request"')
    expect(JSON.stringify(logs)).not.toContain(token)
  })

  it('nobody, with no credentials, is asked for a token and told of no error', async () => {
    const { browser } = api()
    for (const headers of [{}, { authorization: 'Basic YTpi' }, { accept: 'text/html' }]) {
      const response = await browser().get('/api/notes').set(headers)
      expect(response).toMatchObject({ status: 401, headers: { 'www-authenticate': 'Bearer' } })
      expect(response.body.error.code).toBe('not_signed_in')
      expect(response.headers['set-cookie']).toBeUndefined()
      expect(response.headers.location).toBeUndefined()
    }
  })

  it('somebody signed in, is let in by the session, and a token wins over it, good or bad', async () => {
    const test = api()
    const browser = test.browser()
    await signIn(browser, test)
    const ask = (authorization = '') => browser.get('/api/notes').set({ authorization })
    expect((await ask()).body).toMatchObject({ sub: 'user-1', by: 'session' })
    const token = await test.logto.accessToken({ claims: { sub: 'user-2' } })
    expect((await ask(`bearer ${token}`)).body).toMatchObject({ sub: 'user-2', by: 'token' })
    const refused = await ask('Bearer nonsense')
    expect([refused.status, refused.headers['www-authenticate']]).toEqual([
      401,
      'Bearer error="invalid_token"',
    ])
  })

  it('app that is no API resource, refuses every token and asks for none', async () => {
    const { call, browser, logto } = api({ settings: {} })
    const refused = await call(await logto.accessToken())
    expect(refused.status).toBe(401)
    expect(refused.headers['www-authenticate']).toBe('Bearer error="invalid_token"')
    expect((await browser().get('/api/notes')).headers['www-authenticate']).toMatch(/^Cookie /)
  })

  it('Logto, not answering, is a 503 that says nothing of the token', async () => {
    const logto = new FakeLogto()
    logto.break(paths.keys, down)
    const response = await api({ logto }).call(await logto.accessToken())
    expect(response).toMatchObject({ status: 503, headers: { 'retry-after': '5' } })
    expect(response.headers['www-authenticate']).toBeUndefined()
  })

  it('session store, away, keeps nobody out who has a token, and is a 503 for who has none', async () => {
    const test = api()
    const cookie = cookieIn(await signIn(test.browser(), test), 'session') ?? ''
    const read = () => Promise.reject(new Error('away'))
    const away = api({ backend: { ...test.backend, read } })
    expect((await away.call(await away.logto.accessToken()).set('cookie', cookie)).status).toBe(200)
    expect((await away.browser().get('/api/notes').set('cookie', cookie)).status).toBe(503)
  })
})

describe('organizations of a caller', () => {
  const path = '/api/organizations/acme/notes'

  it.each([
    ['for the organization itself', { aud: 'urn:logto:organization:acme' }, 200],
    ['for the organization itself, as a list', { aud: ['urn:logto:organization:acme'] }, 200],
    ['for the API in its name', { organization_id: 'acme' }, 200],
    ['for another organization', { aud: 'urn:logto:organization:globex' }, 403],
    ['for the API in the name of another', { organization_id: 'globex' }, 403],
    ['for the API in nobody’s name', {}, 403],
    ['for an organization whose ID begins so', { aud: 'urn:logto:organization:acme2' }, 403],
  ])('token, %s, is let in or not', async (_what, claims, status) => {
    const { call, logto } = api()
    const response = await call(await logto.accessToken({ claims }), path)
    expect([response.status, response.body.organization]).toEqual([
      status,
      status === 200 ? 'acme' : undefined,
    ])
  })

  it('member, signed in, is let in, and nobody else', async () => {
    const test = api()
    const [member, stranger] = [test.browser(), test.browser()]
    test.logto.claims = { organizations: ['acme'] }
    await signIn(member, test)
    test.logto.claims = { organizations: ['globex'] }
    await signIn(stranger, test)
    expect((await member.get(path)).status).toBe(200)
    const refused = await stranger.get(path)
    expect(refused).toMatchObject({ status: 403, body: { error: { code: 'not_a_member' } } })
    expect((await test.browser().get(path)).status).toBe(401)
  })
})
