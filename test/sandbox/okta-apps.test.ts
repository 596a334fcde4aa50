import { beforeEach, describe, expect, it } from 'vitest'
import { UserAgent } from '../support/user-agent.ts'
import { blankForTests, sender } from './management-support.ts'

const context = blankForTests()
beforeEach(() => {
  context.sandbox.org.apps.length = 0
  context.sandbox.org.assignments.clear()
})

const REDIRECT = 'http://localhost:3001/callback/x'

/** The least there has to be, with changes in the four places there may be some. */
const app = ({ client = {}, oauth = {}, ...rest }: Record<string, object | string | undefined> = {}) => ({
  name: 'oidc_client',
  label: 'App',
  signOnMode: 'OPENID_CONNECT',
  credentials: { oauthClient: oauth },
  settings: {
    oauthClient: {
      redirect_uris: [REDIRECT],
      response_types: ['code'],
      grant_types: ['authorization_code'],
      ...(client as object),
    },
  },
  ...rest,
})
const create = (change?: Parameters<typeof app>[0]) => context.okta('POST', '/apps', app(change))

/** Where an authorization request of this client ends without a session: the code of an error, or the sign-in page. */
async function authorize(clientId: string, extra: Record<string, string> = {}) {
  const query = {
    client_id: clientId,
    redirect_uri: REDIRECT,
    response_type: 'code',
    scope: 'openid',
    ...extra,
  }
  const url = `${context.sandbox.okta.issuer}/oauth2/v1/authorize?${new URLSearchParams(query)}`
  const response = await new UserAgent().request(url, { headers: { accept: 'application/json' } })
  if (response.status >= 400) return { page: ((await response.json()) as { errorCode: string }).errorCode }
  const location = new URL(response.headers.get('location') ?? '', url)
  const { error, error_description: description } = Object.fromEntries(location.searchParams)
  return error ? { error, description, at: location.origin + location.pathname } : { at: 'sign-in' }
}

describe('access to Okta’s API', () => {
  const api = (authorization?: string) => sender(`${context.sandbox.okta.orgUrl}/api/v1`, authorization)

  it.each([
    ['no token', undefined],
    ['another token', 'SSWS made-up'],
    ['an empty token', 'SSWS '],
    ['the scheme of another API', 'Bearer made-up'],
  ])('request, with %s, is 401 E0000011', async (_what, header) => {
    for (const path of ['/apps', '/groups', '/apps/x/groups/y', '/nothing']) {
      const { status, body } = await api(header)('GET', path)
      expect(status).toBe(401)
      expect(body).toEqual({
        errorCode: 'E0000011',
        errorSummary: 'Invalid token provided',
        errorLink: 'E0000011',
        errorId: expect.stringMatching(/^oae\w+$/),
        errorCauses: [],
      })
    }
  })

  it('token, of a read-only administrator, reads and writes nothing', async () => {
    const { body: made } = await create()
    context.sandbox.org.apiTokens.push({ value: 'reader', readOnly: true })
    const send = api('SSWS reader')
    expect((await send('GET', `/apps/${made.id}`)).status).toBe(200)
    const group = context.sandbox.org.groups[0]?.id
    for (const [method, path] of [
      ['POST', '/apps'],
      ['PUT', `/apps/${made.id}`],
      ['PUT', `/apps/${made.id}/groups/${group}`],
    ] as const) {
      const { status, body } = await send(method, path, app({ label: 'Changed' }))
      expect([status, body.errorCode]).toEqual([403, 'E0000006'])
      expect(body.errorSummary).toBe('You do not have permission to perform the requested action')
    }
    expect(context.sandbox.org.apps.map(({ label }) => label)).toEqual(['App'])
    expect(context.sandbox.org.assignments.get(made.id)?.groups.size).toBe(0)
  })

  it('answer, good or bad, tells of the rate limit', async () => {
    for (const send of [context.okta, api()]) {
      const { headers } = await send('GET', '/apps')
      const [limit, remaining, reset] = ['limit', 'remaining', 'reset'].map((name) =>
        Number(headers.get(`x-rate-limit-${name}`)),
      )
      expect(limit).toBeGreaterThan(0)
      expect(remaining).toBeLessThan(limit ?? 0)
      expect(Math.abs((reset ?? 0) - Date.now() / 1000)).toBeLessThan(120)
      expect(headers.get('date')).toBeTruthy()
    }
  })

  it('address, unknown, is 404 E0000007', async () => {
    const { status, body } = await context.okta('GET', '/nothing')
    expect([status, body.errorCode]).toEqual([404, 'E0000007'])
  })

  it.each([
    ['malformed', '{not json'],
    ['far too large', `{"label":"${'x'.repeat(1_100_000)}"}`],
  ])('body, %s, is 400 E0000003', async (_what, body) => {
    const answer = await context.okta('POST', '/apps', body)
    expect([answer.status, answer.body.errorCode]).toEqual([400, 'E0000003'])
  })
})

