import { describe, expect, it } from 'vitest'
import { apiResource } from '../../../src/testing/fake-logto.ts'
import { type Browser, callbackPath, stateOf, testApp } from '../../support/app.ts'
import { logOut, signedIn } from './logto-calls.ts'

const nested = (depth: number) => JSON.parse('['.repeat(depth) + ']'.repeat(depth))

/** Claims that something here reads by name, and names that every object has. */
const names = [
  'name',
  'username',
  'email',
  'email_verified',
  'picture',
  'phone_number',
  'roles',
  'organizations',
  'organization_roles',
  'organization_data',
  'identities',
  'sso_identities',
  'custom_data',
  'address',
  'updated_at',
  'auth_time',
  'session_expiry',
  'sid',
  'toString',
  'constructor',
  'toJSON',
  'hasOwnProperty',
]

const values: [what: string, value: unknown][] = [
  ['null', null],
  ['an object', { a: 1 }],
  ['an object that cannot be written as a text', { toString: 1, valueOf: 1, toJSON: 1 }],
  ['an object with a prototype of its own', JSON.parse('{"__proto__": {"length": 1}}')],
  ['an empty list', []],
  ['a list of all kinds', [null, 5, {}, ['a'], 'acme']],
  ['a list of objects', [{ toString: 1 }]],
  ['yes', true],
  ['a text', 'text'],
  ['an empty text', ''],
  ['half a character', '\udc00'],
  ['a text without end', 'x'.repeat(1500)],
  ['thirty lists in each other', nested(30)],
]

const paths = ['/', '/profile', '/organizations', '/sessions', '/api/me', '/api/notes']
const html = { accept: 'text/html' }

async function eachAnswers(browser: Browser) {
  for (const path of paths) {
    const { status, text } = await browser.get(path).set(html)
    expect(status, `${path}: ${text}`).toBe(200)
  }
}

describe('claims of a wrong type', () => {
  it.each(values)(
    'claims, each of them %s, break no page, no guard and no sign-out',
    async (_what, value) => {
      const test = testApp({ settings: { API_RESOURCE: apiResource } })
      const claims = Object.fromEntries(names.map((name) => [name, value]))
      test.logto.info = claims
      const browser = await signedIn(test, claims)
      await eachAnswers(browser)
      const organization = await browser.get('/api/organizations/acme/notes')
      expect(organization.status).toBe(403)
      const asked = await browser.post('/organizations').set('origin', 'http://app.test').type('form').send({
        organization: 'acme',
      })
      expect(asked.status).toBe(404)
      const out = await browser.get('/sign-out')
      expect(out.status).toBe(303)
      expect(out.headers.location).toContain('/session/end')
    },
  )

  it('claims, of a wrong type, are as if absent, and others stay as they came', async () => {
    const test = testApp()
    const browser = await signedIn(test, {
      email: { a: 1 },
      email_verified: 'yes',
      organizations: ['acme', 5],
      picture: 'x'.repeat(3000),
      username: null,
      custom_data: { a: [1] },
      roles: ['employee'],
    })
    const { claims } = (await browser.get('/api/me')).body
    for (const name of ['email', 'email_verified', 'organizations', 'picture'])
      expect(claims).not.toHaveProperty(name)
    expect(claims).toMatchObject({ username: null, custom_data: { a: [1] }, roles: ['employee'] })
  })

  it('userinfo, with claims of a wrong type, leaves those of the ID token in place', async () => {
    const test = testApp()
    const browser = await signedIn(test)
    test.logto.info = { name: { toString: 1 }, email: ['x'] }
    const { text } = await browser.get('/profile').set(html)
    expect(text).toContain('<h1>Erin Employee</h1>')
    expect(text).toContain('employee@acme.example')
  })

  it.each([
    ['with a fraction', () => Math.floor(Date.now() / 1000) - 10.123456],
    ['as a text', () => '1'],
    ['as an object', () => ({})],
    ['beyond all time', () => 1e300],
  ])('times, %s, are read as whole milliseconds or not at all', async (_what, time) => {
    const test = testApp()
    const browser = await signedIn(test, { auth_time: time(), session_expiry: undefined })
    const { session } = (await browser.get('/api/me')).body
    expect(new Date(session.endsAt).getTime()).toBeGreaterThan(Date.now())
    const [row] = await test.backend.findByName('sub:user-1')
    expect(Number.isInteger(JSON.parse(row?.text ?? '').endsAt)).toBe(true)
  })

  it('sid, of a wrong type, names no session, and a logout by the person still ends it', async () => {
    const test = testApp()
    const browser = await signedIn(test, { sid: ['session-1'] })
    expect((await logOut(test, { claims: { sid: 'session-1' } })).status).toBe(200)
    await expect(browser).toBeSignedIn()
    expect((await logOut(test)).status).toBe(200)
    await expect(browser).not.toBeSignedIn()
  })
})

