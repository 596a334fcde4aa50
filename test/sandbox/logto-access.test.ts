import { generateKeyPair, jwtVerify, SignJWT } from 'jose'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { blankForTests, requestToken, sender } from './management-support.ts'

const context = blankForTests()
afterEach(() => {
  vi.useRealTimers()
})

const api = (authorization?: string) => sender(`${context.sandbox.logto.endpoint}/api`, authorization)
const machine = () => {
  const { tenant, logto } = context.sandbox
  const found = tenant.applications.find(({ id }) => id === logto.appId)
  if (!found) throw new Error('the tenant has its first application')
  return found
}

/** The token of an application made for one test. */
async function tokenOfNew(type: string, change: object = {}) {
  const { body: application } = await context.logto('POST', '/applications', { name: 'new', type })
  await context.logto('PATCH', `/applications/${application.id}`, change)
  const { body: secrets } = await context.logto('GET', `/applications/${application.id}/secrets`)
  return requestToken({ ...context.sandbox.logto, appId: application.id, appSecret: secrets[0].value })
}

describe('the token endpoint, for a machine', () => {
  it('token, with the role, is a JWT for the Management API with its scope', async () => {
    const { endpoint, appId, managementApi } = context.sandbox.logto
    const { status, body } = await requestToken(context.sandbox.logto)
    expect(status).toBe(200)
    expect(body).toEqual({
      access_token: expect.any(String),
      expires_in: 3600,
      token_type: 'Bearer',
      scope: 'all',
    })
    const { keys } = (await (await fetch(`${endpoint}/oidc/jwks`)).json()) as { keys: object[] }
    const { payload, protectedHeader } = await jwtVerify(body.access_token, keys[0] ?? {}, {
      issuer: `${endpoint}/oidc`,
      audience: managementApi,
    })
    expect(protectedHeader).toMatchObject({ alg: 'ES384', typ: 'at+jwt' })
    expect(payload).toMatchObject({ client_id: appId, sub: appId, scope: 'all' })
  })

  it('token, asked for with client_secret_basic, is the same', async () => {
    const { endpoint, appId, appSecret, managementApi } = context.sandbox.logto
    const response = await fetch(`${endpoint}/oidc/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa(`${appId}:${appSecret}`)}` },
      body: new URLSearchParams({ grant_type: 'client_credentials', resource: managementApi, scope: 'all' }),
    })
    expect(await response.json()).toMatchObject({ scope: 'all' })
  })

  it.each([
    ['of a machine without the role', 'MachineToMachine', {}, undefined],
    ['of a machine given the role', 'MachineToMachine', { isAdmin: true }, 'all'],
  ])('scope, %s, is as the role says', async (_whose, type, change, scope) => {
    const { status, body } = await tokenOfNew(type, change)
    expect([status, body.scope]).toEqual([200, scope])
    const claims = JSON.parse(Buffer.from(body.access_token.split('.')[1], 'base64url').toString())
    expect(claims.scope).toBe(scope)
  })

  it('scope, not asked for, is not in the token', async () => {
    const { body } = await requestToken(context.sandbox.logto, { scope: undefined })
    expect(body).not.toHaveProperty('scope')
  })

  it('token, for a web application, is refused: it has another grant', async () => {
    const { status, body } = await tokenOfNew('Traditional', {
      isAdmin: true,
      oidcClientMetadata: { redirectUris: ['http://localhost:3000/'], postLogoutRedirectUris: [] },
    })
    expect([status, body.error]).toEqual([400, 'invalid_request'])
  })

  it.each([
    ['another resource', { resource: 'https://other.logto.app/api' }, 'invalid_target'],
    ['no resource', { resource: undefined }, 'invalid_target'],
    ['no resource and no scope', { resource: undefined, scope: undefined }, 'invalid_target'],
  ])('token, for %s, is 400 invalid_target', async (_what, form, error) => {
    const { status, body } = await requestToken(context.sandbox.logto, form)
    expect([status, body.error, body.code]).toEqual([400, error, `oidc.${error}`])
  })
})

