import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, vi } from 'vitest'
import { startBlankSandbox } from '../../src/sandbox/index.ts'
import { blankForTests } from './management-support.ts'

const context = blankForTests()
const ports = { logtoPort: 0, oktaPort: 0 }

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

  it('start, twice, shares no secret', async () => {
    const other = await startBlankSandbox(ports)
    try {
      const { logto, okta, password } = context.sandbox
      expect(other.logto.appId).not.toBe(logto.appId)
      expect(other.logto.appSecret).not.toBe(logto.appSecret)
      expect(other.okta.apiToken).not.toBe(okta.apiToken)
      expect(other.password).not.toBe(password)
    } finally {
      await other.close()
    }
  })

  it('start, in production, is refused', async () => {
    vi.stubEnv('NODE_ENV', 'production')
    await expect(startBlankSandbox(ports)).rejects.toThrow('NODE_ENV=production')
  })

  it('start, with a port taken, says which', async () => {
    const holder = createServer()
    await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve))
    const { port } = holder.address() as AddressInfo
    await expect(startBlankSandbox({ ...ports, oktaPort: port })).rejects.toMatchObject({
      code: 'EADDRINUSE',
      port,
    })
    await new Promise((resolve) => holder.close(resolve))
  })
})
