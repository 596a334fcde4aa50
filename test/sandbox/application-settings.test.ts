import { decodeJwt } from 'jose'
import * as oidc from 'openid-client'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Application } from '../../src/sandbox/index.ts'
import { UserAgent } from '../support/user-agent.ts'
import { applicationOf, sandboxForTests, signOutUrl, signUp } from './support.ts'

const context = sandboxForTests()
const DAY = 24 * 60 * 60 * 1000

const application = () => applicationOf(context)

/** Another application beside the app's own. */
function addApplication(change: Partial<Application>): Application {
  const added: Application = { ...structuredClone(application()), id: 'another', ...change }
  context.sandbox.tenant.applications.push(added)
  return added
}

const set = (change: Application['customClientMetadata']) =>
  Object.assign(application().customClientMetadata, change)

let saved: Application[] = []
beforeEach(() => {
  saved = structuredClone(context.sandbox.tenant.applications)
})
afterEach(() => {
  vi.useRealTimers()
  context.sandbox.tenant.applications.splice(0, Infinity, ...saved)
})

const passDays = (days: number) => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + days * DAY })
}

const refresh = (token = '') => oidc.refreshTokenGrant(context.app.configuration, token)

describe('settings of an application', () => {
  it('alwaysIssueRefreshToken, without offline_access, gives a refresh token', async () => {
    const scope = { scope: 'openid profile' }
    expect((await signUp(context, new UserAgent(), scope)).tokens.refresh_token).toBeUndefined()
    set({ alwaysIssueRefreshToken: true })
    expect((await signUp(context, new UserAgent(), scope)).tokens.refresh_token).toEqual(expect.any(String))
  })

  it('idTokenTtl, set, is the ID token’s life', async () => {
    set({ idTokenTtl: 120 })
    const { exp = 0, iat = 0 } = (await signUp(context)).tokens.claims() ?? {}
    expect(exp - iat).toBe(120)
  })

  it('refreshTokenTtlInDays, set, is the refresh token’s life', async () => {
    set({ refreshTokenTtlInDays: 3 })
    const { tokens } = await signUp(context)
    passDays(2)
    await expect(refresh(tokens.refresh_token)).resolves.toBeDefined()
    passDays(2)
    await expect(refresh(tokens.refresh_token)).rejects.toMatchObject({ error: 'invalid_grant' })
  })

  it('rotateRefreshToken, off, keeps a token late in its life', async () => {
    set({ rotateRefreshToken: false })
    const { tokens } = await signUp(context)
    passDays(12)
    expect((await refresh(tokens.refresh_token)).refresh_token).toBe(tokens.refresh_token)
  })

  it('backchannelLogoutSessionRequired, off, leaves sid out of both tokens', async () => {
    application().oidcClientMetadata.backchannelLogoutSessionRequired = false
    const { browser, tokens } = await signUp(context)
    expect(tokens.claims()).not.toHaveProperty('sid')
    await browser.open(signOutUrl(context))
    await browser.submit()
    const claims = decodeJwt(context.app.deliveries.at(-1)?.token ?? '')
    expect(claims.sub).toBe(tokens.claims()?.sub)
    expect(claims).not.toHaveProperty('sid')
  })
})

describe('what an application may not', () => {
  const post = (path: string, { id, secrets }: Application, form: Record<string, string>) =>
    fetch(`${context.sandbox.logto.endpoint}/oidc/${path}`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa(`${id}:${secrets[0]?.value}`)}` },
      body: new URLSearchParams(form),
    })

  it('token of another application, introspected or revoked, stays unknown and good', async () => {
    const other = addApplication({})
    const { tokens } = await signUp(context)
    const { access_token: token, refresh_token: refreshToken = '' } = tokens
    const own = await post('token/introspection', application(), { token })
    expect(await own.json()).toMatchObject({ active: true })
    const foreign = await post('token/introspection', other, { token })
    expect(await foreign.json()).toEqual({ active: false })
    await post('token/revocation', other, { token: refreshToken })
    await expect(refresh(refreshToken)).resolves.toBeDefined()
  })

  it('Management API, asked for by a web application with the role even, gives a token without a scope', async () => {
    application().isAdmin = true
    const asked = { resource: 'https://default.logto.app/api', scope: 'openid offline_access all' }
    const { tokens } = await signUp(context, new UserAgent(), asked)
    const { resource } = asked
    const refreshed = await oidc.refreshTokenGrant(context.app.configuration, tokens.refresh_token ?? '', {
      resource,
    })
    expect(decodeJwt(refreshed.access_token)).toMatchObject({ aud: resource, client_id: application().id })
    expect(decodeJwt(refreshed.access_token)).not.toHaveProperty('scope')
    expect(refreshed.scope ?? '').not.toContain('all')
  })

  it('ID token, sent to the Management API, is 401: it is for somebody else', async () => {
    const { tokens } = await signUp(context)
    const response = await fetch(`${context.sandbox.logto.endpoint}/api/applications`, {
      headers: { authorization: `Bearer ${tokens.id_token}` },
    })
    expect(response.status).toBe(401)
    expect(await response.json()).toMatchObject({ code: 'auth.unauthorized' })
  })

  it.each([
    ['of its redirect URI', () => context.app.url, true],
    ['listed', () => 'http://localhost:8', true],
    ['unknown', () => 'http://localhost:9', false],
  ])('origin, %s, is answered accordingly', async (_what, origin, allowed) => {
    set({ corsAllowedOrigins: ['http://localhost:8'] })
    const { tokens } = await signUp(context)
    const response = await fetch(`${context.sandbox.logto.endpoint}/oidc/me`, {
      headers: { authorization: `Bearer ${tokens.access_token}`, origin: origin() },
    })
    expect(response.status).toBe(allowed ? 200 : 400)
    expect(response.headers.get('access-control-allow-origin')).toBe(allowed ? origin() : null)
  })

  it.each(['SPA', 'Native'] as const)('%s, without PKCE, is refused', async (type) => {
    const { id, oidcClientMetadata } = addApplication({ type })
    const query = new URLSearchParams({
      client_id: id,
      redirect_uri: oidcClientMetadata.redirectUris[0] ?? '',
      response_type: 'code',
      scope: 'openid',
    })
    const response = await new UserAgent().request(`${context.sandbox.logto.endpoint}/oidc/auth?${query}`)
    const answer = new URL(response.headers.get('location') ?? '').searchParams
    expect(answer.get('error')).toBe('invalid_request')
    expect(answer.get('error_description')).toContain('PKCE')
  })
})
