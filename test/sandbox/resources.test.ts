import { decodeJwt, decodeProtectedHeader } from 'jose'
import * as oidc from 'openid-client'
import { afterEach, describe, expect, it } from 'vitest'
import { startSandbox } from '../../src/sandbox/index.ts'
import { UserAgent } from '../support/user-agent.ts'
import { having, SCOPE, sandboxForTests, signInWithOkta, signUp, userOf } from './support.ts'

const context = sandboxForTests()
const API = 'https://notes.acme.example'
const ORGANIZATIONS = 'urn:logto:resource:organizations'

const refresh = (token: string | undefined, parameters: Record<string, string>) =>
  oidc.refreshTokenGrant(context.app.configuration, token ?? '', parameters)

/** The employee's tokens after a sign-in that named the API and its scope. */
const forTheApi = () =>
  signInWithOkta(context, new UserAgent(), { scope: `${SCOPE} read:notes`, resource: API })
const forOrganizations = () =>
  signInWithOkta(context, new UserAgent(), { scope: `${SCOPE} read:notes`, resource: ORGANIZATIONS })

afterEach(() => {
  context.sandbox.control.shortenTokens(3600)
  context.sandbox.control.rotateRefreshTokens(false)
})

describe('tokens for an API', () => {
  it('token, of a person whose role has the permission, is a JWT of Logto’s form', async () => {
    const { tokens } = await forTheApi()
    const { access_token: token, ...answer } = await refresh(tokens.refresh_token, { resource: API })
    expect(answer).toMatchObject({ scope: 'read:notes', expires_in: 3600 })
    expect(decodeProtectedHeader(token)).toEqual({
      alg: 'ES384',
      typ: 'at+jwt',
      kid: expect.stringMatching(/^[\w-]{43}$/),
    })
    expect(decodeJwt(token)).toEqual({
      jti: expect.any(String),
      sub: tokens.claims()?.sub,
      iat: expect.any(Number),
      exp: expect.any(Number),
      scope: 'read:notes',
      client_id: context.sandbox.logto.appId,
      iss: `${context.sandbox.logto.endpoint}/oidc`,
      aud: API,
    })
  })

  it('sandbox, wired, has its API and role from provision, and only the employee has the role', async () => {
    const { tenant, apiResource } = context.sandbox
    expect(apiResource).toBe(API)
    expect(tenant.apiResources.map(({ indicator }) => indicator)).toContain(API)
    await signUp(context, new UserAgent())
    await signInWithOkta(context)
    const [role] = tenant.roles
    expect(role).toMatchObject({ type: 'User', isDefault: false })
    const bearers = tenant.users.filter(({ roles }) => roles.includes(role?.name ?? ''))
    expect(bearers.map(({ primaryEmail }) => primaryEmail)).toEqual(['employee@acme.example'])
  })

  it('sandbox, told of another identifier, wires that one', async () => {
    const apiResource = 'https://other.test/api'
    const other = await startSandbox({ appUrl: 'http://localhost:1', apiResource, logtoPort: 0, oktaPort: 0 })
    try {
      expect(other.apiResource).toBe(apiResource)
      expect(other.tenant.apiResources.map(({ indicator }) => indicator)).toEqual([
        'https://default.logto.app/api',
        apiResource,
      ])
    } finally {
      await other.close()
    }
  })

  it('token, with a permission taken from the role, has it no more', async () => {
    const { tokens } = await forTheApi()
    const [role] = context.sandbox.tenant.roles
    const { access_token: token } = await having(role ?? { scopeIds: [] }, { scopeIds: [] }, () =>
      refresh(tokens.refresh_token, { resource: API }),
    )
    expect(decodeJwt(token).scope ?? '').toBe('')
  })

  it('token, of a person without the role, has no scope', async () => {
    const { tokens } = await signUp(context, new UserAgent(), { scope: `${SCOPE} read:notes`, resource: API })
    const { access_token: token } = await refresh(tokens.refresh_token, { resource: API })
    expect(decodeJwt(token).scope ?? '').toBe('')
  })

  it('token, in the name of an organization, names it and has the scopes of the role there', async () => {
    const { tokens } = await forTheApi()
    const parameters = { resource: API, organization_id: 'acme' }
    const { access_token: token } = await refresh(tokens.refresh_token, parameters)
    expect(decodeJwt(token)).toMatchObject({ aud: API, organization_id: 'acme', scope: 'read:notes' })
  })

  it('API, not named at sign-in, gives no token', async () => {
    const { tokens } = await signInWithOkta(context)
    await expect(refresh(tokens.refresh_token, { resource: API })).rejects.toMatchObject({
      error: 'invalid_target',
    })
  })

  it('API, that there is not, is refused at once', async () => {
    const agent = new UserAgent()
    const page = await agent.open(await context.app.signInUrl({ resource: 'https://nothing.example' }))
    expect(page.url).toContain('error=invalid_target')
  })

  it('tokens, shortened, are so for an API too', async () => {
    context.sandbox.control.shortenTokens(7)
    const { tokens } = await forTheApi()
    expect(await refresh(tokens.refresh_token, { resource: API })).toMatchObject({ expires_in: 7 })
  })
})

