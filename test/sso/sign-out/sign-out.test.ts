import type { Response } from 'supertest'
import { describe, expect, it } from 'vitest'
import { appId, issuer, paths } from '../../../src/testing/fake-logto.ts'
import { down, hang } from '../../../src/testing/logto-answers.ts'
import { baseUrl, signedInApp, signIn, testApp } from '../../support/app.ts'
import { cookieIn, cookieName } from '../../support/responses.ts'
import { watchedBackend } from '../../support/watched-backend.ts'

const endSession = `${issuer}/session/end?${new URLSearchParams({
  client_id: appId,
  post_logout_redirect_uri: `${baseUrl}/`,
})}`
/** Where a response leads, but for the state, which is another each time. */
function leadsTo(response: Response): string {
  const { href } = new URL(response.headers.location ?? '')
  expect(href).toMatch(/&state=[\w-]{16}$/)
  return href.replace(/&state=.*/, '')
}

async function signedIn() {
  const backend = watchedBackend()
  const { test, browser } = await signedInApp({ backend })
  return { ...test, person: browser, backend }
}

describe('/sign-out', () => {
  it.each([
    ['get', {}],
    ['get', { 'sec-fetch-site': 'none' }],
    ['get', { 'sec-fetch-site': 'same-origin' }],
    ['get', { referer: `${baseUrl}/profile` }],
    ['post', {}],
    ['post', { origin: baseUrl }],
    ['post', { origin: baseUrl, 'sec-fetch-site': 'same-origin' }],
    ['post', { origin: baseUrl, 'sec-fetch-site': 'none' }],
    ['post', { origin: 'null', 'sec-fetch-site': 'same-origin' }],
  ] as const)('sign-out, %s with %o, ends the session here and at Logto', async (method, headers) => {
    const { person, backend, logto } = await signedIn()
    const response = await person[method]('/sign-out').set(headers)
    expect(leadsTo(response)).toBe(endSession)
    expect(await backend.ids()).toEqual([])
    expect(response.headers['set-cookie']?.[0]).toMatch(
      new RegExp(`^${cookieName('session')}=;.*Expires=Thu, 01 Jan 1970`),
    )
    expect(logto.calls).toContain(`POST ${paths.revocation}`)
    await expect(person).not.toBeSignedIn()
  })

  it.each([
    [{ 'sec-fetch-site': 'cross-site' }],
    [{ 'sec-fetch-site': 'same-site' }],
    [{ referer: 'https://evil.example/' }],
    [{ referer: 'nonsense' }],
  ])('sign-out, get with %o, asks with a button first', async (headers) => {
    const { person, backend, logto } = await signedIn()
    const calls = logto.calls.length
    const response = await person.get('/sign-out').set(headers)
    expect(response.status).toBe(200)
    expect(response.text).toMatch(/<form method="post" action="http:\/\/app\.test\/sign-out"[\s\S]*<button/)
    expect(await backend.ids()).toHaveLength(1)
    expect(logto.calls).toHaveLength(calls)
    await expect(person).toBeSignedIn()
  })

  it.each([
    [{ origin: 'https://evil.example' }],
    [{ origin: 'null' }],
    [{ origin: `${baseUrl}:81` }],
    [{ origin: 'https://app.test' }],
    [{ 'sec-fetch-site': 'cross-site' }],
    [{ origin: 'null', 'sec-fetch-site': 'cross-site' }],
    [{ origin: 'null', 'sec-fetch-site': 'same-site' }],
    [{ origin: 'null', 'sec-fetch-site': 'none' }],
    [{ origin: baseUrl, 'sec-fetch-site': 'cross-site' }],
    [{ referer: 'https://evil.example/' }],
  ])('sign-out, post with %o, is refused', async (headers) => {
    const { person } = await signedIn()
    expect(await person.post('/sign-out').set(headers)).toBeErrorPage(403)
    await expect(person).toBeSignedIn()
  })

  it.each([
    [{ 'sec-purpose': 'prefetch' }],
    [{ purpose: 'prefetch' }],
    [{ 'sec-purpose': 'prefetch;prerender', 'sec-fetch-site': 'same-origin' }],
  ])('sign-out, asked for with %o, ends nothing', async (headers) => {
    const { person } = await signedIn()
    expect((await person.get('/sign-out').set(headers)).status).toBe(403)
    await expect(person).toBeSignedIn()
  })

  it('sign-out, nobody signed in here, still ends the session at Logto', async () => {
    expect(leadsTo(await testApp().browser().get('/sign-out'))).toBe(endSession)
  })

  it.each([
    ['?tenant=1', '?tenant=1&client_id='],
    ['?tenant=1&', '?tenant=1&client_id='],
    ['?', '?client_id='],
  ])('sign-out, an endpoint at Logto that ends in %s, keeps it', async (query, joined) => {
    const test = testApp()
    test.logto.metadata.end_session_endpoint = `${issuer}/session/end${query}`
    const { location = '' } = (await test.browser().get('/sign-out')).headers
    expect(location).toContain(`${issuer}/session/end${joined}`)
    expect([...new URL(location).searchParams.keys()].filter((name) => name !== 'tenant')).toEqual([
      'client_id',
      'post_logout_redirect_uri',
      'state',
    ])
  })

  it.each([
    ['hangs', hang],
    ['is down', down],
    ['answers 500', async () => new Response('no', { status: 500 })],
  ])('sign-out, revocation %s, goes on', async (_what, answer) => {
    const { person, logto } = await signedIn()
    logto.break(paths.revocation, answer)
    expect(leadsTo(await person.get('/sign-out'))).toBe(endSession)
    await expect(person).not.toBeSignedIn()
  })

  it.each(['remove', 'read'] as const)(
    'sign-out, %s of the store away, takes the cookie out of the browser all the same',
    async (name) => {
      const { person, backend } = await signedIn()
      backend[name] = async () => {
        throw new Error('store is away')
      }
      const response = await person.get('/sign-out')
      expect(response).toBeErrorPage(503)
      await expect(person).not.toBeSignedIn()
    },
  )

  it('sign-out, Logto away, ends the session here and says what it could not end', async () => {
    const before = testApp()
    const cookie = cookieIn(await signIn(before.browser(), before), 'session') ?? ''
    const after = testApp({ backend: before.backend }) // another process, which has not asked Logto anything yet
    after.logto.break(paths.discovery, down)
    const response = await after.browser().get('/sign-out').set('cookie', cookie)
    expect(response).toBeErrorPage(503)
    expect(response.text).toContain('You are signed out of this app')
    expect(await before.browser().get('/').set('cookie', cookie)).not.toShowSignedIn()
  })
})
