import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { blankForTests } from './management-support.ts'

const context = blankForTests()

const addresses = { redirectUris: [], postLogoutRedirectUris: [] }
const uris = (redirectUris: unknown) => ({ oidcClientMetadata: { ...addresses, redirectUris } })
const hook = { name: 'hook', events: ['User.Deleted'], config: { url: 'http://localhost:3000/webhook' } }

/** What can be made: a body that is good, and what makes it none. */
const MADE: Array<[path: string, good: object, wrong: object[]]> = [
  [
    '/applications',
    { name: 'App', type: 'Traditional' },
    [
      ...[{ name: undefined }, { name: '' }, { name: 'x'.repeat(257) }, { name: 1 }, { type: 'Web' }],
      ...[{ description: 1 }, { customData: [] }, { customClientMetadata: { refreshTokenTtlInDays: 181 } }],
      ...[uris(['callback']), uris('https://example.com/'), uris(['https://*.example.com/callback'])],
      ...[uris(['https://example.com/a/../callback']), uris(['https://example.com/a/%2E%2e/callback'])],
      ...[uris(['https://example.com/a/..']), uris(['com..app://callback'])],
      { oidcClientMetadata: { redirectUris: [] } },
      { oidcClientMetadata: { ...addresses, postLogoutRedirectUris: ['/'] } },
      { oidcClientMetadata: { ...addresses, backchannelLogoutUri: 'out' } },
    ],
  ],
  [
    '/sso-connectors',
    { providerName: 'Okta', connectorName: 'Okta Acme' },
    [
      ...[{ providerName: undefined }, { connectorName: undefined }, { connectorName: '' }],
      ...[{ connectorName: 'x'.repeat(129) }, { domains: 'acme.example' }, { config: 'x' }],
      ...[{ branding: { logo: 1 } }, { syncProfile: 'yes' }],
    ],
  ],
  [
    '/hooks',
    hook,
    [
      ...[{ events: [] }, { events: ['User.Updated'] }, { event: 'User.Updated' }, { enabled: 'yes' }],
      ...[{ config: undefined }, { config: {} }, { config: { url: 'x', headers: { a: 1 } } }],
      ...[{ config: { url: 'x', retries: 4 } }, { name: 'x'.repeat(257) }],
    ],
  ],
  [
    '/resources',
    { name: 'An API', indicator: 'https://api.example' },
    [{ indicator: undefined }, { indicator: '' }, { name: undefined }, { accessTokenTtl: '60' }],
  ],
  [
    '/roles',
    { name: 'Reader', description: 'Reads things' },
    [
      ...[{ description: undefined }, { description: '' }, { name: 'x'.repeat(129) }],
      ...[{ type: 'Robot' }, { scopeIds: [''] }],
    ],
  ],
  [
    '/organizations',
    { name: 'Globex' },
    [{ name: '' }, { name: undefined }, { color: { primaryColor: 'red' } }],
  ],
  ['/organization-roles', { name: 'member' }, [{ type: 'Robot' }]],
]

/** The same of what is changed. */
const CHANGED: Array<[path: string, good: object, wrong: object[]]> = [
  [
    '/applications',
    { name: 'App', type: 'Traditional' },
    [{ name: '' }, uris(['x']), { isAdmin: 'yes' }, { appLevelAccessControlEnabled: 1 }],
  ],
  ['/hooks', hook, [{ events: [] }, { events: ['User.Updated'] }, { config: {} }, { enabled: 1 }]],
  ['/sso-connectors', { providerName: 'Okta', connectorName: 'Changed' }, [{ connectorName: '' }]],
]

const rows = (all: typeof MADE) =>
  all.flatMap(([path, good, wrong]) =>
    wrong.map((change) => ({ path, good, change, what: inspect(change, { breakLength: Infinity }) })),
  )

/** Asked for in the query. */
const QUERIES = {
  'guard.invalid_input': [
    ...['/roles?search=x', '/roles?search.name=Reader', '/roles?excludeUserId=x', '/roles?type=Robot'],
    // The sandbox would answer with people nobody asked for.
    ...['/users?search=%25a%25', '/users?search.primaryEmail=a%25'],
    ...['/applications?types=SPA&types=Web', '/resources/management-api/scopes?search=x'],
  ],
  'guard.invalid_pagination': [
    ...['page=0', 'page=-1', 'page=x', 'page_size=0', 'page_size=101', 'page=1.5'].map(
      (query) => `/applications?${query}`,
    ),
  ],
}

