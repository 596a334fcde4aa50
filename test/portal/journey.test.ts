import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readCompanies } from '../../src/companies/index.ts'
import { applicationByHand, copied, type PortalStack, startPortalStack } from '../support/portal-stack.ts'
import { UserAgent } from '../support/user-agent.ts'

let stack: PortalStack
beforeAll(async () => {
  stack = await startPortalStack()
})
afterAll(() => stack?.close())

const stage = (browser: UserAgent) => /data-stage="(\w+)"/.exec(browser.page?.body ?? '')?.[1]
const outcome = (browser: UserAgent) => /data-outcome="(\w+)"/.exec(browser.page?.body ?? '')?.[1]

describe('the portal', () => {
  it('portal, a company wired by hand, is tried, switched on and told of', async () => {
    const { id, link } = await stack.invite()
    const browser = new UserAgent()
    await browser.open(link)
    expect(stage(browser)).toBe('choose')
    await browser.submit({ provider: 'Okta' })
    expect(stage(browser)).toBe('connect')

    const [connector] = stack.sandbox.tenant.ssoConnectors
    expect(connector).toMatchObject({ connectorName: 'Initech', domains: [], config: {} })
    const redirectUri = `${stack.sandbox.logto.endpoint}/callback/${connector?.id}`
    expect(copied(browser.page?.body ?? '')).toContain(redirectUri)
    const client = await applicationByHand(stack, redirectUri)
    await browser.submit({ issuer: stack.company.okta, ...client })
    expect(stage(browser)).toBe('test')
    expect(browser.page?.body).toContain(`${stack.company.okta}/oauth2/v1/token`)
    expect(connector?.domains).toEqual([])

    await browser.click('Sign in to try it')
    await browser.submit({ username: stack.company.administrator, password: stack.sandbox.password })
    expect([stage(browser), outcome(browser)]).toEqual(['switch_on', 'passed'])
    expect(browser.page?.text).toContain(stack.company.administrator)
    expect(connector?.domains).toEqual([])

    // Later, in another browser.
    const later = new UserAgent()
    await later.open(link)
    expect(stage(later)).toBe('switch_on')
    await later.send(`${stack.url}/setup/${id}/switch-on`, { version: versionOn(later) })
    expect(stage(later)).toBe('on')
    expect(connector?.domains).toEqual([stack.company.domain])
    expect((await readCompanies(stack.place)).companies).toMatchObject([
      { id: connector?.id, name: 'Initech', domains: [stack.company.domain], issuer: stack.company.okta },
    ])
    const [organization] = stack.sandbox.tenant.organizations.filter(({ name }) => name === 'Initech')
    expect(organization?.jit.ssoConnectorIds).toEqual([connector?.id])
    expect((await readCompanies(stack.place)).companies[0]?.organizationId).toBe(organization?.id)
    expect(stack.ready).toMatchObject([{ company: 'Initech', connectorId: connector?.id }])
    expect(JSON.stringify([stack.logs, (await stack.place.read('invitation')).texts])).not.toContain(
      client.clientSecret,
    )
  })
})

const versionOn = (browser: UserAgent) =>
  /name="version" value="(\d+)"/.exec(browser.page?.body ?? '')?.[1] ?? ''