describe('apps of Okta’s API', () => {
  it('app, made with the least there is, has Okta’s fields and defaults', async () => {
    const { status, body } = await create()
    expect(status).toBe(200)
    expect(body).toMatchObject({
      id: expect.stringMatching(/^0oa\w{17}$/),
      name: 'oidc_client',
      label: 'App',
      status: 'ACTIVE',
      signOnMode: 'OPENID_CONNECT',
      created: expect.stringMatching(/Z$/),
      lastUpdated: body.created,
      features: [],
      visibility: { autoLaunch: false, autoSubmitToolbar: false, hide: { iOS: false, web: false } },
      _links: { self: { href: `${context.sandbox.okta.orgUrl}/api/v1/apps/${body.id}` } },
    })
    expect(body.credentials.oauthClient).toEqual({
      autoKeyRotation: true,
      client_id: body.id,
      client_secret: expect.stringMatching(/^\w{64}$/),
      token_endpoint_auth_method: 'client_secret_basic',
      pkce_required: false,
    })
    expect(body.settings.oauthClient).toEqual({
      client_uri: null,
      logo_uri: null,
      application_type: 'web',
      redirect_uris: [REDIRECT],
      post_logout_redirect_uris: [],
      response_types: ['code'],
      grant_types: ['authorization_code'],
      idp_initiated_login: { mode: 'DISABLED', default_scope: [] },
      consent_method: 'TRUSTED',
      issuer_mode: 'ORG_URL',
      wildcard_redirect: 'DISABLED',
    })
  })

  it('secret of an app, when it is read, is not shown', async () => {
    const { body: made } = await create()
    const { client_secret: secret, ...shown } = made.credentials.oauthClient
    const { body } = await context.okta('GET', `/apps/${made.id}`)
    expect(body).toEqual({ ...made, credentials: { ...made.credentials, oauthClient: shown } })
    const { body: list } = await context.okta('GET', '/apps')
    expect(JSON.stringify(list)).not.toContain(secret)
    expect(list).toEqual([body])
  })

  it('app, with what Okta does not know, keeps it', async () => {
    const { body } = await create({
      profile: { owner: 'me' },
      visibility: { hide: { web: true }, appLinks: { login: true } },
      oauth: { client_id: 'my-client', client_secret: 'a secret of mine', other: 1 },
      client: { client_uri: 'https://acme.example', other: 2 },
    })
    expect(body).toMatchObject({
      profile: { owner: 'me' },
      visibility: { autoLaunch: false, hide: { iOS: false, web: true }, appLinks: { login: true } },
      credentials: { oauthClient: { client_id: 'my-client', client_secret: 'a secret of mine', other: 1 } },
      settings: { oauthClient: { client_uri: 'https://acme.example', other: 2 } },
    })
  })

  it.each(['browser', 'native'])('app, of type %s, with a secret or without, requires PKCE', async (type) => {
    const client = { application_type: type }
    const { body } = await create({ oauth: { token_endpoint_auth_method: 'none' }, client })
    expect(body.credentials.oauthClient).toMatchObject({ pkce_required: true })
    expect(body.credentials.oauthClient).not.toHaveProperty('client_secret')
    const { body: withSecret } = await create({ client })
    expect(withSecret.credentials.oauthClient.pkce_required).toBe(true)
  })

  it('app, replaced, keeps its secret and what is Okta’s and nothing else', async () => {
    const { body: made } = await create({
      profile: { owner: 'me' },
      client: { logo_uri: 'https://a.example' },
    })
    const change = app({
      label: 'Renamed',
      id: 'mine',
      status: 'INACTIVE',
      created: 'never',
      lastUpdated: 'never',
      _links: {},
      orn: 'mine',
      _embedded: {},
    })
    const { status, body } = await context.okta('PUT', `/apps/${made.id}`, change)
    expect(status).toBe(200)
    expect(body).toMatchObject({ id: made.id, status: 'ACTIVE', created: made.created, label: 'Renamed' })
    expect(Date.parse(body.lastUpdated)).toBeGreaterThanOrEqual(Date.parse(made.lastUpdated))
    expect(body._links).toEqual(made._links)
    expect(body.credentials).toEqual(made.credentials)
    for (const name of ['profile', 'orn', '_embedded']) expect(body).not.toHaveProperty(name)
    expect(body.settings.oauthClient.logo_uri).toBeNull()
    const { body: read } = await context.okta('GET', `/apps/${made.id}`)
    expect(read.label).toBe('Renamed')
  })

  it('app, replaced by what was read of it, is as it was', async () => {
    const { body: made } = await create({ oauth: { client_id: 'my-client' } })
    const { body: read } = await context.okta('GET', `/apps/${made.id}`)
    const { body } = await context.okta('PUT', `/apps/${made.id}`, read)
    expect(body).toEqual({ ...made, lastUpdated: body.lastUpdated })
  })

  it('client ID, of its own, stays where none is given', async () => {
    const { body: made } = await create({ oauth: { client_id: 'my-client' } })
    const { body } = await context.okta('PUT', `/apps/${made.id}`, app())
    expect(body.credentials.oauthClient.client_id).toBe('my-client')
  })

  it('secret of an app, replaced, is the new one', async () => {
    const { body: made } = await create()
    const change = app({ oauth: { client_secret: 'another secret' } })
    const { body } = await context.okta('PUT', `/apps/${made.id}`, change)
    expect(body.credentials.oauthClient.client_secret).toBe('another secret')
  })

  it.each([
    ['GET', undefined],
    ['PUT', app()],
  ])('%s, of no app, is 404 E0000007', async (method, body) => {
    const answer = await context.okta(method, '/apps/0oaNobody', body)
    expect([answer.status, answer.body.errorCode]).toEqual([404, 'E0000007'])
    expect(answer.body.errorSummary).toBe('Not found: Resource not found: 0oaNobody (AppInstance)')
  })

  const login = (mode: string) => ({ idp_initiated_login: { mode } })

  it.each([
    ['label', 'is missing', { label: undefined }],
    ['label', 'is blank', { label: ' ' }],
    ['label', 'is too long', { label: 'x'.repeat(101) }],
    ['signOnMode', 'is missing', { signOnMode: undefined }],
    ['signOnMode', 'is another', { signOnMode: 'SAML_2_0' }],
    ['name', 'is another', { name: 'bookmark' }],
    ['credentials', 'are missing', { credentials: undefined }],
    ['oauthClient', 'of the settings is missing', { settings: {} }],
    ['grant_types', 'are missing', { client: { grant_types: undefined } }],
    ['grant_types', 'are none', { client: { grant_types: [] } }],
    ['grant_types', 'are unknown', { client: { grant_types: ['code'] } }],
    ['response_types', 'are missing', { client: { response_types: undefined } }],
    ['response_types', 'are unknown', { client: { response_types: ['code', 'saml'] } }],
    ['response_types', 'lack the code', { client: { response_types: ['token'] } }],
    ['redirect_uris', 'are missing', { client: { redirect_uris: undefined } }],
    ['redirect_uris', 'are none', { client: { redirect_uris: [] } }],
    ['redirect_uris', 'are not absolute', { client: { redirect_uris: ['/callback'] } }],
    ['redirect_uris', 'have a fragment', { client: { redirect_uris: ['https://a.example/#b'] } }],
    ['redirect_uris', 'have a wildcard', { client: { redirect_uris: ['https://*.a.example/'] } }],
    ['redirect_uris', 'are no list', { client: { redirect_uris: REDIRECT } }],
    ['post_logout_redirect_uris', 'are not absolute', { client: { post_logout_redirect_uris: ['/'] } }],
    ['initiate_login_uri', 'is missing for SPEC', { client: login('SPEC') }],
    ['initiate_login_uri', 'is missing for OKTA', { client: login('OKTA') }],
    ['initiate_login_uri', 'is no web address', { client: { initiate_login_uri: 'javascript:alert(1)' } }],
    ['mode', 'is unknown', { client: login('ALWAYS') }],
    ['application_type', 'is unknown', { client: { application_type: 'spa' } }],
    ['consent_method', 'is unknown', { client: { consent_method: 'ASK' } }],
    ['issuer_mode', 'is unknown', { client: { issuer_mode: 'ANY' } }],
    ['wildcard_redirect', 'is unknown', { client: { wildcard_redirect: 'ANY' } }],
    ['client_id', 'is too short', { oauth: { client_id: 'short' } }],
    ['client_id', 'is too long', { oauth: { client_id: 'x'.repeat(101) } }],
    ['client_id', 'has other characters', { oauth: { client_id: 'with a blank' } }],
    ['client_id', 'is reserved', { oauth: { client_id: 'ALL_CLIENTS' } }],
    ['client_id', 'is taken', { oauth: { client_id: 'taken-client' } }],
    ['client_secret', 'is too short', { oauth: { client_secret: 'thirteen char' } }],
    ['client_secret', 'is too long', { oauth: { client_secret: 'x'.repeat(101) } }],
    ['token_endpoint_auth_method', 'is unknown', { oauth: { token_endpoint_auth_method: 'basic' } }],
    [
      'pkce_required',
      'is off without a secret',
      { oauth: { token_endpoint_auth_method: 'none', pkce_required: false } },
    ],
  ])('app, whose %s %s, is 400 E0000001 and not made', async (field, _what, change) => {
    await create({ label: 'Taken', oauth: { client_id: 'taken-client' } })
    const answer = await create(change)
    expect([answer.status, answer.body.errorCode]).toEqual([400, 'E0000001'])
    expect(answer.body.errorSummary).toBe(`Api validation failed: ${field}`)
    expect(answer.body.errorCauses[0].errorSummary).toMatch(new RegExp(`^${field}: .`))
    expect(context.sandbox.org.apps).toHaveLength(1)
  })

  it('app, with several faults, is told of them all', async () => {
    const { body } = await create({ label: '', client: { grant_types: ['code'] } })
    expect(body.errorCauses).toHaveLength(2)
    const missing = await create({ label: undefined })
    expect(missing.body.errorCauses).toEqual([{ errorSummary: 'label: The field cannot be left blank' }])
  })

  it('app, without a body, is 400 E0000001', async () => {
    expect((await context.okta('POST', '/apps')).body.errorCode).toBe('E0000001')
  })

  it.each([
    [
      'a machine, without redirect URIs',
      { grant_types: ['client_credentials'], redirect_uris: [], response_types: [] },
    ],
    [
      'wildcards, where they are allowed',
      { wildcard_redirect: 'SUBDOMAIN', redirect_uris: ['https://*.a.example/'] },
    ],
    ['an address to begin at', { ...login('SPEC'), initiate_login_uri: 'https://a.example/sign-in' }],
  ])('app, for %s, is taken', async (_what, client) => {
    expect((await create({ client })).status).toBe(200)
  })

  it('label, of another app, is taken', async () => {
    await create()
    expect((await create()).status).toBe(200)
  })

  it('client ID, of an app that has another, cannot be changed', async () => {
    const { body: made } = await create()
    const { status, body } = await context.okta(
      'PUT',
      `/apps/${made.id}`,
      app({ oauth: { client_id: 'another' } }),
    )
    expect([status, body.errorSummary]).toEqual([400, 'Api validation failed: client_id'])
  })

  it('app, replaced by a faulty one, stays as it was', async () => {
    const { body: made } = await create()
    expect((await context.okta('PUT', `/apps/${made.id}`, app({ label: '' }))).status).toBe(400)
    expect((await context.okta('GET', `/apps/${made.id}`)).body.label).toBe('App')
  })
})

