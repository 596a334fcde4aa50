import { decodeJwt } from 'jose'
import { describe, expect, it } from 'vitest'
import { UserAgent } from '../support/user-agent.ts'
import { atSignIn, EMPLOYEE, having, sandboxForTests, signInWithOkta, toOkta } from './support.ts'

const context = sandboxForTests()

function existing<T>(found: T | undefined): T {
  if (found === undefined) throw new Error('the org has it')
  return found
}
const app = () => existing(context.sandbox.org.apps[0])
const employee = () => existing(context.sandbox.org.users.find(({ profile }) => profile.login === EMPLOYEE))
/** Who is assigned to the app. */
const assigned = () => existing(context.sandbox.org.assignments.get(app().id))

function authorizeUrl(extra: Record<string, string> = {}): string {
  const query = new URLSearchParams({
    client_id: app().id,
    redirect_uri: app().settings.oauthClient.redirect_uris[0] ?? '',
    response_type: 'code',
    scope: 'openid profile email',
    state: 'the-state',
    ...extra,
  })
  return `${context.sandbox.okta.issuer}/oauth2/v1/authorize?${query}`
}

/** Asks Okta's token endpoint, with a code that is none unless the form has a better one. */
async function token(id: string, secret: string, form: Record<string, string> = {}) {
  const response = await fetch(`${context.sandbox.okta.issuer}/oauth2/v1/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${id}:${secret}`)}` },
    body: new URLSearchParams({
      ...{ grant_type: 'authorization_code', code: 'x' },
      redirect_uri: app().settings.oauthClient.redirect_uris[0] ?? '',
      ...form,
    }),
  })
  return { status: response.status, body: await response.json() }
}

/** Where Okta sends this browser, without going there. */
async function locationOf(browser: UserAgent, url: string): Promise<URL> {
  const response = await browser.request(url)
  return new URL(response.headers.get('location') ?? 'none:', url)
}

const direct = () => ({ direct_sign_in: `sso:${context.sandbox.tenant.ssoConnectors[0]?.id}` })

describe('Okta’s session', () => {
  it('second app sign-in, in a browser signed in at Okta, shows no page', async () => {
    const { browser } = await signInWithOkta(context)
    const location = await locationOf(browser, authorizeUrl())
    expect(location.searchParams.get('code')).toBeTruthy()
  })

  it('session cookie, of a browser nobody is signed in with, changes at sign-in', async () => {
    const browser = new UserAgent()
    const { issuer } = context.sandbox.okta
    const cookie = async () => /okta_session_\d+=([^;]+)/.exec(await browser.cookieHeader(issuer))?.[1]
    await browser.open(`${issuer}/oauth2/v1/logout`)
    const before = await cookie()
    await signInWithOkta(context, browser)
    expect(before).toEqual(expect.any(String))
    expect(await cookie()).toEqual(expect.any(String))
    expect(await cookie()).not.toBe(before)
  })

  it('ID token, as Okta makes it, says how and when the person signed in', async () => {
    const { browser } = await signInWithOkta(context)
    const { client_id: id, client_secret: secret = '' } = app().credentials.oauthClient
    const location = await locationOf(browser, authorizeUrl({ nonce: 'the-nonce' }))
    const { body } = await token(id, secret, { code: location.searchParams.get('code') ?? '' })
    const tokens = body as { id_token: string; access_token: string }
    const claims = decodeJwt(tokens.id_token)
    expect(claims).toEqual({
      sub: expect.stringMatching(/^00u\w{17}$/),
      name: 'Erin Moore',
      email: EMPLOYEE,
      preferred_username: EMPLOYEE,
      ver: 1,
      jti: expect.stringMatching(/^ID\.\w{43}$/),
      amr: ['pwd'],
      idp: expect.stringMatching(/^00o\w{17}$/),
      auth_time: expect.any(Number),
      nonce: 'the-nonce',
      at_hash: claims.at_hash,
      iss: context.sandbox.okta.issuer,
      aud: id,
      iat: expect.any(Number),
      exp: expect.any(Number),
    })
    const info = await fetch(`${context.sandbox.okta.issuer}/oauth2/v1/userinfo`, {
      headers: { authorization: `Bearer ${tokens.access_token}` },
    })
    expect(Object.keys((await info.json()) as object).sort()).toEqual([
      ...['email', 'email_verified', 'family_name', 'given_name', 'locale', 'name'],
      ...['preferred_username', 'sub', 'updated_at', 'zoneinfo'],
    ])
  })

  it('prompt login, in a browser signed in at Okta, asks again', async () => {
    const { browser } = await signInWithOkta(context)
    expect((await locationOf(browser, authorizeUrl({ prompt: 'login' }))).pathname).toMatch(/^\/login\//)
  })

  it('prompt consent, as ever at Okta, asks for no consent', async () => {
    const { browser } = await signInWithOkta(context)
    const location = await locationOf(browser, authorizeUrl({ prompt: 'consent' }))
    expect(location.searchParams.get('code')).toBeTruthy()
  })

  it('prompt none, with nobody signed in, is login_required', async () => {
    const location = await locationOf(new UserAgent(), authorizeUrl({ prompt: 'none' }))
    expect(location.searchParams.get('error')).toBe('login_required')
  })

  it('session, ended at the logout endpoint, has to sign in again', async () => {
    const { browser } = await signInWithOkta(context)
    await browser.open(`${context.sandbox.okta.issuer}/oauth2/v1/logout`)
    expect((await browser.submit()).text).toContain('Signed out')
    expect((await locationOf(browser, authorizeUrl())).pathname).toMatch(/^\/login\//)
  })

  it('person, taken off the app, is refused with the session still there', async () => {
    const { browser } = await signInWithOkta(context)
    const location = await having(assigned(), { groups: new Set() }, () =>
      locationOf(browser, authorizeUrl()),
    )
    expect(Object.fromEntries(location.searchParams)).toMatchObject({
      error: 'access_denied',
      error_description: 'User is not assigned to the client application.',
      state: 'the-state',
    })
  })

  it('person, assigned by name and through no group, may sign in', async () => {
    const byName = { groups: new Set<string>(), users: new Set([employee().id]) }
    const { tokens } = await having(assigned(), byName, () => signInWithOkta(context))
    expect(tokens.claims()?.email).toBe(EMPLOYEE)
  })

  it('group of the app, one person leaves, is closed to that person', async () => {
    const { browser } = await signInWithOkta(context)
    const staff = existing(context.sandbox.org.groups.find(({ profile }) => profile.name === 'Staff'))
    const location = await having(staff, { memberIds: new Set() }, () => locationOf(browser, authorizeUrl()))
    expect(location.searchParams.get('error')).toBe('access_denied')
  })

  it('person, deactivated meanwhile, is signed out at Okta at once', async () => {
    const { browser } = await signInWithOkta(context)
    const location = await having(employee(), { status: 'DEPROVISIONED' }, () =>
      locationOf(browser, authorizeUrl()),
    )
    expect(location.pathname).toMatch(/^\/login\//)
  })

  it('login hint, given to Okta, fills in the username', async () => {
    const page = await new UserAgent().open(authorizeUrl({ login_hint: EMPLOYEE }))
    expect(page.body).toContain(`value="${EMPLOYEE}"`)
  })

  it('whole journey, after both have a session, passes through without a page', async () => {
    const { browser } = await signInWithOkta(context)
    const page = await browser.open(await context.app.signInUrl({ prompt: 'login', ...direct() }))
    expect(page.url).toContain(`${context.app.url}/callback?code=`)
  })
})

describe('what Okta refuses', () => {
  it.each([
    ['an unknown client', { client_id: '0oaNobody' }, 'invalid_client', "Invalid value for 'client_id'"],
    [
      'an address not registered',
      { redirect_uri: 'http://localhost:9/' },
      'invalid_request',
      "'redirect_uri'",
    ],
  ])(
    'authorization request, of %s, is a page and JSON, not a redirect',
    async (_what, change, code, words) => {
      const page = await new UserAgent().open(authorizeUrl(change))
      expect(page.status).toBe(400)
      expect(page.text).toContain(words)
      expect(page.text).toContain(`Error Code: ${code}`)
      const response = await fetch(authorizeUrl(change), { headers: { accept: 'application/json' } })
      expect(await response.json()).toMatchObject({
        errorCode: code,
        errorSummary: expect.stringContaining(words),
      })
    },
  )

  it('app, made inactive, is unknown at once', async () => {
    const page = await having(app(), { status: 'INACTIVE' }, () => new UserAgent().open(authorizeUrl()))
    expect(page.text).toContain('Error Code: invalid_client')
  })

  const WRONG_SECRET = 'The client secret supplied for a confidential client is invalid.'
  it.each([
    ['a wrong secret', { secret: 'wrong' }, 401, 'invalid_client', WRONG_SECRET],
    ['a code', {}, 400, 'invalid_grant', 'The authorization code is invalid or has expired.'],
    [
      'a refresh token',
      { grant_type: 'refresh_token', refresh_token: 'x' },
      ...([400, 'invalid_grant', 'The refresh token is invalid or expired.'] as const),
    ],
  ])(
    'token endpoint, with %s that is none, says so in Okta’s words',
    async (_what, given, status, error, words) => {
      const { secret = app().credentials.oauthClient.client_secret ?? '', ...form }: Record<string, string> =
        given
      const { oauthClient } = app().settings
      const grants = [...oauthClient.grant_types, 'refresh_token' as const]
      const answer = await having(oauthClient, { grant_types: grants }, () => token(app().id, secret, form))
      expect(answer).toEqual({ status, body: { error, error_description: words } })
    },
  )

  it('token endpoint, for an unknown client, answers as Okta’s API does', async () => {
    expect(await token('0oaNobody', 'wrong')).toEqual({
      status: 401,
      body: {
        errorCode: 'invalid_client',
        errorSummary: "Invalid value for 'client_id' parameter.",
        errorLink: 'invalid_client',
        errorId: expect.any(String),
        errorCauses: [],
      },
    })
  })

  it.each(['openid nonsense', 'openid constructor', 'openid urn:logto:scope:organizations'])(
    'scope “%s”, unknown to the org, goes back to the client as invalid_scope',
    async (scope) => {
      const location = await locationOf(new UserAgent(), authorizeUrl({ scope }))
      expect(location.origin).toBe(context.sandbox.logto.endpoint)
      expect(Object.fromEntries(location.searchParams)).toEqual({
        error: 'invalid_scope',
        error_description: 'One or more scopes are not configured for the authorization server resource.',
        state: 'the-state',
        iss: context.sandbox.okta.issuer,
      })
    },
  )

  it('authorization request, without a redirect URI, is an error page', async () => {
    const url = new URL(authorizeUrl())
    url.searchParams.delete('redirect_uri')
    const page = await new UserAgent().open(url.href)
    expect(page.status).toBe(400)
    expect(page.text).toContain('400 Bad Request')
    expect(page.text).toContain('redirect_uri')
  })

  it('error page, of another status than 400, says which', async () => {
    const url = `${context.sandbox.okta.issuer}/oauth2/v1/userinfo`
    const page = await new UserAgent().open(url, { authorization: 'Bearer made-up' })
    expect(page.status).toBe(401)
    expect(page.text).toContain('401 Unauthorized')
    expect(page.text).not.toContain('Bad Request')
  })

  it('sign-in page, of an interaction unknown, is a page that says so', async () => {
    const page = await new UserAgent().open(`${context.sandbox.okta.issuer}/login/unknown`)
    expect(page.status).toBe(400)
    expect(page.text).toContain('has expired')
    expect(page.body).toContain(`href="${context.app.url}/sign-in"`)
  })

  it('sign-in page, expired, of an app that names no start, leads to the app’s origin', async () => {
    const withoutStart: object = { initiate_login_uri: undefined }
    const page = await having(app().settings.oauthClient, withoutStart, () =>
      new UserAgent().open(`${context.sandbox.okta.issuer}/login/unknown`),
    )
    expect(page.body).toContain(`href="${context.sandbox.logto.endpoint}/"`)
  })

  it('sign-in page, gone back to after signing in, is a page that says so', async () => {
    const browser = await atSignIn(context)
    const { url } = await toOkta(browser)
    await browser.submit({ username: EMPLOYEE, password: context.sandbox.password })
    expect((await browser.open(url)).text).toContain('has expired')
  })
})
