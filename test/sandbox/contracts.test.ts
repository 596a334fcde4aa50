import * as oidc from 'openid-client'
import { describe, expect, it } from 'vitest'
import { UserAgent } from '../support/user-agent.ts'
import { applicationOf, atSignIn, having, sandboxForTests } from './support.ts'

const context = sandboxForTests()

const json = async (url: string, init?: RequestInit) => {
  const response = await fetch(url, { redirect: 'manual', ...init })
  const text = await response.text()
  return { status: response.status, body: JSON.parse(text) as Record<string, unknown> }
}

const tokenRequest = (id: string, secret: string, form: Record<string, string>) =>
  json(`${context.sandbox.logto.endpoint}/oidc/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${id}:${secret}`)}` },
    body: new URLSearchParams(form),
  })

describe('discovery', () => {
  it('document of Logto, whole, is Logto’s', async () => {
    const issuer = `${context.sandbox.logto.endpoint}/oidc`
    const { body } = await json(`${issuer}/.well-known/openid-configuration`)
    expect(body).toEqual({
      issuer,
      authorization_endpoint: `${issuer}/auth`,
      device_authorization_endpoint: `${issuer}/device/auth`,
      end_session_endpoint: `${issuer}/session/end`,
      introspection_endpoint: `${issuer}/token/introspection`,
      jwks_uri: `${issuer}/jwks`,
      pushed_authorization_request_endpoint: `${issuer}/request`,
      revocation_endpoint: `${issuer}/token/revocation`,
      token_endpoint: `${issuer}/token`,
      userinfo_endpoint: `${issuer}/me`,
      authorization_response_iss_parameter_supported: true,
      backchannel_logout_supported: true,
      backchannel_logout_session_supported: true,
      claim_types_supported: ['normal'],
      claims_parameter_supported: false,
      claims_supported: expect.arrayContaining([
        ...['sub', 'username', 'sso_identities', 'organization_roles', 'sid'],
      ]),
      code_challenge_methods_supported: ['S256'],
      grant_types_supported: [
        ...['implicit', 'authorization_code', 'refresh_token', 'client_credentials'],
        ...['device_code', 'token-exchange'].map((name) => `urn:ietf:params:oauth:grant-type:${name}`),
      ],
      id_token_signing_alg_values_supported: ['ES384'],
      request_uri_parameter_supported: false,
      response_modes_supported: ['form_post', 'fragment', 'query'],
      response_types_supported: ['code id_token', 'code', 'id_token', 'none'],
      scopes_supported: [
        ...['openid', 'offline_access', 'profile', 'email', 'phone', 'address'],
        ...['custom_data', 'identities', 'roles'],
        ...['organizations', 'organization_roles', 'sessions'].map((name) => `urn:logto:scope:${name}`),
      ],
      subject_types_supported: ['public'],
      token_endpoint_auth_methods_supported: [
        ...['client_secret_basic', 'client_secret_jwt', 'client_secret_post', 'private_key_jwt', 'none'],
      ],
      token_endpoint_auth_signing_alg_values_supported: [
        ...['HS256', 'RS256', 'PS256', 'ES256', 'Ed25519', 'EdDSA'],
      ],
    })
  })

  it('document of Okta, at the org root, has Okta’s paths', async () => {
    const { issuer } = context.sandbox.okta
    const { body } = await json(`${issuer}/.well-known/openid-configuration`)
    expect(body).toMatchObject({
      issuer,
      authorization_endpoint: `${issuer}/oauth2/v1/authorize`,
      token_endpoint: `${issuer}/oauth2/v1/token`,
      userinfo_endpoint: `${issuer}/oauth2/v1/userinfo`,
      jwks_uri: `${issuer}/oauth2/v1/keys`,
      end_session_endpoint: `${issuer}/oauth2/v1/logout`,
      introspection_endpoint: `${issuer}/oauth2/v1/introspect`,
      revocation_endpoint: `${issuer}/oauth2/v1/revoke`,
      id_token_signing_alg_values_supported: ['RS256'],
    })
  })

  it('keys, of both servers, are made at start and show no private part', async () => {
    const { logto, okta } = context.sandbox
    for (const url of [`${logto.endpoint}/oidc/jwks`, `${okta.issuer}/oauth2/v1/keys`]) {
      const { body } = await json(url)
      const [key, ...more] = body.keys as Record<string, unknown>[]
      expect(more).toEqual([])
      for (const part of ['d', 'p', 'q', 'dp', 'dq', 'qi']) expect(key).not.toHaveProperty(part)
    }
  })
})

describe('when something is wrong', () => {
  it('status of Logto, asked, is 204', async () => {
    expect((await fetch(`${context.sandbox.logto.endpoint}/api/status`)).status).toBe(204)
  })

  const invalidClient = (error_description: string) =>
    expect.objectContaining({
      ...{ code: 'oidc.invalid_client', message: expect.any(String) },
      ...{ error: 'invalid_client', error_description },
    })

  it('authorization request, of an unknown app, is Logto’s invalid_client', async () => {
    const url = (await context.app.signInUrl()).replace(context.sandbox.logto.appId, 'nope')
    expect(await json(url)).toEqual({ status: 400, body: invalidClient('invalid client nope') })
  })

  it('authorization request, to an address not registered, is refused without a redirect', async () => {
    const url = await context.app.signInUrl({ redirect_uri: `${context.app.url}/elsewhere` })
    for (const accept of ['application/json', 'text/html']) {
      expect(await json(url, { headers: { accept } })).toEqual({
        status: 400,
        body: expect.objectContaining({ code: 'oidc.invalid_redirect_uri', error: 'invalid_redirect_uri' }),
      })
    }
  })

  it('token endpoint, with a wrong secret, is 401 invalid_client', async () => {
    const { appId } = context.sandbox.logto
    const form = { grant_type: 'authorization_code', code: 'x', redirect_uri: `${context.app.url}/callback` }
    expect(await tokenRequest(appId, 'wrong', form)).toEqual({
      status: 401,
      body: invalidClient('client authentication failed'),
    })
  })

  it('resumed request, without its cookie, is session.not_found', async () => {
    const { status, body } = await json(`${context.sandbox.logto.endpoint}/oidc/auth/unknown`)
    expect([status, body.code]).toEqual([400, 'session.not_found'])
  })

  it('authorization request, with prompt none and nobody signed in, returns login_required to the app', async () => {
    const page = await new UserAgent().open(await context.app.signInUrl({ prompt: 'none' }))
    const answer = new URL(page.url).searchParams
    expect(page.url).toContain(`${context.app.url}/callback?`)
    expect([answer.get('error'), answer.get('iss')]).toEqual([
      'login_required',
      `${context.sandbox.logto.endpoint}/oidc`,
    ])
  })
})

describe('the public sign-in experience', () => {
  const read = async () => (await json(`${context.sandbox.logto.endpoint}/api/.well-known/sign-in-exp`)).body

  it('experience, of the wired tenant, has Logto’s keys and the connector', async () => {
    const body = await read()
    const [connector] = context.sandbox.tenant.ssoConnectors
    expect(Object.keys(body)).toHaveLength(38)
    expect(body).toMatchObject({
      tenantId: 'default',
      signInMode: 'SignInAndRegister',
      singleSignOnEnabled: true,
      signUp: { identifiers: ['username'], password: true, verify: false },
      ssoConnectors: [
        { id: connector?.id, connectorName: 'Okta', logo: expect.stringMatching(/^data:image/) },
      ],
    })
  })

  it('experience, with Enterprise SSO off, says so, and no page offers it', async () => {
    await having(context.sandbox.tenant.signInExperience, { singleSignOnEnabled: false }, async () => {
      expect(await read()).toMatchObject({ singleSignOnEnabled: false, ssoConnectors: [] })
      const browser = await atSignIn(context)
      expect(browser.page?.text).not.toContain('Single Sign-On')
      expect((await browser.submit({ username: 'employee@acme.example', password: 'x' })).status).toBe(422)
    })
  })

  it.each([
    ['without a domain', { domains: [] }],
    ['without credentials', { config: { issuer: 'http://localhost:1' } }],
  ])('experience, with a connector %s, lists none', async (_what, change) => {
    const [connector = {}] = context.sandbox.tenant.ssoConnectors
    expect((await having(connector, change, read)).ssoConnectors).toEqual([])
  })
})

describe('the Experience API', () => {
  const api = (path: string) => `${context.sandbox.logto.endpoint}/api/experience${path}`

  const send = async (browser: UserAgent, method: string, path: string, body?: unknown) => {
    const response = await browser.request(api(path), {
      method,
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    return { status: response.status, body: text ? JSON.parse(text) : undefined }
  }
  const authorizationUri = (id = '') => `/verification/sso/${id}/authorization-uri`

  it('calls of Logto’s own pages, in order, answer as Logto does', async () => {
    const browser = await atSignIn(context)
    const id = context.sandbox.tenant.ssoConnectors[0]?.id
    expect((await send(browser, 'PUT', '', { interactionEvent: 'SignIn' })).status).toBe(204)
    for (const email of ['employee@acme.example', 'Somebody@ACME.example']) {
      const path = `/sso-connectors?email=${encodeURIComponent(email)}`
      expect(await send(browser, 'GET', path)).toEqual({ status: 200, body: { connectorIds: [id] } })
    }
    expect(await send(browser, 'GET', '/sso-connectors?email=a%40other.example')).toEqual({
      status: 200,
      body: { connectorIds: [] },
    })
    const redirectUri = `${context.sandbox.logto.endpoint}/callback/${id}`
    const answer = await send(browser, 'POST', authorizationUri(id), { state: 'abc', redirectUri })
    expect(answer).toEqual({
      status: 200,
      body: { authorizationUri: expect.any(String), verificationId: expect.any(String) },
    })
    const url = new URL(answer.body.authorizationUri)
    expect(url.origin + url.pathname).toBe(`${context.sandbox.okta.issuer}/oauth2/v1/authorize`)
    expect(Object.fromEntries(url.searchParams)).toMatchObject({ state: 'abc', redirect_uri: redirectUri })
  })

  it.each([
    ['PUT', '', { interactionEvent: 'SignIn' }],
    ['GET', '/sso-connectors?email=a%40b.example', undefined],
    ['POST', authorizationUri('x'), { state: 'x', redirectUri: 'http://localhost/' }],
  ])('%s %s, without an interaction, is 400 session.not_found', async (method, path, body) => {
    const answer = await send(new UserAgent(), method, path, body)
    expect([answer.status, answer.body.code]).toEqual([400, 'session.not_found'])
    expect(answer.body.message).toEqual(expect.any(String))
  })

  it.each([
    ['PUT', '', { interactionEvent: 'Dance' }, 400, 'guard.invalid_input'],
    ['PUT', '', '{not json', 400, 'guard.invalid_input'],
    ['GET', '/sso-connectors', undefined, 400, 'guard.invalid_input'],
    ['GET', '/sso-connectors?email=nobody', undefined, 400, 'guard.invalid_input'],
    ['POST', authorizationUri('x'), { state: 'x' }, 400, 'guard.invalid_input'],
    [
      'POST',
      authorizationUri('x'),
      { state: 'x', redirectUri: 'http://localhost/' },
      404,
      'session.interaction_not_found',
    ],
    ['GET', '/nothing', undefined, 404, 'request.not_found'],
  ])('%s %s, with %j, is %i %s', async (method, path, body, status, code) => {
    const answer = await send(await atSignIn(context), method, path, body)
    expect([answer.status, answer.body.code]).toEqual([status, code])
  })

  it('authorization URI, of an unknown connector, is 404 connector.not_found', async () => {
    const browser = await atSignIn(context)
    await send(browser, 'PUT', '', { interactionEvent: 'SignIn' })
    const body = { state: 'x', redirectUri: 'http://localhost/' }
    const answer = await send(browser, 'POST', authorizationUri('nobody'), body)
    expect([answer.status, answer.body.code]).toEqual([404, 'connector.not_found'])
  })
})

describe('applications', () => {
  it('application, added, changed and removed while Logto runs, counts at once', async () => {
    const { tenant, logto } = context.sandbox
    const redirectUri = 'http://localhost:9/back'
    const added = {
      ...structuredClone(applicationOf(context)),
      id: 'added',
      oidcClientMetadata: { redirectUris: [redirectUri], postLogoutRedirectUris: [] },
    }
    const ask = async () => {
      const query = { client_id: 'added', redirect_uri: redirectUri, scope: 'openid', response_type: 'code' }
      const url = `${logto.endpoint}/oidc/auth?${new URLSearchParams(query)}`
      return (await fetch(url, { redirect: 'manual' })).status
    }
    expect(await ask()).toBe(400)
    tenant.applications.push(added)
    expect(await ask()).toBe(303)
    added.oidcClientMetadata.redirectUris = ['http://localhost:9/other']
    expect(await ask()).toBe(400)
    tenant.applications.pop()
    await expect(oidc.tokenRevocation(context.app.configuration, 'unknown')).resolves.toBeUndefined()
  })
})
