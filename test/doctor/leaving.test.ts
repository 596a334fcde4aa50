import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { textReport } from '../../src/doctor/text-report.ts'
import type { Sandbox } from '../../src/sandbox/index.ts'
import { joinOrganization } from '../../src/sandbox/logto/state/organizations.ts'
import { addUser } from '../../src/sandbox/logto/state/users.ts'
import type { EnterpriseConnector } from '../../src/settings/companies/connector.ts'
import { writeConnectors } from '../../src/settings/companies/connectors.ts'
import { House, resultOf } from './house.ts'

let house: House
let before: ReturnType<typeof state>
/** Everything that a test sets wrong. */
const state = () => {
  const { org, tenant } = house.sandbox
  const { eventHooks, apiTokens, universalLogout } = org
  const { users, idToken } = tenant
  return structuredClone({ eventHooks, apiTokens, universalLogout, users, idToken })
}
beforeAll(async () => {
  house = await House.open()
  Object.assign(house.settings, house.company)
  house.startApp()
  await house.sandbox.appIsThere()
  before = state()
})
afterEach(() => {
  const { users, idToken, ...org } = structuredClone(before)
  Object.assign(house.sandbox.org, org)
  Object.assign(house.sandbox.tenant, { users })
  Object.assign(house.sandbox.tenant.idToken, idToken)
  Object.assign(house.settings, house.company)
})
afterAll(() => house.close())

type Hook = Sandbox['org']['eventHooks'][number]
const hook = (): Hook => {
  const [found] = house.sandbox.org.eventHooks
  if (!found) throw new Error('the sandbox has an event hook')
  return found
}
const address = () => `${house.url}/webhooks/okta/${house.connector.id}`
const examine = (more: Record<string, string | undefined> = { ...house.management, ...house.oktaToken }) =>
  house.examine({ more })

const IDS = [
  ...['id-token-claims', 'foreign-identities', 'organization'],
  ...['okta-event-hook', 'okta-hook-address', 'universal-logout'],
]

