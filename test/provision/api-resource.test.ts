import { describe, expect, it } from 'vitest'
import { printPlan } from '../../src/cli/terminal/print-plan.ts'
import type { ApiResource, Role } from '../../src/sandbox/logto/state/state.ts'
import { blankForTests, notesOf, only, stateOf, toDo } from './support.ts'

const context = blankForTests()
const { plan, provision, wire } = context

const API = 'https://api.app.test'
const MANAGEMENT_API = 'https://default.logto.app/api'
const withApi = { apiResource: API, apiPermissions: ['read:notes'] }
const ROLE = 'Our app API access'

/** The resources of the tenant but for the Management API's own. */
const ownResources = () =>
  context.sandbox.tenant.apiResources.filter(({ indicator }) => indicator !== MANAGEMENT_API)
const roles = () => context.sandbox.tenant.roles

const permission = (name: string) => ({ id: `scope-${name}`, name, description: 'Theirs', createdAt: 0 })

/** An API resource that somebody else has made. */
function addResource(changes: Partial<ApiResource> = {}): ApiResource {
  const resource: ApiResource = {
    id: `resource${context.sandbox.tenant.apiResources.length}`,
    name: 'Theirs',
    indicator: API,
    isDefault: false,
    accessTokenTtl: 7200,
    scopes: [],
    ...changes,
  }
  context.sandbox.tenant.apiResources.push(resource)
  return resource
}

function addRole(changes: Partial<Role> = {}): Role {
  const role: Role = {
    id: `role${roles().length}`,
    name: 'Theirs',
    description: 'Theirs',
    type: 'User',
    isDefault: false,
    scopeIds: [],
    ...changes,
  }
  roles().push(role)
  return role
}

describe('without API_RESOURCE', () => {
  it('plan, its steps and its reading, know nothing of an API', async () => {
    const before = structuredClone(context.sandbox.tenant.apiResources)
    const provisioning = await provision()
    expect(printPlan(provisioning.steps)).not.toMatch(/API|role|permission/)
    expect(wire.reported.join('\n')).not.toMatch(/API|role|permission/)
    expect(wire.sent.map(({ what }) => what).filter((what) => /resources|roles/.test(what))).toEqual([])
    expect(context.sandbox.tenant).toMatchObject({ apiResources: before, roles: [] })
  })
})

describe('a first run with API_RESOURCE', () => {
  it('plan, its end, says what is made and what is left to people', async () => {
    const { steps } = await plan(withApi)
    expect(wire.changes).toEqual([])
    expect(printPlan(steps.slice(-4, -2))).toBe(
      `  + create  Logto: API resource “Our app”
              identifier: https://api.app.test
              permissions: + read:notes
  + create  Logto: role “Our app API access”
              type: for people
              permissions: + read:notes
              note: nobody has it until you give it to them: Logto console → Roles.

2 to create, 0 to change, 0 to leave as they are.
`,
    )
  })

  it('Logto, after it, holds the resource, its permission and a role that is nobody’s by default', async () => {
    await provision(withApi)
    const resource = only(ownResources())
    expect(resource).toMatchObject({ name: 'Our app', indicator: API, isDefault: false })
    const { id, name } = only(resource.scopes)
    expect(name).toBe('read:notes')
    expect(only(roles())).toMatchObject({ name: ROLE, type: 'User', isDefault: false, scopeIds: [id] })
  })

  it('progress, of applying, tells of both', async () => {
    await provision(withApi)
    expect(wire.reported.slice(-4, -2)).toEqual([
      'creating Logto: API resource “Our app”',
      'creating Logto: role “Our app API access”',
    ])
  })

  it('run, a second one, has nothing to do', async () => {
    await provision(withApi)
    wire.reset()
    const before = stateOf(context.sandbox)
    const second = await provision(withApi)
    expect(toDo(second)).toEqual({})
    expect(notesOf(second)).toEqual([])
    expect(wire.changes).toEqual([])
    expect(stateOf(context.sandbox)).toEqual(before)
  })
})

describe('the API resource', () => {
  it('resource, of that identifier, is taken as it is and given the permission it lacks', async () => {
    addResource({ indicator: `${API}/` })
    const theirs = addResource({ isDefault: true, scopes: [permission('write:notes')] })
    expect(toDo(await provision(withApi))).toMatchObject({
      'Logto: API resource “Theirs”': ['permissions + read:notes'],
    })
    expect(ownResources()).toHaveLength(2)
    expect(theirs).toMatchObject({ name: 'Theirs', isDefault: true, accessTokenTtl: 7200 })
    expect(theirs.scopes).toMatchObject([
      { name: 'write:notes', description: 'Theirs' },
      { name: 'read:notes' },
    ])
    expect(only(only(roles()).scopeIds)).toBe(theirs.scopes[1]?.id)
    expect(toDo(await plan(withApi))).toEqual({})
  })

  it('resource, with the permission already, is left', async () => {
    const theirs = addResource({ scopes: [permission('read:notes')] })
    const before = structuredClone(theirs)
    expect((await provision(withApi)).steps[8]).toMatchObject({ action: 'leave' })
    expect(theirs).toEqual(before)
  })

  it.each([
    ['of this tenant', MANAGEMENT_API, {}],
    ['of another tenant', 'https://other1.logto.app/api', {}],
    ['by its own setting', 'https://logto.acme.test/api', { managementApi: 'https://logto.acme.test/api' }],
  ])(
    'identifier, the Management API’s %s, is refused and nothing of it touched',
    async (_whose, api, logto) => {
      const changes = { apiResource: api, logto: { ...context.desired().logto, ...logto } }
      // That tenant's token endpoint takes its own identifier; the sandbox has only one.
      wire.intercept = ({ what }, forward) =>
        what === 'POST /oidc/token' && 'managementApi' in logto
          ? fetchToken(context.desired().logto)
          : forward()
      const message = await context.refusal(changes)
      expect(message).toContain(`API_RESOURCE is ${api}, which is the identifier of Logto's Management API`)
      expect(message).toContain('Set API_RESOURCE (--api-resource)')
    },
  )

  it('resource, more than the tenant’s plan has, points to the bill', async () => {
    const { apply } = await plan(withApi)
    wire.answer('POST /api/resources', () =>
      Response.json({ code: 'subscription.limit_exceeded', message: 'Exceeded.' }, { status: 403 }),
    )
    await expect(apply()).rejects.toThrow(/403 subscription\.limit_exceeded.*\n.*Plan and billing/)
    expect(roles()).toEqual([])
  })
})