describe('more than anybody would read', () => {
  it.each([
    ['nested a hundred thousand deep', `"custom_data":${'['.repeat(100_000)}${']'.repeat(100_000)}`],
    ['of a hundred thousand claims', Array.from({ length: 100_000 }, (_, at) => `"c${at}":1`).join()],
    ['of numbers beyond all numbers', '"updated_at":1e999,"created_at":-1e999,"auth_time":1e999'],
    ['that says things twice', '"name":"A","name":{"toString":1},"email":5,"email":[]'],
    ['with a prototype', '"__proto__":{"sub":"user-2","isAdmin":true}'],
  ])('userinfo, %s, breaks no page', async (_what, claims) => {
    const test = testApp()
    const browser = await signedIn(test)
    test.logto.break('/oidc/me', async () => new Response(`{"sub":"user-1",${claims}}`))
    for (const path of ['/profile', '/organizations']) {
      const { status, text } = await browser.get(path).set(html)
      expect(status).toBe(200)
      expect(text.length).toBeLessThan(100_000)
    }
  })

  it.each([
    ['is no JWT', 'opaque'],
    ['is a JWT of nothing', 'a.b.c'],
    ['holds no object', `a.${Buffer.from('[1]').toString('base64url')}.c`],
    [
      'is nested beyond reason',
      `a.${Buffer.from(`{"a":${'['.repeat(5000)}${']'.repeat(5000)}}`).toString('base64url')}.c`,
    ],
  ])('organization token, that %s, is a page that says so, and the session goes on', async (_what, token) => {
    const test = testApp()
    const browser = await signedIn(test, { organizations: ['acme'] })
    const idToken = await test.logto.idToken({ claims: { organizations: ['acme'] } })
    test.logto.break('/oidc/token', async () =>
      Response.json({ access_token: token, id_token: idToken, token_type: 'bearer', expires_in: 60 }),
    )
    const response = await browser
      .post('/organizations')
      .set({ ...html, origin: 'http://app.test' })
      .type('form')
      .send({ organization: 'acme' })
    expect(response).toBeErrorPage(503)
    await expect(browser).toBeSignedIn()
  })

  it('organization token, with its audience as a list, is shown', async () => {
    const test = testApp()
    test.logto.organizations = { acme: { aud: ['urn:logto:organization:acme'] } }
    test.logto.renewed = { claims: { organizations: ['acme'] } }
    const browser = await signedIn(test, { organizations: ['acme'] })
    const response = await browser
      .post('/organizations')
      .set({ ...html, origin: 'http://app.test' })
      .type('form')
      .send({ organization: 'acme' })
    expect(response.status).toBe(200)
    expect(response.text).toContain('urn:logto:organization:acme')
  })
})

describe('a renewal whose answer is not to be used', () => {
  it.each([
    ['of another type', { token_type: 'MAC' }],
    ['with no access token', { access_token: '' }],
    ['of another person’s type', { id_token: 5 }],
  ])('renewal, %s, changes nothing but a refresh token that is new', async (_what, change) => {
    const test = testApp()
    test.logto.expiresIn = -1
    const browser = test.browser()
    const state = await stateOf(browser)
    const answer = {
      access_token: 'b',
      token_type: 'Bearer',
      refresh_token: 'new',
      id_token: await test.logto.idToken(),
    }
    await browser.get(callbackPath({ code: test.logto.code(), state }))
    test.logto.break('/oidc/token', async () => Response.json({ ...answer, ...change }))
    await expect(browser).toBeSignedIn()
    const [row] = await test.backend.findByName('sub:user-1')
    const { logto, claims } = JSON.parse(row?.text ?? '')
    expect(logto.refreshToken).toBe('new')
    expect(claims.sub).toBe('user-1')
    expect(test.logs.some(({ msg }) => msg === 'tokens were not renewed')).toBe(true)
  })
})
