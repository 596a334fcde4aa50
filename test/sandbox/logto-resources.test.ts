import { createManagementApi } from '@logto/api/management'
import { beforeEach, describe, expect, it } from 'vitest'
import { blankForTests } from './management-support.ts'

const context = blankForTests()
const ID = /^[0-9a-z]{21}$/
const API = 'https://api.example'

beforeEach(() => {
  context.sandbox.tenant.apiResources.length = 1
})

const create = (change: object = {}) =>
  context.logto('POST', '/resources', { name: 'An API', indicator: API, ...change })
const createScope = (resourceId: string, change: object = {}) =>
  context.logto('POST', `/resources/${resourceId}/scopes`, { name: 'read:things', ...change })

describe('API resources of the Management API', () => {
  it('list, on the first day, has the Management API’s own', async () => {
    const { status, body } = await context.logto('GET', '/resources')
    expect(status).toBe(200)
    expect(body).toEqual([
      {
        tenantId: 'default',
        id: 'management-api',
        name: 'Logto Management API',
        indicator: context.sandbox.logto.managementApi,
        isDefault: false,
        accessTokenTtl: 3600,
      },
    ])
  })

  it('resource, made, is 201 with what was left out at its default and no scope', async () => {
    expect(
      (await create({ indicator: 'https://other.example', accessTokenTtl: 60 })).body.accessTokenTtl,
    ).toBe(60)
    const { status, body } = await create({ misspelt: 1 })
    expect(status).toBe(201)
    const resource = {
      tenantId: 'default',
      id: expect.stringMatching(ID),
      name: 'An API',
      indicator: API,
      isDefault: false,
      accessTokenTtl: 3600,
    }
    expect(body).toEqual({ ...resource, scopes: [] })
    expect((await context.logto('GET', `/resources/${body.id}`)).body).toEqual(resource)
    expect((await context.logto('GET', '/resources')).body).toHaveLength(3)
  })

  it('resource, of an identifier that is taken, is 422', async () => {
    await create()
    const { status, body } = await create({ name: 'Another' })
    expect([status, body]).toEqual([
      422,
      { code: 'resource.resource_identifier_in_use', message: `The API identifier ${API} is already in use` },
    ])
  })

  it('list, with its scopes and in pages, is Logto’s', async () => {
    const { body: resource } = await create()
    const { body: scope } = await createScope(resource.id)
    const { body } = await context.logto('GET', '/resources?includeScopes=true')
    expect(body).toMatchObject([{ scopes: [{ name: 'all' }] }, { id: resource.id, scopes: [scope] }])
    expect((await context.logto('GET', '/resources?includeScopes=no')).body[0]).not.toHaveProperty('scopes')
    const { headers, body: paged } = await context.logto('GET', '/resources?page=2&page_size=1')
    expect(headers.get('total-number')).toBe('2')
    expect(paged).toMatchObject([{ id: resource.id }])
  })
})

describe('scopes of an API resource', () => {
  it('scope, made, is 201 and listed in pages alone', async () => {
    const { body: resource } = await create()
    const { status, body } = await createScope(resource.id, { description: 'Read things', misspelt: 1 })
    expect(status).toBe(201)
    expect(body).toEqual({
      tenantId: 'default',
      id: expect.stringMatching(ID),
      resourceId: resource.id,
      name: 'read:things',
      description: 'Read things',
      createdAt: expect.any(Number),
    })
    const listed = await context.logto('GET', `/resources/${resource.id}/scopes`)
    expect([listed.headers.get('total-number'), listed.body]).toEqual(['1', [body]])
    expect((await createScope(resource.id, { name: 'b' })).body.description).toBeNull()
    expect((await context.logto('GET', '/resources/nope/scopes')).body).toEqual([])
  })

  it.each([
    ['a name that is taken', { name: 'read:things' }, 422, 'scope.name_exists'],
    ['a blank in it', { name: 'read things' }, 400, 'scope.name_with_space'],
    ['no name', { name: '' }, 400, 'guard.invalid_input'],
    ['a description that is none', { description: 1 }, 400, 'guard.invalid_input'],
  ])('scope, with %s, is refused', async (_what, change, status, code) => {
    const { body: resource } = await create()
    await createScope(resource.id)
    const answer = await createScope(resource.id, change)
    expect([answer.status, answer.body.code]).toEqual([status, code])
  })

  it('scope, of the Management API, is refused', async () => {
    const { status, body } = await createScope('management-api')
    expect([status, body.code]).toEqual([400, 'resource.cannot_modify_management_api'])
    expect(context.sandbox.tenant.apiResources[0]?.scopes).toHaveLength(1)
  })
})

describe('Logto’s own client', () => {
  it('resource, scope and role, made by it, are read by it', async () => {
    const { logto } = context.sandbox
    const { apiClient } = createManagementApi('default', {
      clientId: logto.appId,
      clientSecret: logto.appSecret,
      baseUrl: logto.endpoint,
      apiIndicator: logto.managementApi,
    })
    const made = await apiClient.POST('/api/resources', { body: { name: 'An API', indicator: API } })
    expect(made.response.status).toBe(201)
    const resourceId = made.data?.id ?? ''
    const scope = await apiClient.POST('/api/resources/{resourceId}/scopes', {
      params: { path: { resourceId } },
      body: { name: 'read:things' },
    })
    const role = await apiClient.POST('/api/roles', {
      body: { name: 'Reader', description: 'Reads', scopeIds: [scope.data?.id ?? ''] },
    })
    const id = role.data?.id ?? ''
    const { data } = await apiClient.GET('/api/roles/{id}/scopes', { params: { path: { id } } })
    expect(data).toMatchObject([{ name: 'read:things', resource: { indicator: API } }])
  })
})
