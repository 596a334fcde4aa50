import { beforeAll, describe, expect, it } from 'vitest'
import { blankForTests } from './management-support.ts'

const context = blankForTests()

const LABELS = ['Logto', 'Logto of old', 'Portal', 'Wiki']
beforeAll(async () => {
  for (const label of LABELS) {
    await context.okta('POST', `/apps?activate=${label !== 'Wiki'}`, {
      name: 'oidc_client',
      label,
      signOnMode: 'OPENID_CONNECT',
      credentials: { oauthClient: {} },
      settings: {
        oauthClient: {
          redirect_uris: ['http://localhost:3001/callback/x'],
          response_types: ['code'],
          grant_types: ['authorization_code'],
        },
      },
    })
  }
})

const labels = async (query: string) =>
  (await context.okta('GET', `/apps?${query}`)).body.map(({ label }: { label: string }) => label)
const names = async (query: string) =>
  (await context.okta('GET', `/groups?${query}`)).body.map(
    (group: { profile: { name: string } }) => group.profile.name,
  )
const eq = (property: string, value = '') => `filter=${encodeURIComponent(`${property} eq "${value}"`)}`
const search = (expression: string) => `search=${encodeURIComponent(expression)}`

/** The list from page to page, by the links alone. */
async function walk(path: string): Promise<Array<{ id: string }[]>> {
  const pages: Array<{ id: string }[]> = []
  let next: string | undefined = path
  while (next) {
    const { body, headers } = await context.okta('GET', next)
    pages.push(body)
    next = /<([^>]+)>; rel="next"/.exec(headers.get('link') ?? '')?.[1]
  }
  return pages
}

describe('the list of apps', () => {
  it.each([
    ['q=Logto', ['Logto', 'Logto of old']],
    ['q=logto', ['Logto', 'Logto of old']],
    ['q=oidc', LABELS],
    ['q=ogto', []],
    ['q=', LABELS],
    [eq('status', 'INACTIVE'), ['Wiki']],
    [eq('name', 'oidc_client'), LABELS],
    [eq('name', 'bookmark'), []],
    [`q=P&${eq('status', 'ACTIVE')}`, ['Portal']],
  ])('apps, by %s, are those', async (query, expected) => {
    expect(await labels(query)).toEqual(expected)
  })

  it('apps, by one of two properties, are those of either', async () => {
    const either = `filter=${encodeURIComponent('status eq "INACTIVE" or name eq "oidc_client"')}`
    expect(await labels(either)).toEqual(LABELS)
  })

  it('apps, by their ID, are one', async () => {
    expect(await labels(eq('id', context.sandbox.org.apps[2]?.id))).toEqual(['Portal'])
  })

  it.each([
    eq('label', 'Logto'),
    'filter=status',
    eq('constructor', 'x'),
    'filter=name+sw+%22oidc%22',
    'filter=status+eq+%22ACTIVE%22+or',
  ])('apps, by %s, are 400 E0000031', async (query) => {
    const { status, body } = await context.okta('GET', `/apps?${query}`)
    expect([status, body.errorCode]).toEqual([400, 'E0000031'])
    expect(body.errorSummary).toBe('Invalid search criteria.')
  })

  it.each([1, 2, 3, 4, 200])('apps, %i at a time, are all there and none twice', async (limit) => {
    const pages = await walk(`/apps?limit=${limit}&${eq('name', 'oidc_client')}`)
    expect(pages).toHaveLength(Math.ceil(LABELS.length / limit))
    expect(pages.flat().map(({ id }) => id)).toEqual(context.sandbox.org.apps.map(({ id }) => id))
  })

  it('apps, more than a page and no limit asked for, are 20 and a link', async () => {
    const { apps } = context.sandbox.org
    const [first] = apps
    if (!first) throw new Error('the org has apps')
    const saved = apps.slice()
    apps.push(...Array.from({ length: 30 }, (_, index) => ({ ...structuredClone(first), id: `0oa${index}` })))
    const pages = await walk('/apps')
    const { headers } = await context.okta('GET', '/apps')
    apps.splice(0, Infinity, ...saved)
    expect(pages.map((page) => page.length)).toEqual([20, 14])
    expect(headers.get('link')).toContain('limit=20')
  })

  it.each(['limit=0', 'limit=201', 'limit=-1', 'limit=x', 'limit=1.5', 'after=nobody'])(
    'apps, by “%s”, are 400 E0000001',
    async (query) => {
      const { status, body } = await context.okta('GET', `/apps?${query}`)
      expect([status, body.errorCode]).toEqual([400, 'E0000001'])
    },
  )

  it('page of apps, the first, links to itself and to the next', async () => {
    const { headers } = await context.okta('GET', '/apps?limit=2')
    const { orgUrl } = context.sandbox.okta
    const after = context.sandbox.org.apps[1]?.id
    expect(headers.get('link')).toBe(
      `<${orgUrl}/api/v1/apps?limit=2>; rel="self", <${orgUrl}/api/v1/apps?limit=2&after=${after}>; rel="next"`,
    )
  })
})

