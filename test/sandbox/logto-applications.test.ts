import { describe, expect, it } from 'vitest'
import { blankForTests } from './management-support.ts'

const context = blankForTests()

const metadata = {
  redirectUris: ['http://localhost:3000/callback'],
  postLogoutRedirectUris: ['http://localhost:3000/'],
}

const make = async (change: object = {}) =>
  (
    await context.logto('POST', '/applications', {
      name: 'App',
      type: 'Traditional',
      oidcClientMetadata: metadata,
      ...change,
    })
  ).body

/** The status of an authorization request of this application. */
async function authorize(id: string, redirectUri = 'http://localhost:3000/callback') {
  const query = { client_id: id, redirect_uri: redirectUri, scope: 'openid', response_type: 'code' }
  const url = `${context.sandbox.logto.endpoint}/oidc/auth?${new URLSearchParams(query)}`
  return (await fetch(url, { redirect: 'manual' })).status
}

describe('applications of the Management API', () => {
  it('application, made with the least there is, has Logto’s fields and defaults', async () => {
    const answer = await context.logto('POST', '/applications', { name: 'Least', type: 'Traditional' })
    expect(answer.status).toBe(200)
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(answer.body).toEqual({
      tenantId: 'default',
      id: expect.stringMatching(/^[0-9a-z]{21}$/),
      name: 'Least',
      secret: expect.stringMatching(/^#internal:\w{32}$/),
      description: null,
      type: 'Traditional',
      oidcClientMetadata: { redirectUris: [], postLogoutRedirectUris: [] },
      customClientMetadata: {},
      protectedAppMetadata: null,
      customData: {},
      isThirdParty: false,
      appLevelAccessControlEnabled: false,
      createdAt: expect.any(Number),
    })
    const read = await context.logto('GET', `/applications/${answer.body.id}`)
    expect(read.body).toEqual({ ...answer.body, isAdmin: false })
  })

  it('application, made with everything, keeps it and drops what Logto does not know', async () => {
    const given = {
      description: 'what it is',
      oidcClientMetadata: {
        ...metadata,
        backchannelLogoutUri: 'http://localhost:3000/out',
        backchannelLogoutSessionRequired: true,
        logoUri: 'http://localhost:3000/logo.svg',
      },
      customClientMetadata: { alwaysIssueRefreshToken: true, refreshTokenTtlInDays: 7 },
      customData: { anything: ['at', 'all'] },
      isThirdParty: true,
    }
    const made = await make({
      ...given,
      id: 'mine',
      isAdmin: true,
      misspelt: true,
      oidcClientMetadata: { ...given.oidcClientMetadata, misspelt: true },
    })
    expect(made).toMatchObject(given)
    expect(made.oidcClientMetadata).toEqual(given.oidcClientMetadata)
    expect(made.id).not.toBe('mine')
    expect(made).not.toHaveProperty('misspelt')
    expect((await context.logto('GET', `/applications/${made.id}`)).body.isAdmin).toBe(false)
  })

  it('application, changed by PATCH, keeps what is not named and replaces its client metadata whole', async () => {
    const { id } = await make({
      description: 'stays',
      oidcClientMetadata: { ...metadata, backchannelLogoutUri: 'http://localhost:3000/out' },
    })
    const change = { name: 'Renamed', oidcClientMetadata: metadata, type: 'SPA', isThirdParty: true }
    const { status, body } = await context.logto('PATCH', `/applications/${id}`, change)
    expect(status).toBe(200)
    expect(body).toMatchObject({ name: 'Renamed', description: 'stays', type: 'Traditional' })
    expect(body).toMatchObject({ isThirdParty: false })
    expect(body.oidcClientMetadata).toEqual(metadata)
    expect(body).not.toHaveProperty('isAdmin')
  })

  it('application, changed and deleted by the API, counts at the next authorization request', async () => {
    const { id } = await make()
    expect(await authorize(id)).toBe(303)
    const elsewhere = { ...metadata, redirectUris: ['http://localhost:3000/elsewhere'] }
    await context.logto('PATCH', `/applications/${id}`, { oidcClientMetadata: elsewhere })
    expect(await authorize(id)).toBe(400)
    expect(await authorize(id, 'http://localhost:3000/elsewhere')).toBe(303)
    expect((await context.logto('DELETE', `/applications/${id}`)).status).toBe(204)
    expect(await authorize(id, 'http://localhost:3000/elsewhere')).toBe(400)
  })

  it('native application, with a scheme of its own, is a public client without a secret', async () => {
    const oidcClientMetadata = { ...metadata, redirectUris: ['com.example.app://callback'] }
    const { id } = await make({ type: 'Native', oidcClientMetadata })
    expect((await context.logto('GET', `/applications/${id}/secrets`)).body).toEqual([])
  })

  const uris = (redirectUris: unknown) => ({ oidcClientMetadata: { ...metadata, redirectUris } })

  it.each([
    'http://localhost:3000/callback',
    'https://example.com/a.b/..c?d=/../e',
    'com.example.app://callback',
    'my-app:/back',
  ])('redirect URI “%s”, as the type may be, is taken', async (uri) => {
    expect((await make(uris([uri]))).oidcClientMetadata.redirectUris).toEqual([uri])
  })

  it.each([
    ['Protected', 'application.protected_app_metadata_is_required'],
    ['SAML', 'application.saml.use_saml_app_api'],
  ])('type %s, of another API, is 400 %s', async (type, code) => {
    const answer = await context.logto('POST', '/applications', { name: 'App', type })
    expect([answer.status, answer.body.code]).toEqual([400, code])
  })

  it('third party, of another type than Traditional, is refused', async () => {
    expect(await make({ type: 'SPA', isThirdParty: true })).toMatchObject({
      code: 'application.invalid_third_party_application_type',
    })
  })
})

describe('the list of applications', () => {
  it('list, whole or of types, has the newest first', async () => {
    const [first, second] = [await make({ name: 'first' }), await make({ name: 'second', type: 'SPA' })]
    const ids = async (query: string) =>
      (await context.logto('GET', `/applications${query}`)).body.map(({ id }: { id: string }) => id)
    const all = await ids('')
    expect(all.slice(0, 2)).toEqual([second.id, first.id])
    expect(all).toHaveLength(context.sandbox.tenant.applications.length)
    expect(all.at(-1)).toBe(context.sandbox.logto.appId)
    expect(await ids('?types=MachineToMachine')).toEqual([context.sandbox.logto.appId])
    expect(await ids('?types=SPA&types=MachineToMachine')).toContain(second.id)
    expect(await ids('?types=SPA&types=MachineToMachine')).not.toContain(first.id)
    expect(await ids('?isThirdParty=false')).toContain(first.id)
    expect(await ids('?isThirdParty=true')).not.toContain(first.id)
  })

  it('page of the list, asked for, tells how many there are and where the others are', async () => {
    await Promise.all(['a', 'b', 'c'].map((name) => make({ name })))
    const total = context.sandbox.tenant.applications.length
    const { body, headers } = await context.logto('GET', '/applications?page=2&page_size=1')
    expect(body).toHaveLength(1)
    expect(headers.get('total-number')).toBe(String(total))
    const links = headers.get('link') ?? ''
    const base = `${context.sandbox.logto.endpoint}/api/applications`
    for (const [page, rel] of [
      [1, 'first'],
      [total, 'last'],
      [1, 'prev'],
      [3, 'next'],
    ]) {
      expect(links).toContain(`<${base}?page=${page}&page_size=1>; rel="${rel}"`)
    }
    const beyond = await context.logto('GET', '/applications?page=99')
    expect(beyond.body).toEqual([])
    expect(beyond.headers.get('link')).not.toContain('next')
    expect((await context.logto('GET', '/applications')).headers.get('total-number')).toBeNull()
    expect((await context.logto('GET', '/applications?page_size=100')).headers.get('link')).not.toContain(
      'prev',
    )
  })
})

describe('secrets in the Management API', () => {
  it.each(['Traditional', 'MachineToMachine'])('%s, made, has one secret at once', async (type) => {
    const { id, secret } = await make({ type })
    const { body } = await context.logto('GET', `/applications/${id}/secrets`)
    expect(body).toEqual([
      {
        tenantId: 'default',
        applicationId: id,
        name: 'Default secret',
        value: expect.stringMatching(/^\w{32}$/),
        createdAt: expect.any(Number),
        expiresAt: null,
      },
    ])
    expect(secret).not.toContain(body[0].value)
  })

  it('secret, made, is 201 and in the list', async () => {
    const { id } = await make()
    const expiresAt = Date.now() + 1000
    const { status, body } = await context.logto('POST', `/applications/${id}/secrets`, {
      name: 'second',
      expiresAt,
    })
    expect(status).toBe(201)
    expect(body).toMatchObject({ applicationId: id, name: 'second', expiresAt })
    const listed = await context.logto('GET', `/applications/${id}/secrets`)
    expect(listed.body.at(-1)).toEqual(body)
  })

  it.each([
    ['the name of another', { name: 'Default secret' }, 422, 'application.secret_name_exists'],
    ['no name', {}, 400, 'guard.invalid_input'],
    ['an empty name', { name: '' }, 400, 'guard.invalid_input'],
    ['a name too long', { name: 'x'.repeat(257) }, 400, 'guard.invalid_input'],
    ['an end in the past', { name: 'late', expiresAt: 1 }, 400, 'request.invalid_input'],
    ['an end that is no number', { name: 'late', expiresAt: 'soon' }, 400, 'guard.invalid_input'],
  ])('secret, with %s, is refused', async (_what, body, status, code) => {
    const { id } = await make()
    const answer = await context.logto('POST', `/applications/${id}/secrets`, body)
    expect([answer.status, answer.body.code]).toEqual([status, code])
  })
})

describe('a secret, by its name', () => {
  it('secret, renamed and then deleted, is as if it had never been', async () => {
    const { id } = await make()
    const path = `/applications/${id}/secrets`
    await context.logto('POST', path, { name: 'old' })
    const renamed = await context.logto('PATCH', `${path}/old`, { name: 'new' })
    expect(renamed).toMatchObject({ status: 200, body: { name: 'new' } })
    expect(await context.logto('PATCH', `${path}/old`, { name: 'x' })).toMatchObject({ status: 404 })
    expect((await context.logto('DELETE', `${path}/new`)).status).toBe(204)
    expect((await context.logto('DELETE', `${path}/new`)).status).toBe(404)
  })
})

describe('a third-party application', () => {
  it('sign-in, for the scopes of our own applications, is invalid_scope', async () => {
    const redirectUri = 'http://localhost/callback'
    const { id } = await make({
      isThirdParty: true,
      oidcClientMetadata: { redirectUris: [redirectUri], postLogoutRedirectUris: [] },
    })
    const authorize = async (scope: string) => {
      const query = new URLSearchParams({
        ...{ client_id: id, redirect_uri: redirectUri, response_type: 'code', scope, state: 'st' },
      })
      const { endpoint } = context.sandbox.logto
      const { headers } = await fetch(`${endpoint}/oidc/auth?${query}`, { redirect: 'manual' })
      return headers.get('location') ?? ''
    }
    const { searchParams } = new URL(await authorize('openid profile email'))
    expect(searchParams.get('error')).toBe('invalid_scope')
    expect(await authorize('openid')).toMatch(/^\/sign-in/)
  })
})

describe('bodies', () => {
  it('change, without a body, changes nothing', async () => {
    const { id, name } = await make()
    const { status, body } = await context.logto('PATCH', `/applications/${id}`)
    expect([status, body.name]).toEqual([200, name])
  })
})
