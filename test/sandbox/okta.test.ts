import { describe, expect, it } from 'vitest'
import { UserAgent } from '../support/user-agent.ts'
import { EMPLOYEE, sandboxForTests, signInWithOkta, toOkta } from './support.ts'

const context = sandboxForTests()

const app = () => {
  const [first] = context.sandbox.org.apps
  if (!first) throw new Error('the org has an app')
  return first
}

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
    const assigned = context.sandbox.org.assignments.get(app().id)
    const saved = new Set(assigned?.users)
    assigned?.users.clear()
    const location = await locationOf(browser, authorizeUrl())
    for (const id of saved) assigned?.users.add(id)
    expect(Object.fromEntries(location.searchParams)).toMatchObject({
      error: 'access_denied',
      error_description: 'User is not assigned to the client application.',
      state: 'the-state',
    })
  })

  it('person, assigned through a group, may sign in', async () => {
    const assigned = context.sandbox.org.assignments.get(app().id)
    const everyone = context.sandbox.org.groups[0]?.id ?? ''
    const saved = new Set(assigned?.users)
    assigned?.users.clear()
    assigned?.groups.add(everyone)
    const { tokens } = await signInWithOkta(context)
    for (const id of saved) assigned?.users.add(id)
    assigned?.groups.delete(everyone)
    expect(tokens.claims()?.email).toBe(EMPLOYEE)
  })

  it('person, deactivated meanwhile, is signed out at Okta at once', async () => {
    const { browser } = await signInWithOkta(context)
    const person = context.sandbox.org.users.find(({ profile }) => profile.login === EMPLOYEE)
    if (person) person.status = 'DEPROVISIONED'
    const location = await locationOf(browser, authorizeUrl())
    if (person) person.status = 'ACTIVE'
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
    app().status = 'INACTIVE'
    const page = await new UserAgent().open(authorizeUrl())
    app().status = 'ACTIVE'
    expect(page.text).toContain('Error Code: invalid_client')
  })

  it('token endpoint, with a wrong secret, is 401 invalid_client', async () => {
    const response = await fetch(`${context.sandbox.okta.issuer}/oauth2/v1/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa(`${app().id}:wrong`)}` },
      body: new URLSearchParams({ grant_type: 'authorization_code', code: 'x' }),
    })
    expect(response.status).toBe(401)
    expect(await response.json()).toMatchObject({ error: 'invalid_client' })
  })

  it('sign-in page, of an interaction unknown, is a page that says so', async () => {
    const page = await new UserAgent().open(`${context.sandbox.okta.issuer}/login/unknown`)
    expect(page.status).toBe(400)
    expect(page.text).toContain('has expired')
  })

  it('sign-in page, gone back to after signing in, is a page that says so', async () => {
    const browser = new UserAgent()
    await browser.open(await context.app.signInUrl())
    const { url } = await toOkta(browser)
    await browser.submit({ username: EMPLOYEE, password: context.sandbox.password })
    expect((await browser.open(url)).text).toContain('has expired')
  })
})
