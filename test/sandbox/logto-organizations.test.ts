import { beforeEach, describe, expect, it } from 'vitest'
import { addUser } from '../../src/sandbox/logto/state/users.ts'
import { blankForTests } from './management-support.ts'

const context = blankForTests()
const MISSING = 'entity.relation_foreign_key_not_found'
const TAKEN = 'entity.unique_integrity_violation'

beforeEach(() => {
  const { tenant } = context.sandbox
  for (const list of [tenant.organizations, tenant.organizationRoles, tenant.organizationScopes])
    list.length = 0
  tenant.users.length = 0
  tenant.ssoConnectors.length = 0
  tenant.apiResources.length = 1
})

const call = async (method: string, path: string, body?: unknown) => {
  const answer = await context.logto(method, path, body)
  return [answer.status, answer.body?.code ?? answer.body]
}
const made = async (path: string, body: object): Promise<string> =>
  (await context.logto('POST', path, body)).body.id
const organization = (name = 'Globex') => made('/organizations', { name })
const role = (name = 'member', more: object = {}) => made('/organization-roles', { name, ...more })
const scope = (name = 'read:notes') => made('/organization-scopes', { name })
const connector = () => made('/sso-connectors', { providerName: 'Okta', connectorName: 'Okta Globex' })

describe('organizations of the Management API', () => {
  it('organization, made, has everything empty but what was given; its name may be another’s too', async () => {
    await organization()
    const { status, body } = await context.logto('POST', '/organizations', { name: 'Globex', misspelt: 1 })
    expect([status, body]).toEqual([
      201,
      {
        tenantId: 'default',
        id: expect.stringMatching(/^[0-9a-z]{12}$/),
        ...{ name: 'Globex', description: null, customData: {}, isMfaRequired: false },
        ...{ color: {}, branding: {}, customCss: null, createdAt: expect.any(Number) },
      },
    ])
    expect((await context.logto('GET', `/organizations/${body.id}`)).body).toEqual(body)
    const change = { name: 'Globex Inc', customData: { tier: 1 } }
    expect((await context.logto('PATCH', `/organizations/${body.id}`, change)).body).toEqual({
      ...body,
      ...change,
    })
  })

  it('list, always in pages, is searched by name and ID, and tells who is in each if asked', async () => {
    const id = await organization()
    await organization('Initech')
    const user = addUser(context.sandbox.tenant, { name: 'Ann' })
    await context.logto('POST', `/organizations/${id}/users`, { userIds: [user.id] })
    const { headers, body } = await context.logto('GET', '/organizations?q=GLOB&showFeatured=true')
    expect([headers.get('total-number'), body]).toEqual([
      '1',
      [
        expect.objectContaining({
          ...{ id, usersCount: 1, featuredUsers: [{ id: user.id, avatar: null, name: 'Ann' }] },
        }),
      ],
    ])
    expect((await context.logto('GET', '/organizations?page_size=1&page=2')).body[0].name).toBe('Initech')
  })

  it('organization, deleted, has no members any more', async () => {
    const id = await organization()
    const user = addUser(context.sandbox.tenant, {})
    await context.logto('POST', `/organizations/${id}/users`, { userIds: [user.id] })
    expect(await call('DELETE', `/organizations/${id}`)).toEqual([204, undefined])
    expect(user.organizations).toEqual([])
  })

  it.each([
    ['GET', '/organizations/nope/jit/email-domains', undefined, 200, []],
    ['POST', '/organizations/nope/jit/email-domains', { emailDomain: 'a.example' }, 422, MISSING],
    ['POST', '/organizations/nope/users', { userIds: ['x'] }, 422, MISSING],
    ['GET', '/organizations/nope/users/x/roles', undefined, 422, 'organization.require_membership'],
  ])('%s %s, with %j, is %i %s', async (method, path, body, status, code) => {
    expect(await call(method, path, body)).toEqual([status, code])
  })
})