describe('organization tokens', () => {
  it('token, of a member, has the organization as its audience and the scopes of the role there', async () => {
    const { tokens } = await forOrganizations()
    const { access_token: token } = await refresh(tokens.refresh_token, { organization_id: 'acme' })
    expect(decodeJwt(token)).toMatchObject({
      aud: 'urn:logto:organization:acme',
      scope: 'read:notes',
      sub: tokens.claims()?.sub,
      client_id: context.sandbox.logto.appId,
    })
    expect(decodeJwt(token)).not.toHaveProperty('organization_id')
  })

  it.each(['globex', 'nowhere'])(
    'token, for %s, the person no member, is a 403, and nothing is used up',
    async (id) => {
      context.sandbox.control.rotateRefreshTokens(true)
      const { tokens } = await forOrganizations()
      await expect(refresh(tokens.refresh_token, { organization_id: id })).rejects.toMatchObject({
        error: 'access_denied',
        status: 403,
      })
      expect(await refresh(tokens.refresh_token, {})).toMatchObject({ token_type: 'bearer' })
    },
  )

  it('token, for who has left the organization, is refused from then on', async () => {
    const { tokens } = await forOrganizations()
    await having(userOf(context, tokens.claims()?.sub), { organizations: [] }, () =>
      expect(refresh(tokens.refresh_token, { organization_id: 'acme' })).rejects.toMatchObject({
        error: 'access_denied',
      }),
    )
  })

  it('token, after a sign-in without the scope, is refused', async () => {
    const { tokens } = await signInWithOkta(context, new UserAgent(), {
      scope: 'openid offline_access profile',
    })
    await expect(refresh(tokens.refresh_token, { organization_id: 'acme' })).rejects.toMatchObject({
      error: 'insufficient_scope',
    })
  })

  it('refresh, without an organization, is as it was', async () => {
    const { tokens } = await forOrganizations()
    const { access_token: token } = await refresh(tokens.refresh_token, {})
    expect(token).not.toContain('.')
    const info = await oidc.fetchUserInfo(context.app.configuration, token, tokens.claims()?.sub ?? '')
    expect(info.organizations).toEqual(['acme'])
  })
})

describe('a script of its own', () => {
  const ask = (parameters: Record<string, string>) => {
    const { script, logto } = context.sandbox
    return fetch(`${logto.endpoint}/oidc/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa(`${script.appId}:${script.appSecret}`)}` },
      body: new URLSearchParams({ grant_type: 'client_credentials', ...parameters }),
    }).then(async (response) => ({
      status: response.status,
      body: (await response.json()) as { access_token: string },
    }))
  }

  it('token, for the API, is the script’s own', async () => {
    const { body } = await ask({ resource: API, scope: 'read:notes' })
    const { appId } = context.sandbox.script
    expect(decodeJwt(body.access_token)).toMatchObject({
      ...{ sub: appId, client_id: appId, aud: API, scope: 'read:notes' },
    })
  })

  it('token, for the Management API, has no scope', async () => {
    const { body } = await ask({ resource: 'https://default.logto.app/api', scope: 'all' })
    expect(decodeJwt(body.access_token).scope ?? '').toBe('')
  })

  it('token, for nothing, is refused', async () => {
    expect((await ask({})).status).toBe(400)
  })
})
