import { beforeEach, describe, expect, it } from 'vitest'
import { addUser } from '../../src/sandbox/logto/state/users.ts'
import { blankForTests } from './management-support.ts'

const context = blankForTests()
const ID = /^[0-9a-z]{21}$/

beforeEach(() => {
  const { tenant } = context.sandbox
  tenant.apiResources.length = 1
  tenant.roles.length = 0
  tenant.users.length = 0
})

const create = (change: object = {}) =>
  context.logto('POST', '/roles', { name: 'Reader', description: 'Reads things', ...change })

async function scopeIds(...names: string[]): Promise<string[]> {
  const { body: resource } = await context.logto('POST', '/resources', {
    name: 'An API',
    indicator: 'https://api.example',
  })
  const ids: string[] = []
  for (const name of names)
    ids.push((await context.logto('POST', `/resources/${resource.id}/scopes`, { name })).body.id)
  return ids
}

describe('roles of the Management API', () => {
  it('role, made with scopes, is 200, one for people and nobody’s default', async () => {
    const ids = await scopeIds('read:things', 'write:things')
    const { status, body } = await create({ scopeIds: ids, misspelt: 1 })
    expect(status).toBe(200)
    expect(body).toEqual({
      tenantId: 'default',
      id: expect.stringMatching(ID),
      name: 'Reader',
      description: 'Reads things',
      type: 'User',
      isDefault: false,
    })
    expect((await context.logto('GET', `/roles/${body.id}`)).body).toEqual(body)
    const { body: scopes } = await context.logto('GET', `/roles/${body.id}/scopes`)
    expect(scopes).toEqual(
      ids.map((id, index) => ({
        tenantId: 'default',
        id,
        resourceId: expect.stringMatching(ID),
        name: ['read:things', 'write:things'][index],
        description: null,
        createdAt: expect.any(Number),
        resource: {
          tenantId: 'default',
          id: expect.stringMatching(ID),
          name: 'An API',
          indicator: 'https://api.example',
          isDefault: false,
          accessTokenTtl: 3600,
        },
      })),
    )
    const paged = await context.logto('GET', `/roles/${body.id}/scopes?page=2&page_size=1`)
    expect([paged.headers.get('total-number'), paged.body]).toEqual(['2', [scopes[1]]])
  })

  it('list, always in pages, tells who has each role', async () => {
    const { body: role } = await create()
    await create({ name: 'Script', type: 'MachineToMachine' })
    for (const name of ['a', 'b', 'c', 'd']) addUser(context.sandbox.tenant, { name, roles: ['Reader'] })
    const { headers, body } = await context.logto('GET', '/roles')
    expect(headers.get('total-number')).toBe('3')
    expect(body[1]).toEqual({
      ...role,
      usersCount: 4,
      featuredUsers: ['a', 'b', 'c'].map((name) => ({ id: expect.any(String), avatar: null, name })),
      applicationsCount: 0,
      featuredApplications: [],
    })
    expect((await context.logto('GET', '/roles?type=MachineToMachine')).body).toMatchObject([
      { name: 'Logto Management API access', applicationsCount: 1 },
      { name: 'Script', usersCount: 0, featuredUsers: [] },
    ])
    for (let n = 0; n < 20; n += 1) await create({ name: `Role ${n}` })
    expect((await context.logto('GET', '/roles')).body).toHaveLength(20)
    expect((await context.logto('GET', '/roles?page=2')).body).toHaveLength(3)
  })

  it('role, of a name that is taken, is 422', async () => {
    await create()
    const { status, body } = await create({ type: 'MachineToMachine' })
    expect([status, body]).toEqual([
      422,
      { code: 'role.name_in_use', message: 'This role name Reader is already in use' },
    ])
  })

  it('role, of a name like Logto’s own, is 403', async () => {
    const { status, body } = await create({ name: '#internal:reader' })
    expect([status, body.code]).toEqual([403, 'role.internal_role_violation'])
  })

  it('role, made with a scope that there is not, is 404 and stays without it', async () => {
    const { status, body } = await create({ scopeIds: ['nope'] })
    expect([status, body.code]).toEqual([404, 'entity.not_exists_with_id'])
    expect(context.sandbox.tenant.roles).toMatchObject([{ name: 'Reader', scopeIds: [] }])
  })

  it('Management API, its scope, is for machines alone', async () => {
    const scopes = { scopeIds: ['management-api-all'] }
    const { status, body } = await create(scopes)
    expect([status, body.code]).toEqual([400, 'role.management_api_scopes_not_assignable_to_user_role'])
    expect((await create({ name: 'Script', type: 'MachineToMachine', ...scopes })).status).toBe(200)
  })

  it('role, made a default, is what a newcomer has', async () => {
    await create({ isDefault: true })
    await create({ name: 'Other' })
    await create({ name: 'Script', type: 'MachineToMachine', isDefault: true })
    expect(addUser(context.sandbox.tenant, {}).roles).toEqual(['Reader'])
  })
})

describe('scopes of a role', () => {
  it('scope, added, is 201 with all that the role has', async () => {
    const [read = '', write = ''] = await scopeIds('read:things', 'write:things')
    const { body: role } = await create({ scopeIds: [read] })
    const { status, body } = await context.logto('POST', `/roles/${role.id}/scopes`, { scopeIds: [write] })
    expect(status).toBe(201)
    expect(body).toMatchObject([{ id: read }, { id: write }])
    expect(body[0]).not.toHaveProperty('resource')
  })

  it.each([
    ['that it has', (read: string) => [read], 422, 'role.scope_exists'],
    ['that there is not', () => ['nope'], 404, 'entity.not_exists_with_id'],
    [
      'of the Management API',
      () => ['management-api-all'],
      400,
      'role.management_api_scopes_not_assignable_to_user_role',
    ],
    ['none', () => [], 400, 'guard.invalid_input'],
  ])('scope, %s, is refused', async (_what, given, status, code) => {
    const [read = ''] = await scopeIds('read:things')
    const { body: role } = await create({ scopeIds: [read] })
    const answer = await context.logto('POST', `/roles/${role.id}/scopes`, { scopeIds: given(read) })
    expect([answer.status, answer.body.code]).toEqual([status, code])
    expect(context.sandbox.tenant.roles).toMatchObject([{ scopeIds: [read] }])
  })

  it('scopes, searched by words, are refused', async () => {
    const { body: role } = await create()
    expect((await context.logto('GET', `/roles/${role.id}/scopes?search=x`)).status).toBe(400)
  })
})