describe('the organization template', () => {
  it.each(['/organization-roles', '/organization-scopes'])('%s, of one name, are one', async (path) => {
    await context.logto('POST', path, { name: 'one' })
    const id = await made(path, { name: 'two' })
    expect(await call('POST', path, { name: 'one' })).toEqual([422, TAKEN])
    expect(await call('PATCH', `${path}/${id}`, { name: 'one' })).toEqual([422, TAKEN])
    expect((await context.logto('PATCH', `${path}/${id}`, { name: 'two' })).status).toBe(200)
  })

  it('role, made with permissions, opens those of the template and those of API resources', async () => {
    const api = await made('/resources', { name: 'An API', indicator: 'https://api.example' })
    const resourceScope = await made(`/resources/${api}/scopes`, { name: 'write:things' })
    const read = await scope()
    const permissions = { organizationScopeIds: [read], resourceScopeIds: [resourceScope] }
    const { status, body } = await context.logto('POST', '/organization-roles', {
      name: 'member',
      ...permissions,
    })
    expect([status, body]).toEqual([
      201,
      { tenantId: 'default', id: expect.any(String), name: 'member', description: null, type: 'User' },
    ])
    expect((await context.logto('GET', '/organization-roles')).body).toEqual([
      {
        ...body,
        scopes: [{ id: read, name: 'read:notes' }],
        resourceScopes: [{ id: resourceScope, name: 'write:things', resource: { id: api, name: 'An API' } }],
      },
    ])
    await context.logto('DELETE', `/organization-scopes/${read}`)
    expect((await context.logto('GET', `/organization-roles/${body.id}/scopes`)).body).toEqual([])
  })

  it('role, made with a permission that there is not, is refused, and stays without it', async () => {
    expect(await call('POST', '/organization-roles', { name: 'x', organizationScopeIds: ['nope'] })).toEqual([
      422,
      MISSING,
    ])
    expect(context.sandbox.tenant.organizationRoles).toMatchObject([{ name: 'x', scopeIds: [] }])
  })
})

/** Each list of related things, by what makes one of them. */
const RELATIONS: Array<
  [path: string, name: string, owner: () => Promise<string>, related: () => Promise<string>]
> = [
  ['/organizations/:id/jit/sso-connectors', 'ssoConnectorIds', organization, connector],
  ['/organizations/:id/jit/roles', 'organizationRoleIds', organization, role],
  ['/organization-roles/:id/scopes', 'organizationScopeIds', role, scope],
  [
    '/organization-roles/:id/resource-scopes',
    'scopeIds',
    role,
    async () => {
      const api = await made('/resources', { name: 'An API', indicator: 'https://api.example' })
      return made(`/resources/${api}/scopes`, { name: 'write:things' })
    },
  ],
]

describe.each(RELATIONS)('%s', (pattern, name, owner, related) => {
  it('list, added to twice, replaced and taken from, is as Logto has it', async () => {
    const [path, id] = [pattern.replace(':id', await owner()), await related()]
    const listed = async () => (await context.logto('GET', path)).body.map((each: { id: string }) => each.id)
    for (const ids of [[id], [id, id]])
      expect(await call('POST', path, { [name]: ids })).toEqual([201, 'Created'])
    expect(await listed()).toEqual([id])
    expect(await call('PUT', path, { [name]: [] })).toEqual([204, undefined])
    expect(await listed()).toEqual([])
    expect(await call('PUT', path, { [name]: [id] })).toEqual([204, undefined])
    expect(await call('DELETE', `${path}/${id}`)).toEqual([204, undefined])
    expect(await call('DELETE', `${path}/${id}`)).toEqual([404, 'entity.not_found'])
  })

  it.each([
    ['that there is not', ['nope'], 422, MISSING],
    ['none', [], 400, 'guard.invalid_input'],
    ['no list', 'nope', 400, 'guard.invalid_input'],
  ])('thing, %s, is refused and changes nothing', async (_what, ids, status, code) => {
    const [path, id] = [pattern.replace(':id', await owner()), await related()]
    await context.logto('POST', path, { [name]: [id] })
    expect(await call('POST', path, { [name]: ids })).toEqual([status, code])
    expect((await context.logto('GET', path)).body).toMatchObject([{ id }])
    expect(await call('POST', pattern.replace(':id', 'nope'), { [name]: [id] })).toEqual([422, MISSING])
  })
})