/** The IDs of the permissions of an API that somebody else has made. */
const permitted = (indicator: string) =>
  addResource({ indicator, scopes: [permission('read:notes')] }).scopes.map(({ id }) => id)
const forMachines = 'MachineToMachine' as const

describe('the role', () => {
  it('role, of another name with the permission, will do', async () => {
    const { scopes } = addResource({ scopes: [permission('read:notes'), permission('write:notes')] })
    addRole({ name: 'Writers', scopeIds: [scopes[1]?.id ?? ''] })
    const theirs = addRole({ name: 'Readers', isDefault: true, scopeIds: scopes.map(({ id }) => id) })
    const before = structuredClone(roles())
    const { steps } = await provision(withApi)
    const resource = { en: `Logto: role “Readers” (${theirs.id})` }
    expect(steps[9]).toMatchObject({ resource, action: 'leave' })
    expect(roles()).toEqual(before)
  })

  it('role, for machines with the permission, is none for people', async () => {
    addRole({ name: 'Script', type: forMachines, scopeIds: permitted(API) })
    await provision(withApi)
    expect(roles().map(({ name }) => name)).toEqual(['Script', ROLE])
  })

  it('role, with a permission of the same name of another API, is another', async () => {
    const scopeIds = permitted('https://other.test')
    addResource({ scopes: [{ ...permission('read:notes'), id: 'ours' }] })
    addRole({ name: 'Readers', scopeIds })
    await provision(withApi)
    expect(roles()[1]).toMatchObject({ name: ROLE, scopeIds: ['ours'] })
  })

  it('role, of our name without the permission, is given it and keeps the rest', async () => {
    const { scopes } = addResource({ scopes: [permission('write:notes')] })
    const scopeIds = scopes.map(({ id }) => id)
    const theirs = addRole({ name: ROLE, description: 'kept', isDefault: true, scopeIds })
    expect(toDo(await provision(withApi))).toMatchObject({
      [`Logto: role “${ROLE}”`]: ['permissions + read:notes'],
    })
    expect(only(roles())).toBe(theirs)
    expect(theirs).toMatchObject({ description: 'kept', isDefault: true })
    expect(theirs.scopeIds).toEqual(scopes.map(({ id }) => id))
    expect(theirs.scopeIds).toHaveLength(2)
    expect(toDo(await plan(withApi))).toEqual({})
  })

  it('role, one of two hundred and fifty, is found', async () => {
    for (let n = 0; n < 249; n += 1) addRole({ name: `Role ${n}` })
    const theirs = addRole({ name: ROLE })
    await provision(withApi)
    expect(roles()).toHaveLength(250)
    expect(theirs.scopeIds).toHaveLength(1)
  })

  it.each([
    ['for machines', () => ({ type: forMachines }), 'it is for machines'],
    [
      'for machines that have the permission',
      () => ({ type: forMachines, scopeIds: permitted(API) }),
      'it is for machines',
    ],
    [
      'of another API',
      () => ({ scopeIds: permitted('https://other.test') }),
      'it is for another API, https://other.test',
    ],
  ])('role, of our name %s, is to be told apart by people', async (_what, changes, words) => {
    addRole({ name: ROLE, ...changes() })
    const message = await context.refusal(withApi)
    expect(message).toContain(`Logto has a role “${ROLE}” (role0) already, and ${words}.`)
    expect(message).toContain('APP_NAME (--app-name)')
  })

  it('role, of our name for machines beside one that will do, is nobody’s business', async () => {
    const scopeIds = permitted(API)
    addRole({ name: ROLE, type: forMachines, scopeIds })
    addRole({ name: 'Readers', scopeIds })
    expect(toDo(await plan(withApi))).not.toHaveProperty(`Logto: role “${ROLE}”`)
  })
})

/** A token as the tenant gives it for its one Management API. */
function fetchToken({
  endpoint,
  managementApi,
  appId,
  appSecret,
}: ReturnType<typeof context.desired>['logto']) {
  return fetch(`${endpoint}/oidc/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${appId}:${appSecret}`)}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', resource: managementApi, scope: 'all' }),
  })
}