describe('the company’s own word that people leave', () => {
  it('doctor, of a sandbox that is wired, finds every link of it well and changes nothing', async () => {
    const { tenant, org } = house.sandbox
    const before = structuredClone({ tenant, org })
    const results = await examine()
    expect(IDS.map((id) => resultOf(results, id)).filter(({ status }) => status !== 'ok')).toEqual([])
    expect({ tenant, org }).toEqual(before)
    const shown = textReport(results, { colours: false })
    expect([...house.secrets].filter((secret) => shown.includes(secret))).toEqual([])
  })

  it('doctor, without credentials, says what could not be looked at and where to look', async () => {
    const results = await examine({})
    for (const id of ['okta-event-hook', 'universal-logout']) {
      expect(resultOf(results, id)).toMatchObject({
        status: 'skipped',
        because: expect.stringContaining('OKTA_API_TOKEN'),
      })
    }
    expect(resultOf(results, 'okta-event-hook').because).toContain(address())
    expect(resultOf(results, 'universal-logout').because).toContain(`${house.url}/global-token-revocation`)
    expect(resultOf(results, 'okta-hook-address').status).toBe('ok')
  })

  const HOOKS: Array<[what: string, change: (hook: Hook) => unknown, answer: string]> = [
    ['gone', () => Object.assign(house.sandbox.org, { eventHooks: [] }), 'none'],
    [
      'to another address',
      ({ config }) => Object.assign(config, { uri: 'https://other.test/hook' }),
      'https://other.test/hook',
    ],
    ['inactive', (it) => Object.assign(it, { status: 'INACTIVE' }), 'INACTIVE'],
    ['unverified', (it) => Object.assign(it, { verificationStatus: 'UNVERIFIED' }), 'not verified'],
    ['without an event', ({ events }) => events.splice(0, 1), 'events'],
    ['with another secret', ({ config }) => Object.assign(config, { headers: [] }), 'authentication secret'],
  ]
  it.each(HOOKS)('event hook, %s, is named with what to do', async (_what, change, answer) => {
    change(hook())
    const result = resultOf(await examine(), 'okta-event-hook')
    expect(result).toMatchObject({ status: 'broken', answer: expect.stringContaining(answer) })
    expect(JSON.stringify(result)).toContain('npm run provision')
  })

  it('token, that may not see event hooks or is none, says so and where to look', async () => {
    const [token] = house.sandbox.org.apiTokens
    if (token) token.appsOnly = true
    expect(resultOf(await examine(), 'okta-event-hook')).toMatchObject({
      status: 'skipped',
      because: expect.stringContaining('super administrator'),
    })
    const results = await examine({ ...house.management, ...house.oktaToken, OKTA_API_TOKEN: '00nobodys' })
    expect(resultOf(results, 'okta-event-hook')).toMatchObject({ status: 'unknown' })
  })

  it('Universal Logout, switched off at Okta, is a warning with the fields of the console', async () => {
    house.sandbox.org.universalLogout.clear()
    const result = resultOf(await examine(), 'universal-logout')
    expect(result).toMatchObject({ status: 'warning', answer: expect.stringContaining('DISABLED') })
    expect(JSON.stringify(result)).toContain(`Logout endpoint URL ${house.url}/global-token-revocation`)
  })

  it('claims of ID tokens, without sso_identities, are a warning', async () => {
    house.sandbox.tenant.idToken.enabledExtendedClaims = ['roles']
    expect(resultOf(await examine(), 'id-token-claims')).toMatchObject({ status: 'warning', answer: 'roles' })
  })

  it('organization, whose people join without a role that provision gives, is a warning with the role to add', async () => {
    const roles = (names: string) => examine({ ...house.management, SSO_ORGANIZATION_ROLES: names })
    expect(resultOf(await roles('member'), 'organization').status).toBe('ok')
    const result = resultOf(await roles('member,auditor'), 'organization')
    expect(result).toMatchObject({
      status: 'warning',
      fix: expect.stringMatching(/npm run provision.* auditor/),
    })
    expect(result.fix).not.toContain('member,')
  })

  it('organization, that somebody of the company is no member of, is a warning, and broken for who asks for them', async () => {
    const { id: ssoConnectorId } = house.connector
    const identity = (email: string, connectorId = ssoConnectorId) => ({
      ...{ id: email, ssoConnectorId: connectorId, issuer: house.sandbox.okta.issuer, identityId: email },
      ...{ detail: { email }, createdAt: 1, updatedAt: 1 },
    })
    const add = (primaryEmail: string, ...ssoIdentities: Array<ReturnType<typeof identity>>) =>
      addUser(house.sandbox.tenant, { primaryEmail, ssoIdentities })
    add('another@acme.example') // who has never come through the connector
    add('elsewhere@acme.example', identity('elsewhere@acme.example', 'another'))
    const member = add('member@acme.example', identity('member@acme.example'))
    joinOrganization(member, house.sandbox.tenant.organizations[0]?.id ?? '', [])
    const withEmail = (email: string) => house.examine({ email, more: house.management })
    expect(resultOf(await examine(), 'organization')).toMatchObject({ status: 'ok', answer: /\b1 people/ })

    const early = add('early@acme.example', identity('early@acme.example'))
    const named = { meaning: expect.stringContaining('early@acme.example') }
    expect(resultOf(await examine(), 'organization')).toMatchObject({ status: 'warning', ...named })
    expect(resultOf(await withEmail('Early@acme.example'), 'organization')).toMatchObject({
      ...{ status: 'broken', fix: expect.stringContaining('Add member') },
      ...named,
    })
    expect(resultOf(await withEmail('member@acme.example'), 'organization')).toMatchObject({ status: 'ok' })
    Object.assign(early, { isSuspended: true })
    expect(resultOf(await examine(), 'organization').status).toBe('ok')
  })

  it('organization, that nobody joins through the connector, is broken, and it is said what to add', async () => {
    const { tenant } = house.sandbox
    expect(resultOf(await examine(), 'organization').status).toBe('ok')
    for (const { jit } of tenant.organizations) jit.ssoConnectorIds = []
    const result = resultOf(await examine(), 'organization')
    expect(result).toMatchObject({ status: 'broken', fix: expect.stringContaining(house.connector.id) })
    tenant.organizations.length = 0
    expect(resultOf(await examine(), 'organization').status).toBe('broken')
  })

  it('account, that another company has come to, is named with what to do', async () => {
    const { issuer } = house.sandbox.okta
    const identity = (from: string, email: string) => ({
      ...{ id: email, ssoConnectorId: 'any', issuer: from, identityId: '00uSomebody', detail: { email } },
      ...{ createdAt: 1, updatedAt: 1 },
    })
    addUser(house.sandbox.tenant, {
      primaryEmail: 'own@acme.example',
      ssoIdentities: [identity(issuer, 'own@acme.example')],
    })
    expect(resultOf(await examine(), 'foreign-identities').status).toBe('ok')
    const ssoIdentities = [identity('https://beta.okta.test', 'victim@acme.example')]
    const { id } = addUser(house.sandbox.tenant, { primaryEmail: 'victim@acme.example', ssoIdentities })
    const result = resultOf(await examine(), 'foreign-identities')
    expect(result).toMatchObject({ status: 'broken', meaning: expect.stringContaining(id) })
    expect(result.meaning).toContain('https://beta.okta.test')
    expect(result.meaning).not.toContain('own@acme.example')
  })
})

describe('an app that does not answer Okta', () => {
  it('address, of an app with no company, is broken for the hook', async () => {
    const other = { ...house.sandbox.connectors[0], id: 'unknown' } as EnterpriseConnector
    const results = await examine({ SSO_CONNECTORS: writeConnectors([other]) })
    expect(resultOf(results, 'okta-hook-address')).toMatchObject({
      status: 'broken',
      tried: expect.stringContaining(`${house.url}/webhooks/okta/unknown`),
    })
  })

  it('key, not set, is a warning before anything is asked', async () => {
    Object.assign(house.settings, { COMPANY_HOOK_KEY: undefined })
    expect(resultOf(await examine(), 'okta-event-hook')).toMatchObject({
      status: 'warning',
      tried: expect.stringContaining('COMPANY_HOOK_KEY'),
    })
  })
})
