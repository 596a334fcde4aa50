import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { selfSigned } from '../../src/sandbox/companies/saml/certificate.ts'
import { requireUsableConfig } from '../../src/sandbox/logto/management/connector-rules.ts'
import { blankForTests } from './management-support.ts'

const context = blankForTests()
beforeEach(() => {
  waiting = []
  context.sandbox.tenant.ssoConnectors.length = 0
})

/** What answers in an identity provider's place, by path. */
const documents: Record<string, [status: number, body: string]> = {
  '/not-found/.well-known/openid-configuration': [404, 'nothing here'],
  '/not-json/.well-known/openid-configuration': [200, '<p>hello</p>'],
  '/not-discovery/.well-known/openid-configuration': [200, '{"issuer":"http://localhost"}'],
}
/** Answers of an issuer that waits for two to ask, so that neither is served before the other has begun. */
let waiting: Array<() => void> = []
const together = (answer: () => void) => {
  waiting.push(answer)
  if (waiting.length < 2) return
  for (const send of waiting) send()
}

const server = createServer(async (req, res) => {
  if (req.url?.startsWith('/together/')) {
    const { issuer } = context.sandbox.okta
    const document = await (await fetch(`${issuer}/.well-known/openid-configuration`)).text()
    return together(() => res.end(document))
  }
  const [status, body] = documents[req.url ?? ''] ?? [500, '']
  res.writeHead(status).end(body)
})
beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)))
afterAll(() => new Promise((resolve) => server.close(resolve)))
const at = (path: string) => `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`

const config = (change: object = {}) => ({
  issuer: context.sandbox.okta.issuer,
  clientId: 'the-client',
  clientSecret: 'the-secret',
  ...change,
})
const create = (change: object = {}) =>
  context.logto('POST', '/sso-connectors', {
    providerName: 'Okta',
    connectorName: 'Okta Acme',
    domains: ['acme.example'],
    config: config(),
    ...change,
  })