describe('what an app says to the authorization endpoint', () => {
  const challenge = { code_challenge: 'x'.repeat(43), code_challenge_method: 'S256' }

  it('app, made active, inactive or replaced, counts at the next request', async () => {
    const { body: made } = await create()
    expect(await authorize(made.id)).toEqual({ at: 'sign-in' })
    const inactive = await context.okta('POST', '/apps?activate=false', app())
    expect(inactive.body.status).toBe('INACTIVE')
    expect(await authorize(inactive.body.id)).toEqual({ page: 'invalid_client' })
    const client = { redirect_uris: ['http://localhost:3001/callback/y'] }
    await context.okta('PUT', `/apps/${made.id}`, app({ client }))
    expect(await authorize(made.id)).toEqual({ page: 'invalid_request' })
  })

  it('PKCE, required by the app, is asked for at the redirect URI', async () => {
    const { body: made } = await create({ oauth: { pkce_required: true } })
    expect(await authorize(made.id)).toEqual({
      error: 'invalid_request',
      description: expect.stringContaining('PKCE code challenge is required'),
      at: REDIRECT,
    })
    expect(await authorize(made.id, challenge)).toEqual({ at: 'sign-in' })
    await context.okta('PUT', `/apps/${made.id}`, app({ oauth: { pkce_required: false } }))
    expect(await authorize(made.id)).toEqual({ at: 'sign-in' })
  })

  it.each(['browser', 'native'])('app, of type %s, signs in with PKCE and no secret', async (type) => {
    const oauth = { token_endpoint_auth_method: 'none' }
    const { body: made } = await create({ oauth, client: { application_type: type } })
    expect(await authorize(made.id, challenge)).toEqual({ at: 'sign-in' })
  })

  it('app, registered for more than the sandbox can do, signs in with what it can', async () => {
    const grants = ['authorization_code', 'implicit', 'refresh_token', 'interaction_code']
    const client = { grant_types: grants, response_types: ['code', 'id_token', 'token'] }
    const { body: made } = await create({ client })
    expect(await authorize(made.id)).toEqual({ at: 'sign-in' })
  })
})