/** What there is not, by the code of its 404. */
const MISSING = {
  'entity.not_exists_with_id': [
    ...['GET /applications/nope', 'DELETE /applications/nope', 'GET /applications/nope/secrets'],
    ...['GET /sso-connectors/nope', 'PATCH /sso-connectors/nope', 'DELETE /sso-connectors/nope'],
    ...['GET /hooks/nope', 'GET /resources/nope', 'GET /roles/nope', 'GET /roles/nope/scopes'],
    ...['POST /roles/nope/scopes', 'POST /resources/nope/scopes', 'PATCH /users/nope/is-suspended'],
    ...['GET /organizations/nope', 'GET /organization-roles/nope', 'GET /organization-scopes/nope'],
    'GET /organizations/nope/jit/roles',
  ],
  'entity.not_exists': [
    ...['PATCH /applications/nope', 'PATCH /hooks/nope', 'PATCH /organizations/nope'],
    ...['PATCH /organization-roles/nope', 'PATCH /organization-scopes/nope'],
  ],
  'entity.not_found': [
    ...['DELETE /hooks/nope', 'GET /users/nope', 'DELETE /users/nope', 'DELETE /organizations/nope'],
    ...['DELETE /organization-roles/nope', 'DELETE /organization-scopes/nope'],
  ],
  'entity.relation_foreign_key_not_found': ['POST /applications/nope/secrets'],
}

const each = (lists: Record<string, string[]>) =>
  Object.entries(lists).flatMap(([code, calls]) => calls.map((call) => ({ call, code })))

describe('what the Management API refuses', () => {
  it.each(rows(MADE))('POST $path, with $what, is 400 and makes nothing', async ({ path, good, change }) => {
    const count = async () => (await context.logto('GET', path)).body.length
    const before = await count()
    const answer = await context.logto('POST', path, { ...good, ...change })
    expect(answer).toMatchObject({
      status: 400,
      body: {
        code: 'guard.invalid_input',
        message: 'The request body is invalid.',
        data: { name: 'ZodError', issues: [{ path: expect.any(Array) }] },
        details: expect.stringContaining('Error in key path "'),
      },
    })
    expect(await count()).toBe(before)
  })

  it.each(rows(CHANGED))('PATCH $path, with $what, is 400 and changes nothing', async (row) => {
    const { body: made } = await context.logto('POST', row.path, row.good)
    const one = `${row.path}/${made.id}`
    expect(await context.logto('PATCH', one, row.change)).toMatchObject({
      status: 400,
      body: { code: 'guard.invalid_input' },
    })
    expect((await context.logto('GET', one)).body).toMatchObject(made)
    await context.logto('DELETE', one)
  })

  it.each(each(QUERIES))('GET $call is 400 $code', async ({ call, code }) => {
    expect(await context.logto('GET', call)).toMatchObject({ status: 400, body: { code } })
  })

  it.each(each(MISSING))('$call is 404 $code', async ({ call, code }) => {
    const [method = '', path = ''] = call.split(' ')
    const body = { name: 'x', scopeIds: ['x'], isSuspended: true }
    const answer = await context.logto(method, path, /GET|DELETE/.test(method) ? undefined : body)
    const message = expect.stringMatching(/\.$/)
    expect(answer).toMatchObject({ status: 404, body: { code, message } })
    if (call.startsWith('POST /resources/'))
      expect(answer.body.message).toBe('The resources with ID `nope` does not exist.')
  })

  it.each([
    ['{not json', 400, 'guard.invalid_input'],
    ['"text"', 400, 'guard.invalid_input'],
    [`{"name":"${'x'.repeat(1_100_000)}"}`, 413, 'request.general'],
  ])('body %.20s, is %i %s', async (body, status, code) => {
    expect(await context.logto('POST', '/applications', body)).toMatchObject({ status, body: { code } })
  })

  it('address, malformed, is refused without a failure', async () => {
    expect((await context.logto('GET', '/applications/%E0%A4%A')).status).toBe(400)
  })
})