describe('just-in-time provisioning', () => {
  it('connector, deleted, is gone from the organization; its secrets were shown there', async () => {
    const [id, ssoConnectorId] = [await organization(), await connector()]
    const path = `/organizations/${id}/jit/sso-connectors`
    await context.logto('POST', path, { ssoConnectorIds: [ssoConnectorId] })
    expect((await context.logto('GET', path)).body).toEqual(context.sandbox.tenant.ssoConnectors)
    await context.logto('DELETE', `/sso-connectors/${ssoConnectorId}`)
    expect((await context.logto('GET', path)).body).toEqual([])
  })

  it('email domains are added, replaced and taken away one by one', async () => {
    const organizationId = await organization()
    const path = `/organizations/${organizationId}/jit/email-domains`
    const { status, body } = await context.logto('POST', path, { emailDomain: 'globex.example' })
    const one = { tenantId: 'default', organizationId, emailDomain: 'globex.example' }
    expect([status, body]).toEqual([201, one])
    expect(await call('POST', path, { emailDomain: 'globex.example' })).toEqual([422, TAKEN])
    expect((await context.logto('GET', path)).body).toEqual([one])
    expect(await call('PUT', path, { emailDomains: ['b.example'] })).toEqual([204, undefined])
    expect(await call('DELETE', `${path}/b.example`)).toEqual([204, undefined])
    expect(await call('DELETE', `${path}/b.example`)).toEqual([404, 'entity.not_found'])
  })
})

describe('members', () => {
  it('members, with roles by ID and by name, have what these open', async () => {
    const [id, read] = [await organization(), await scope()]
    const [member, admin] = [await role('member', { organizationScopeIds: [read] }), await role('admin')]
    const users = ['Ann', 'Bob'].map((name) => addUser(context.sandbox.tenant, { name }).id)
    const path = `/organizations/${id}/users`
    const added = await context.logto('POST', path, { userIds: users })
    expect([added.status, added.body]).toEqual([201, { userIds: users }])
    const given = { organizationRoleIds: [member], organizationRoleNames: ['member', 'admin'] }
    const { status, body } = await context.logto('POST', `${path}/${users[0]}/roles`, given)
    expect([status, body]).toEqual([201, { organizationRoleIds: [member, admin] }])
    expect((await context.logto('GET', path)).body).toMatchObject([
      { name: 'Ann', organizationRoles: [{ name: 'member' }, { name: 'admin' }] },
      { name: 'Bob', organizationRoles: [] },
    ])
    expect((await context.logto('GET', `${path}/${users[0]}/scopes`)).body).toMatchObject([
      { name: 'read:notes' },
    ])
    expect((await context.logto('GET', `/users/${users[0]}/organizations`)).body).toMatchObject([
      { id, name: 'Globex', organizationRoles: [{ name: 'member' }, { name: 'admin' }] },
    ])
    const assigned = { userIds: users, organizationRoleIds: [member] }
    expect(await call('POST', `${path}/roles`, assigned)).toEqual([201, 'Created'])
    const own = `${path}/${users[1]}/roles`
    expect((await context.logto('GET', own)).body).toMatchObject([{ name: 'member' }])
    expect(await call('PUT', own, { organizationRoleNames: ['admin'] })).toEqual([204, undefined])
    expect(await call('DELETE', `${own}/${admin}`)).toEqual([204, undefined])
    expect(await call('DELETE', `${own}/${admin}`)).toEqual([404, 'entity.not_found'])
    expect(await call('POST', own, { organizationRoleNames: ['nope'] })).toEqual([
      422,
      'organization.role_names_not_found',
    ])
    expect(await call('POST', own, { organizationRoleIds: ['nope'] })).toEqual([422, MISSING])
    expect(await call('PUT', path, { userIds: users.slice(1) })).toEqual([204, undefined])
    expect(await call('POST', `${path}/roles`, assigned)).toEqual([422, MISSING])
    expect(await call('DELETE', `${path}/${users[0]}`)).toEqual([404, 'entity.not_found'])
    expect(await call('DELETE', `${path}/${users[1]}`)).toEqual([204, undefined])
    expect((await context.logto('GET', path)).body).toEqual([])
  })

  it('role of the template, deleted, is nobody’s any more', async () => {
    const [id, member] = [await organization(), await role()]
    const user = addUser(context.sandbox.tenant, { organizations: [{ id, roleIds: [member] }] })
    await context.logto('POST', `/organizations/${id}/jit/roles`, { organizationRoleIds: [member] })
    await context.logto('DELETE', `/organization-roles/${member}`)
    expect(user.organizations).toEqual([{ id, roleIds: [] }])
    expect((await context.logto('GET', `/organizations/${id}/jit/roles`)).body).toEqual([])
  })
})