describe('connectors of the Management API', () => {
  it('connector, made, is answered plain', async () => {
    const { status, body } = await create()
    expect(status).toBe(200)
    expect(body).toEqual({
      tenantId: 'default',
      id: expect.stringMatching(/^[0-9a-z]{12}$/),
      providerName: 'Okta',
      connectorName: 'Okta Acme',
      config: { ...config(), trustUnverifiedEmail: false },
      domains: ['acme.example'],
      branding: {},
      syncProfile: false,
      enableTokenStorage: false,
      createdAt: expect.any(Number),
    })
  })

  it('connector, read, tells what its issuer says of itself', async () => {
    const { body: made } = await create({ config: config({ scope: 'groups openid' }) })
    const { issuer } = context.sandbox.okta
    const { body } = await context.logto('GET', `/sso-connectors/${made.id}`)
    expect(body).toEqual({
      ...made,
      name: 'Okta',
      providerType: 'oidc',
      providerLogo: expect.stringMatching(/^data:image/),
      providerLogoDark: expect.stringMatching(/^data:image/),
      providerConfig: {
        clientId: 'the-client',
        clientSecret: 'the-secret',
        issuer,
        scope: 'openid profile email groups',
        trustUnverifiedEmail: false,
        authorizationEndpoint: `${issuer}/oauth2/v1/authorize`,
        tokenEndpoint: `${issuer}/oauth2/v1/token`,
        userinfoEndpoint: `${issuer}/oauth2/v1/userinfo`,
        jwksUri: `${issuer}/oauth2/v1/keys`,
      },
    })
    expect((await context.logto('GET', '/sso-connectors')).body).toEqual([body])
    const paged = await context.logto('GET', '/sso-connectors?page=1&page_size=1')
    expect([paged.headers.get('total-number'), paged.body]).toEqual(['1', [body]])
  })

  it('connector, made with the least there is, is not complete and has no provider config', async () => {
    const answer = await context.logto('POST', '/sso-connectors', {
      providerName: 'Okta',
      connectorName: 'Later',
    })
    expect(answer.body).toMatchObject({ config: {}, domains: [] })
    const { body } = await context.logto('GET', `/sso-connectors/${answer.body.id}`)
    expect(body.providerConfig).toBeNull()
  })

  it('connector, with an issuer that has gone, has no provider config', async () => {
    const { body: made } = await create()
    Object.assign(context.sandbox.tenant.ssoConnectors[0]?.config ?? {}, { issuer: 'http://localhost:9' })
    const { status, body } = await context.logto('GET', `/sso-connectors/${made.id}`)
    expect(status).toBe(200)
    expect(body.providerConfig).toBeNull()
  })

  it('connector, with all else Logto takes, keeps it and drops the rest', async () => {
    const { body } = await create({
      branding: { displayName: 'Acme', logo: 'l', darkLogo: 'd', misspelt: 1 },
      syncProfile: true,
      id: 'mine',
      config: config({ scope: 'groups', trustUnverifiedEmail: true, misspelt: 1 }),
    })
    expect(body.branding).toEqual({ displayName: 'Acme', logo: 'l', darkLogo: 'd' })
    expect(body.config).toEqual(config({ scope: 'groups', trustUnverifiedEmail: true }))
    expect(body.syncProfile).toBe(true)
    expect(body.id).not.toBe('mine')
  })

  it('domains, of another connector even, are taken in lower case', async () => {
    await create()
    const { status, body } = await create({ connectorName: 'Second', domains: ['ACME.example', 'b.example'] })
    expect([status, body.domains]).toEqual([200, ['acme.example', 'b.example']])
  })

  const FORBIDDEN = 'single_sign_on.forbidden_domains'
  const DUPLICATED = 'single_sign_on.duplicated_domains'
  it.each([
    [{ providerName: 'Keycloak' }, 422, 'connector.not_found', undefined],
    [{ domains: ['GMail.com', 'sohu.com', 'gmail.com'] }, 422, FORBIDDEN, ['gmail.com', 'sohu.com']],
    [{ domains: ['a.example', 'b.example', 'A.example'] }, 422, DUPLICATED, ['a.example']],
    [{ connectorName: 'Taken' }, 409, 'single_sign_on.duplicate_connector_name', undefined],
    [{ enableTokenStorage: true }, 422, 'request.feature_not_supported', undefined],
  ])('connector, with %j, is refused and not made', async (change, status, code, named) => {
    await create({ connectorName: 'Taken' })
    const answer = await create({ connectorName: 'New', ...change })
    expect([answer.status, answer.body.code]).toEqual([status, code])
    expect(answer.body.data).toEqual(named && { data: named })
    expect(context.sandbox.tenant.ssoConnectors).toHaveLength(1)
  })

  it.each([
    ['issuer', undefined],
    ['clientId', undefined],
    ['clientSecret', undefined],
    ['scope', 1],
    ['trustUnverifiedEmail', 'yes'],
  ])('config, with %s %s, is 400 connector.invalid_config', async (name, value) => {
    const answer = await create({ config: config({ [name]: value }) })
    expect([answer.status, answer.body.code]).toEqual([400, 'connector.invalid_config'])
    expect(answer.body.message).toBe("The connector's config is invalid.")
  })

  it.each([
    ['nobody answers at', () => 'http://localhost:9', 'fail_to_fetch_config'],
    ['is no address', () => 'acme', 'fail_to_fetch_config'],
    ['has no document', () => at('/not-found'), 'fail_to_fetch_config'],
    ['answers with no JSON', () => at('/not-json'), 'fail_to_fetch_config'],
    ['answers with something else', () => at('/not-discovery'), 'invalid_config_response'],
  ])('issuer, that %s, is 400 connector.invalid_config', async (_what, issuer, message) => {
    const answer = await create({ config: config({ issuer: issuer() }) })
    expect([answer.status, answer.body.code]).toEqual([400, 'connector.invalid_config'])
    expect(answer.body.data).toEqual({
      ssoErrorCode: 'invalid_config',
      config: { issuer: issuer() },
      message,
      error: expect.anything(),
    })
    expect(context.sandbox.tenant.ssoConnectors).toEqual([])
  })

  it.each(['issuer', 'authorization_endpoint', 'token_endpoint', 'userinfo_endpoint', 'jwks_uri'])(
    'discovery document, without its %s, is invalid_config_response',
    async (name) => {
      const document = await fetch(`${context.sandbox.okta.issuer}/.well-known/openid-configuration`)
      const whole = (await document.json()) as object
      const path = `/without-${name}`
      documents[`${path}/.well-known/openid-configuration`] = [
        200,
        JSON.stringify({ ...whole, [name]: undefined }),
      ]
      const { body } = await create({ config: config({ issuer: at(path) }) })
      expect(body.data).toMatchObject({
        message: 'invalid_config_response',
        error: { fieldErrors: { [name]: [expect.any(String)] } },
      })
    },
  )

  it('connectors of one name, made at the same time, are one', async () => {
    const answers = await Promise.all(
      [1, 2].map(() => create({ config: config({ issuer: at('/together') }) })),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
    expect(context.sandbox.tenant.ssoConnectors).toHaveLength(1)
  })

  it('connectors, changed to one name at the same time, are two of different names', async () => {
    const two = [await create({ connectorName: 'One' }), await create({ connectorName: 'Two' })]
    const change = { connectorName: 'Three', config: config({ issuer: at('/together') }) }
    const answers = await Promise.all(
      two.map(({ body }) => context.logto('PATCH', `/sso-connectors/${body.id}`, change)),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
    const names = context.sandbox.tenant.ssoConnectors.map(({ connectorName }) => connectorName)
    expect(names.filter((name) => name === 'Three')).toHaveLength(1)
  })

  it.each([
    ['POST, half a config', 'connector.invalid_config', 'POST', { clientId: 'x' }],
    [
      'POST, an issuer that is none',
      'single_sign_on.duplicate_connector_name',
      'POST',
      { issuer: 'acme', clientId: 'x', clientSecret: 'y' },
    ],
    ['PATCH, half a config', 'single_sign_on.duplicate_connector_name', 'PATCH', { clientId: 'x' }],
  ])('name taken, and by %s, is %s: what Logto looks at first', async (_what, code, method, half) => {
    await create({ connectorName: 'Taken' })
    const { body: made } = await create()
    const path = method === 'PATCH' ? `/sso-connectors/${made.id}` : '/sso-connectors'
    const change = { providerName: 'Okta', connectorName: 'Taken', config: half }
    expect((await context.logto(method, path, change)).body.code).toBe(code)
  })

  it('connector, changed, keeps what is not named and replaces its config whole', async () => {
    const { body: made } = await create({ config: config({ scope: 'groups' }), branding: { logo: 'l' } })
    const path = `/sso-connectors/${made.id}`
    const { status, body } = await context.logto('PATCH', path, {
      providerName: 'SAML',
      config: config({ clientSecret: 'another' }),
    })
    expect(status).toBe(200)
    expect(body).toMatchObject({ providerName: 'Okta', branding: { logo: 'l' }, domains: made.domains })
    expect(body.config).toEqual({ ...config({ clientSecret: 'another' }), trustUnverifiedEmail: false })
    expect(body.providerConfig).toMatchObject({ clientSecret: 'another' })
    expect((await context.logto('PATCH', path, { domains: ['NEW.example'] })).body.domains).toEqual([
      'new.example',
    ])
    const own = await context.logto('PATCH', path, { connectorName: made.connectorName, syncProfile: true })
    expect([own.status, own.body.syncProfile]).toEqual([200, true])
  })

  it.each([
    ['the name of another', { connectorName: 'Other' }, 409, 'single_sign_on.duplicate_connector_name'],
    ['a public domain', { domains: ['qq.com'] }, 422, 'single_sign_on.forbidden_domains'],
    ['half a config', { config: { clientId: 'x' } }, 400, 'connector.invalid_config'],
    ['token storage', { enableTokenStorage: true }, 422, 'request.feature_not_supported'],
    ['an empty name', { connectorName: '' }, 400, 'guard.invalid_input'],
  ])('change, to %s, is refused and changes nothing', async (_what, change, status, code) => {
    await create({ connectorName: 'Other' })
    const { body: made } = await create()
    const path = `/sso-connectors/${made.id}`
    const answer = await context.logto('PATCH', path, { syncProfile: true, ...change })
    expect([answer.status, answer.body.code]).toEqual([status, code])
    expect((await context.logto('GET', path)).body).toMatchObject(made)
  })

  it('connector, deleted, is gone', async () => {
    const { body } = await create()
    expect((await context.logto('DELETE', `/sso-connectors/${body.id}`)).status).toBe(204)
    expect((await context.logto('GET', '/sso-connectors')).body).toEqual([])
  })

  it.each(['OIDC', 'AzureAdOidc'])('%s connector, made, is read like Okta’s', async (providerName) => {
    const { status, body: made } = await create({ providerName })
    expect([status, made.config]).toEqual([200, { ...config(), trustUnverifiedEmail: false }])
    const { body } = await context.logto('GET', `/sso-connectors/${made.id}`)
    expect(body).toMatchObject({
      providerType: 'oidc',
      providerConfig: { issuer: context.sandbox.okta.issuer },
    })
  })

  it('Google connector has Google’s issuer, whatever is given', async () => {
    const { tenant, okta } = context.sandbox
    const { issuer: _google, ...google } = config()
    const asked = vi.spyOn(globalThis, 'fetch')
    asked.mockImplementationOnce(() =>
      Promise.reject(new TypeError('fetch failed', { cause: new Error('away') })),
    )
    // The management API itself is called by hand, since `fetch` is Google's here.
    await expect(
      requireUsableConfig(tenant, 'GoogleWorkspace', google).catch(({ more }) => Promise.reject(more.data)),
    ).rejects.toMatchObject({
      ...{ ssoErrorCode: 'invalid_config', message: 'fail_to_fetch_config' },
      config: { issuer: 'https://accounts.google.com' },
    })
    expect(asked.mock.calls[0]?.[0]).toBe('https://accounts.google.com/.well-known/openid-configuration')
    asked.mockRestore()
    tenant.googleIssuer = okta.issuer
    const { status, body: made } = await create({
      providerName: 'GoogleWorkspace',
      config: config({ issuer: 'x' }),
    })
    const { body } = await context.logto('GET', `/sso-connectors/${made.id}`)
    tenant.googleIssuer = 'https://accounts.google.com'
    expect([status, made.config]).toEqual([200, { ...google, trustUnverifiedEmail: false }])
    expect(body.providerConfig.issuer).toBe(okta.issuer)
  })

  it('providers, asked for, are those that a connector can be made for', async () => {
    const { body } = await context.logto('GET', '/sso-connector-providers')
    expect(
      body.map(({ providerName, providerType }: Record<string, string>) => [providerName, providerType]),
    ).toEqual([
      ['OIDC', 'oidc'],
      ['SAML', 'saml'],
      ['AzureAD', 'saml'],
      ['GoogleWorkspace', 'oidc'],
      ['Okta', 'oidc'],
      ['AzureAdOidc', 'oidc'],
    ])
  })
})

describe.each(['SAML', 'AzureAD'])('%s connectors', (providerName) => {
  const provider = { entityId: 'https://idp.example', signInEndpoint: 'https://idp.example/sso' }
  const saml = (given: object) => create({ providerName, config: given })

  it('connector, by hand, tells what to enter at the provider and when its certificate ends', async () => {
    const { certificate } = await selfSigned('idp.example', 30)
    const { status, body: made } = await saml({ ...provider, x509Certificate: certificate })
    expect([status, made.config]).toEqual([200, { ...provider, x509Certificate: certificate }])
    const { body } = await context.logto('GET', `/sso-connectors/${made.id}`)
    const { endpoint } = context.sandbox.logto
    const ends = Date.now() + 30 * 24 * 60 * 60 * 1000
    expect(body).toMatchObject({ providerType: 'saml' })
    expect(body.providerConfig).toEqual({
      defaultAttributeMapping: { id: 'nameID', email: 'email', name: 'name' },
      serviceProvider: {
        entityId: `${endpoint}/enterprise-sso/${made.id}`,
        assertionConsumerServiceUrl: `${endpoint}/api/authn/single-sign-on/saml/${made.id}`,
      },
      identityProvider: {
        ...provider,
        x509Certificate: expect.stringContaining('BEGIN CERTIFICATE'),
        certificateExpiresAt: expect.any(Number),
        isCertificateValid: true,
      },
    })
    expect(Math.abs(body.providerConfig.identityProvider.certificateExpiresAt - ends)).toBeLessThan(60_000)
  })

  it('certificate, run out, is told and not refused', async () => {
    const { certificate } = await selfSigned('idp.example', -1)
    const { body: made } = await saml({ ...provider, x509Certificate: certificate })
    const { body } = await context.logto('GET', `/sso-connectors/${made.id}`)
    expect(body.providerConfig.identityProvider.isCertificateValid).toBe(false)
  })

  it('connector, made without a config, tells what Logto is to the provider, and is completed later', async () => {
    const { body: made } = await context.logto('POST', '/sso-connectors', {
      providerName,
      connectorName: 'Later',
    })
    const path = `/sso-connectors/${made.id}`
    const { body } = await context.logto('GET', path)
    expect([body.config, body.domains]).toEqual([{}, []])
    expect(body.providerConfig).not.toHaveProperty('identityProvider')
    expect(body.providerConfig.serviceProvider.entityId).toContain(made.id)
    const { certificate } = await selfSigned('idp.example')
    const completed = await context.logto('PATCH', path, {
      config: { ...provider, x509Certificate: certificate },
    })
    expect(completed.body.providerConfig.identityProvider).toMatchObject(provider)
  })

  it.each([
    ['half of it by hand', () => provider, 'invalid_config', undefined],
    ['nothing', () => ({}), 'invalid_config', undefined],
    [
      'a mapping that is none',
      () => ({ metadata: 'x', attributeMapping: { id: 1 } }),
      'invalid_config',
      undefined,
    ],
    ['a certificate that is none', () => ({ ...provider, x509Certificate: 'x' }), 'invalid_certificate', {}],
    ['metadata that is none', () => ({ metadata: '<a/>' }), 'invalid_metadata', {}],
    ['metadata that is no XML', () => ({ metadata: 'a <b' }), 'invalid_metadata', {}],
    ['no metadata', () => ({ metadata: '' }), 'invalid_metadata', {}],
    [
      'metadata nobody has',
      () => ({ metadataUrl: at('/not-found/.well-known/openid-configuration') }),
      'invalid_metadata',
      { message: 'fail_to_fetch_config', error: 'nothing here' },
    ],
    [
      'metadata at no address',
      () => ({ metadataUrl: 'http://localhost:9' }),
      'invalid_metadata',
      { message: 'fail_to_fetch_config' },
    ],
  ])('config, with %s, is 400', async (_what, given, code, data) => {
    const { status, body } = await saml(given())
    expect([status, body.code]).toEqual([400, `connector.${code}`])
    if (data) expect(body.data).toMatchObject({ ssoErrorCode: code, ...data })
    expect(context.sandbox.tenant.ssoConnectors).toEqual([])
  })
})

describe('sign-ins that begin at the provider', () => {
  const path = (id: string) => `/sso-connectors/${id}/idp-initiated-auth-config`
  const call = async (method: string, id: string, body?: unknown) => {
    const answer = await context.logto(method, path(id), body)
    return [answer.status, answer.body?.code]
  }
  const made = async (providerName = 'SAML') =>
    (await context.logto('POST', '/sso-connectors', { providerName, connectorName: providerName })).body.id
  const application = async (type = 'Traditional') =>
    (
      await context.logto('POST', '/applications', {
        ...{ name: 'App', type },
        oidcClientMetadata: { redirectUris: ['http://app.example/callback'], postLogoutRedirectUris: [] },
      })
    ).body.id

  it('config, set, is read, changed and taken away', async () => {
    const [id, defaultApplicationId] = [await made(), await application()]
    const given = { defaultApplicationId, clientIdpInitiatedAuthCallbackUri: 'http://app.example/start' }
    const { status, body } = await context.logto('PUT', path(id), given)
    expect([status, body]).toEqual([
      200,
      {
        ...{ tenantId: 'default', connectorId: id, ...given, redirectUri: null, authParameters: {} },
        ...{ autoSendAuthorizationRequest: false, createdAt: expect.any(Number) },
      },
    ])
    expect((await context.logto('GET', path(id))).body).toEqual(body)
    const change = { autoSendAuthorizationRequest: true, redirectUri: 'http://app.example/callback' }
    expect((await context.logto('PATCH', path(id), change)).body).toEqual({ ...body, ...change })
    expect(await call('DELETE', id)).toEqual([204, undefined])
    expect(await call('GET', id)).toEqual([404, 'entity.not_found'])
  })

  const INVALID_TYPE = 'single_sign_on.idp_initiated_authentication_invalid_application_type'
  it.each([
    ['no application', 'Traditional', { defaultApplicationId: 'nope' }, 404, 'entity.not_exists_with_id'],
    ['a native one', 'Native', {}, 400, INVALID_TYPE],
    [
      'a single page to be sent to by Logto',
      'SPA',
      { autoSendAuthorizationRequest: true },
      400,
      INVALID_TYPE,
    ],
    ['no address', 'Traditional', { clientIdpInitiatedAuthCallbackUri: null }, 400, 'guard.invalid_input'],
    [
      'an address not registered',
      'Traditional',
      { autoSendAuthorizationRequest: true, redirectUri: 'http://other.example' },
      400,
      'single_sign_on.idp_initiated_authentication_redirect_uri_not_registered',
    ],
  ])('config, with %s, is refused', async (_what, type, change, status, code) => {
    const id = await made()
    const given = { clientIdpInitiatedAuthCallbackUri: 'http://app.example/start', ...change }
    expect(await call('PUT', id, { defaultApplicationId: await application(type), ...given })).toEqual([
      status,
      code,
    ])
    expect(await call('GET', id)).toEqual([404, 'entity.not_found'])
  })

  it('config, of a connector for OpenID Connect and of none, is refused', async () => {
    const given = { defaultApplicationId: await application() }
    expect(await call('PUT', await made('OIDC'), given)).toEqual([
      400,
      'connector.saml_only_idp_initiated_auth',
    ])
    expect(await call('PUT', 'nope', given)).toEqual([404, 'entity.not_exists_with_id'])
  })
})
