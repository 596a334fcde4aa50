import { describe, expect, it, vi } from 'vitest'
import { startBlankSandbox } from '../../src/sandbox/index.ts'
import { blankForTests } from './management-support.ts'

const context = blankForTests()

describe('the blank sandbox', () => {
  it('tenant, on its first day, has nothing but who may manage it', async () => {
    const { tenant, logto } = context.sandbox
    expect(tenant).toMatchObject({
      ssoConnectors: [],
      hooks: [],
      users: [],
      roles: [],
      apiResources: [{ indicator: logto.managementApi }],
      signInExperience: { singleSignOnEnabled: false },
    })
    const { body } = await context.logto('GET', '/applications')
    expect(body).toMatchObject([{ id: logto.appId, type: 'MachineToMachine', name: 'Provisioning' }])
    expect((await context.logto('GET', `/applications/${logto.appId}`)).body.isAdmin).toBe(true)
    expect((await context.logto('GET', '/sso-connectors')).body).toEqual([])
  })

  it('org, on its first day, has its people, one token and no app', async () => {
    const { org, okta, accounts, domain, group } = context.sandbox
    expect((await context.okta('GET', '/apps')).body).toEqual([])
    expect(org.assignments.size).toBe(0)
    expect(org.apiTokens).toEqual([{ value: okta.apiToken, readOnly: false }])
    expect(org.users.map(({ profile }) => profile.login)).toEqual(accounts.map(({ email }) => email))
    expect(okta.orgUrl).toBe(okta.issuer)
    expect(domain).toBe('acme.example')
    expect(org.groups.map(({ profile }) => profile.name)).toContain(group)
  })

  it('start, in production, is refused', async () => {
    vi.stubEnv('NODE_ENV', 'production')
    await expect(startBlankSandbox({ logtoPort: 0, oktaPort: 0 })).rejects.toThrow('NODE_ENV=production')
  })
})