describe('secrets of an application', () => {
  it('every secret, until it runs out, authenticates', async () => {
    const add = (name: string, expiresAt?: number) =>
      context.logto('POST', `/applications/${machine().id}/secrets`, { name, expiresAt })
    const { body: lasting } = await add('lasting')
    const { body: brief } = await add('brief', Date.now() + 60_000)
    const ask = (secret: string) => requestToken(context.sandbox.logto, { client_secret: secret })
    const use = async (secret: string) => (await ask(secret)).status
    expect([await use(lasting.value), await use(brief.value)]).toEqual([200, 200])
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 61_000 })
    expect(await use(lasting.value)).toBe(200)
    // Not as a wrong one: whoever has it is told why it is refused.
    expect(await ask(brief.value)).toMatchObject({
      status: 400,
      body: { code: 'oidc.invalid_request', error_description: 'client secret has expired' },
    })
    expect(await use(context.sandbox.logto.appSecret)).toBe(200)
  })

  it.each([
    ['the internal one', () => machine().internalSecret],
    ['one of another application', async () => (await addOther()).value],
    ['one that is none', () => 'made-up'],
  ])('secret, %s, is invalid_client', async (_what, secret) => {
    const { status, body } = await requestToken(context.sandbox.logto, { client_secret: await secret() })
    expect([status, body.code]).toEqual([401, 'oidc.invalid_client'])
  })

  async function addOther() {
    const { body } = await context.logto('POST', '/applications', { name: 'other', type: 'MachineToMachine' })
    return (await context.logto('GET', `/applications/${body.id}/secrets`)).body[0]
  }
})

describe('access to the Management API', () => {
  const bearer = async () => `Bearer ${(await requestToken(context.sandbox.logto)).body.access_token}`

  const PATHS = [
    ...['/applications', '/sso-connectors/x', '/sso-connector-providers', '/sign-in-exp', '/hooks/x'],
    ...['/users', '/users/x/sessions', '/users/x/sessions/y', '/roles', '/resources', '/configs/id-token'],
  ]

  it.each([
    ['no header', undefined, 401, 'auth.authorization_header_missing'],
    ['Basic', 'Basic eDp5', 401, 'auth.authorization_token_type_not_supported'],
    ['no token', 'Bearer ', 401, 'auth.unauthorized'],
    ['a token that is none', 'Bearer made-up', 401, 'auth.unauthorized'],
  ])('request, with %s, is refused as Logto refuses it', async (_what, header, status, code) => {
    for (const path of PATHS) {
      const answer = await api(header)('GET', path)
      expect([answer.status, answer.body.code]).toEqual([status, code])
      expect(answer.body.message).toEqual(expect.any(String))
    }
  })

  it('request, without the scope, is 403 auth.forbidden', async () => {
    const { body } = await requestToken(context.sandbox.logto, { scope: undefined })
    const answer = await api(`Bearer ${body.access_token}`)('GET', '/applications')
    expect([answer.status, answer.body.code]).toEqual([403, 'auth.forbidden'])
  })

  it('token, run out, is 401 auth.unauthorized', async () => {
    const header = await bearer()
    expect((await api(header)('GET', '/hooks')).status).toBe(200)
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 3601_000 })
    const answer = await api(header)('GET', '/hooks')
    expect([answer.status, answer.body.code]).toEqual([401, 'auth.unauthorized'])
  })

  it('token, with the right claims and another key, is 401 auth.unauthorized', async () => {
    const { endpoint, managementApi } = context.sandbox.logto
    const { privateKey } = await generateKeyPair('ES384')
    const token = await new SignJWT({ scope: 'all' })
      .setProtectedHeader({ alg: 'ES384' })
      .setIssuer(`${endpoint}/oidc`)
      .setAudience(managementApi)
      .setExpirationTime('1h')
      .sign(privateKey)
    expect((await api(`Bearer ${token}`)('GET', '/hooks')).status).toBe(401)
  })

  it('address, unknown to the API, is 404 with and without a token', async () => {
    for (const header of [undefined, await bearer()]) {
      const answer = await api(header)('GET', '/domains')
      expect([answer.status, answer.body.code]).toEqual([404, 'request.not_found'])
    }
  })
})