describe('groups', () => {
  it('groups, of the blank org, are everyone and the staff', async () => {
    const { status, body } = await context.okta('GET', '/groups')
    expect(status).toBe(200)
    expect(body).toMatchObject([
      { type: 'BUILT_IN', profile: { name: 'Everyone' } },
      { type: 'OKTA_GROUP', profile: { name: 'Staff' } },
    ])
    expect(body[1]).toEqual({
      id: expect.stringMatching(/^00g\w{17}$/),
      created: expect.any(String),
      lastUpdated: expect.any(String),
      lastMembershipUpdated: expect.any(String),
      objectClass: ['okta:user_group'],
      type: 'OKTA_GROUP',
      profile: { name: 'Staff', description: expect.any(String) },
      _links: expect.any(Object),
    })
    const [everyone, staff] = context.sandbox.org.groups
    expect(everyone?.memberIds.size).toBe(3)
    const members = context.sandbox.org.users.filter(({ id }) => staff?.memberIds.has(id))
    expect(members.map(({ profile }) => profile.login)).toEqual(['employee@acme.example'])
  })

  it.each([
    ['q=Sta', ['Staff']],
    ['q=sta', ['Staff']],
    ['q=taff', []],
    [search('profile.name eq "Staff"'), ['Staff']],
    [search('type eq "BUILT_IN"'), ['Everyone']],
    [eq('type', 'OKTA_GROUP'), ['Staff']],
  ])('groups, by %s, are those', async (query, expected) => {
    expect(await names(query)).toEqual(expected)
  })

  it.each([search('profile.name sw "S"'), eq('profile.name', 'Staff')])(
    'groups, by %s, are 400 E0000031',
    async (query) => {
      expect((await context.okta('GET', `/groups?${query}`)).body.errorCode).toBe('E0000031')
    },
  )

  it('groups, one at a time, are both there', async () => {
    expect((await walk('/groups?limit=1')).map((page) => page.length)).toEqual([1, 1])
    expect((await context.okta('GET', '/groups?limit=10001')).status).toBe(400)
  })
})

describe('the groups of an app', () => {
  const ids = () => ({
    app: context.sandbox.org.apps[0]?.id ?? '',
    staff: context.sandbox.org.groups[1]?.id ?? '',
    everyone: context.sandbox.org.groups[0]?.id ?? '',
  })

  it('group, assigned once and again, is assigned', async () => {
    const { app, staff, everyone } = ids()
    const path = `/apps/${app}/groups/${staff}`
    const before = await context.okta('GET', path)
    expect([before.status, before.body.errorCode]).toEqual([404, 'E0000007'])
    const { status, body } = await context.okta('PUT', path, {})
    expect(status).toBe(200)
    expect(body).toMatchObject({ id: staff, priority: 0, profile: {}, lastUpdated: expect.any(String) })
    expect((await context.okta('PUT', path)).body).toEqual(body)
    expect((await context.okta('GET', path)).body).toEqual(body)
    expect((await context.okta('GET', `/apps/${app}/groups/${everyone}`)).status).toBe(404)
    expect([...(context.sandbox.org.assignments.get(app)?.groups ?? [])]).toEqual([staff])
  })

  it.each(['GET', 'PUT'])('%s, of no app or no group, is 404 and says which', async (method) => {
    const { app, staff } = ids()
    const summary = async (path: string) => {
      const { status, body } = await context.okta(method, path, method === 'PUT' ? {} : undefined)
      expect([status, body.errorCode]).toEqual([404, 'E0000007'])
      return body.errorSummary
    }
    expect(await summary(`/apps/nope/groups/${staff}`)).toContain('nope (AppInstance)')
    expect(await summary(`/apps/${app}/groups/nope`)).toContain('nope (UserGroup)')
  })
})
