import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { BlankSandbox } from '../../src/sandbox/index.ts'
import { loadConfig } from '../../src/settings/config.ts'
import { SECOND_DOMAIN, startSecondOkta } from '../support/second-okta.ts'
import { cliForTests, settingsFor } from './cli-support.ts'
import { applicationsOf, blankForTests, only, stateOf } from './support.ts'

const context = blankForTests()
const cli = cliForTests(context)

let second: BlankSandbox
beforeAll(async () => {
  second = await startSecondOkta()
})
afterAll(() => second.close())
beforeEach(() => {
  second.org.apps = []
  second.org.assignments.clear()
})

const acme = () => settingsFor(context.sandbox)
const bolt = () => ({
  ...acme(),
  SSO_CONNECTOR_NAME: 'Bolt',
  SSO_EMAIL_DOMAINS: `${SECOND_DOMAIN},bolt.test`,
  OKTA_ORG_URL: second.okta.orgUrl,
  OKTA_API_TOKEN: second.okta.apiToken,
})

/** A run for one company, whose settings are in the environment; what both share is in the file. */
async function run(company: Record<string, string>) {
  const ran = await cli.run(['--yes'], company)
  expect(ran, ran.stderr).toMatchObject({ status: 0 })
  expect(ran.stdout + ran.stderr).not.toContain(second.okta.apiToken)
  return ran.stdout
}

/** Everything in both orgs and the tenant. */
const everything = () => ({ first: stateOf(context.sandbox), second: structuredClone(second.org) })

describe('a second company', () => {
  it('run, for it, adds its connector and its Okta, shares the rest and leaves the first unharmed', async () => {
    await run(acme())
    const { tenant, org } = context.sandbox
    const before = { ...structuredClone({ org, connector: only(tenant.ssoConnectors) }), env: cli.readEnv() }
    const plan = await run(bolt())

    expect(plan).toContain('+ create  Logto: enterprise connector “Bolt”')
    expect(plan).toContain('7 to create, 2 to change, 4 to leave as they are.')
    const [first, added, ...more] = tenant.ssoConnectors
    expect(more).toEqual([])
    expect(first).toEqual(before.connector)
    expect(structuredClone(org)).toEqual(before.org)
    const client = only(second.org.apps).credentials.oauthClient
    expect(added).toMatchObject({
      connectorName: 'Bolt',
      domains: [SECOND_DOMAIN, 'bolt.test'],
      config: { issuer: second.okta.issuer, clientId: client.client_id, clientSecret: client.client_secret },
    })
    expect(only(second.org.apps).settings.oauthClient.redirect_uris).toEqual([
      `${context.sandbox.logto.endpoint}/callback/${added?.id}`,
    ])
    expect(only([...second.org.assignments.values()]).groups.size).toBe(1)
    only(applicationsOf(context.sandbox))
    only(tenant.hooks)

    const { SSO_CONNECTORS: _both, ...shared } = cli.readEnv()
    const { SSO_CONNECTORS: _one, ...sharedBefore } = before.env
    expect(shared).toEqual(sharedBefore)
    const made = { clientId: expect.stringMatching(/^0oa/), organizationId: expect.any(String) }
    const { issuer } = context.sandbox.okta
    const [domains, bolts] = [['acme.example'], [SECOND_DOMAIN, 'bolt.test']]
    expect(loadConfig(cli.readEnv()).connectors).toEqual([
      { id: first?.id, name: 'Acme', slug: 'acme', issuer, domains, ...made },
      { id: added?.id, name: 'Bolt', slug: 'bolt', issuer: second.okta.issuer, domains: bolts, ...made },
    ])
    expect(tenant.organizations.map(({ name }) => name)).toEqual(['Acme', 'Bolt'])
  })

  it('runs, for either of the two again, have nothing to do', async () => {
    await run(acme())
    await run(bolt())
    const before = everything()
    const env = cli.readEnv()
    for (const company of [acme(), bolt()]) {
      expect(await run(company)).toContain('Nothing to do: everything is as it should be.')
    }
    expect(everything()).toEqual(before)
    expect(cli.readEnv()).toEqual(env)
  })

  it('run, for a company with a domain of the first, is refused and harms neither', async () => {
    await run(acme())
    const before = everything()
    const env = cli.readEnv()
    const { status, stderr } = await cli.run(['--yes'], { ...bolt(), SSO_EMAIL_DOMAINS: 'acme.example' })
    expect(status).toBe(1)
    expect(stderr).toContain('acme.example is a domain of another connector already: “Acme”')
    expect(everything()).toEqual(before)
    expect(cli.readEnv()).toEqual(env)
  })
})
