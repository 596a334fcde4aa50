import { describe, expect, it } from 'vitest'
import { UserAgent } from '../support/user-agent.ts'
import { sandboxForTests } from './support.ts'

const context = sandboxForTests()
const issuer = () => context.sandbox.okta.issuer
const EMAIL = 'employee@acme.example'

async function signedIn(username = EMAIL) {
  const agent = new UserAgent()
  await agent.open(`${issuer()}/`)
  await agent.submit({ username, password: context.sandbox.password })
  return agent
}

const app = () => {
  const [first] = context.sandbox.org.apps
  if (!first) throw new Error('the org has an app')
  return first
}

describe('Okta’s dashboard', () => {
  it('dashboard, for a stranger, is behind the sign-in page', async () => {
    const agent = new UserAgent()
    const page = await agent.open(`${issuer()}/`)
    expect(page.url).toBe(`${issuer()}/login/login.htm`)
    const wrong = await agent.submit({ username: EMAIL, password: 'wrong' })
    expect([wrong.status, wrong.text]).toEqual([401, expect.stringContaining('Unable to sign in')])
    expect((await agent.open(`${issuer()}/`)).url).toContain('/login/login.htm')
  })

  it('dashboard, of an employee, has the tile, which names Okta to the app and nobody', async () => {
    const agent = await signedIn()
    expect(agent.page?.text).toContain('Signed in to Okta as Erin')
    const response = await agent.request(`${issuer()}/home/oidc_client/${app().id}`)
    const start = new URL(response.headers.get('location') ?? '')
    expect(start.href.split('?')[0]).toBe(app().settings.oauthClient.initiate_login_uri)
    expect([...start.searchParams]).toEqual([['iss', issuer()]])
  })

  it('session, of the dashboard, is the one that apps are signed in with', async () => {
    const agent = await signedIn()
    const query = new URLSearchParams({
      client_id: app().id,
      redirect_uri: app().settings.oauthClient.redirect_uris[0] ?? '',
      response_type: 'code',
      scope: 'openid',
      state: 'the-state',
    })
    const ask = async () =>
      (await agent.request(`${issuer()}/oauth2/v1/authorize?${query}`)).headers.get('location')
    expect(await ask()).toContain('code=')
    await agent.open(`${issuer()}/login/signout`)
    expect(await ask()).toContain('/login/')
  })

  it('session cookie, of before signing in and of before signing out, is nobody’s', async () => {
    const agent = await signedIn()
    const before = await agent.cookieHeader(issuer())
    await agent.open(`${issuer()}/login/signout`)
    const response = await fetch(`${issuer()}/`, { headers: { cookie: before }, redirect: 'manual' })
    expect(response.headers.get('location')).toBe('/login/login.htm')
  })

  it.each([
    ['hidden', () => Object.assign(app(), { visibility: { hide: { web: true } } })],
    ['switched off', () => Object.assign(app(), { status: 'INACTIVE' })],
    [
      'started by the app alone',
      () => Object.assign(app().settings.oauthClient, { idp_initiated_login: { mode: 'DISABLED' } }),
    ],
    ['without a start', () => Object.assign(app().settings.oauthClient, { initiate_login_uri: undefined })],
  ])('app, %s, has no tile', async (_what, change) => {
    const saved = structuredClone(app())
    const agent = await signedIn()
    change()
    const page = await agent.open(`${issuer()}/`)
    const tile = await agent.open(`${issuer()}/home/oidc_client/${app().id}`)
    Object.assign(app(), { visibility: undefined }, saved)
    expect(page.text).toContain('No app is assigned to you')
    expect(tile.status).toBe(403)
  })

  it.each([
    ['of another site', { origin: 'https://evil.example' }],
    ['that hides', { origin: 'null' }],
  ])('form, %s, signs nobody in', async (_what, headers) => {
    const response = await fetch(`${issuer()}/login/login.htm`, {
      method: 'POST',
      redirect: 'manual',
      headers,
      body: new URLSearchParams({ username: EMAIL, password: context.sandbox.password }),
    })
    expect(response.status).toBe(403)
    expect(response.headers.get('set-cookie')).toBeNull()
  })

  it.each(['https://evil.example', '//evil.example', '/home/oidc_client/../../x', '/\\evil.example'])(
    'sign-in page, told to go on to %s, goes to the dashboard',
    async (fromURI) => {
      const agent = new UserAgent()
      await agent.open(`${issuer()}/login/login.htm?${new URLSearchParams({ fromURI })}`)
      const page = await agent.submit({ username: EMAIL, password: context.sandbox.password })
      expect(page.url).toBe(`${issuer()}/`)
    },
  )
})
