import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'dotenv'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { planEnvFile } from '../../src/provision/env/env-step.ts'
import { type Desired, planProvisioning } from '../../src/provision/provision.ts'
import { type BlankSandbox, startBlankSandbox } from '../../src/sandbox/index.ts'
import { type Listening, listenOnLoopback } from '../../src/sandbox/shared/listen.ts'
import { loadConfig } from '../../src/settings/config.ts'
import { demoApp } from '../support/demo-app.ts'
import { SECOND_DOMAIN, startSecondOkta } from '../support/second-okta.ts'
import { UserAgent } from '../support/user-agent.ts'

let folder: string
let server: Listening
let url: string
/** Acme's Okta, and the Logto of both; and the Okta of another company. */
let acme: BlankSandbox
let bolt: BlankSandbox

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'two-companies-'))
  server = await listenOnLoopback(0)
  url = `http://localhost:${server.port}`
  acme = await startBlankSandbox({ logtoPort: 0, oktaPort: 0 })
  bolt = await startSecondOkta()

  const path = join(folder, '.env')
  await provision(path, acme, { name: 'Acme', domains: [acme.domain], scopes: [] })
  await provision(path, bolt, { name: 'Bolt', domains: [SECOND_DOMAIN], scopes: [] })
  server.handle(demoApp(loadConfig(parse(readFileSync(path, 'utf8')))))
})
afterAll(async () => {
  await Promise.all([server.close(), acme.close(), bolt.close()])
  rmSync(folder, { recursive: true })
})

/** What `npm run provision` does with one company's settings. */
async function provision(path: string, { okta, group }: BlankSandbox, connector: Desired['connector']) {
  const desired: Desired = {
    baseUrl: url,
    appName: 'Our app',
    logto: acme.logto,
    application: { id: undefined, secret: undefined },
    connector,
    issuer: okta.issuer,
    okta: { orgUrl: okta.orgUrl, apiToken: okta.apiToken, clientId: undefined },
    group,
    byHand: undefined,
    apiResource: undefined,
    apiPermissions: [],
    offlineAccess: true,
    companyHookKey: 'a key of thirty-two characters or so',
    webhooks: true,
    takeOver: false,
  }
  const { apply, wired } = await planProvisioning(desired)
  const envFile = await planEnvFile(path, {}, desired, wired)
  await apply()
  await envFile.apply()
}

const companies = [
  { name: 'Acme', email: 'employee@acme.example', company: () => acme, other: () => bolt },
  { name: 'Bolt', email: `employee@${SECOND_DOMAIN}`, company: () => bolt, other: () => acme },
]

/** From the company's sign-in page on. */
async function signInAtOkta(agent: UserAgent, { email, company, other }: (typeof companies)[number]) {
  expect(agent.page?.url).toContain(company().okta.issuer)
  const page = await agent.submit({ username: email, password: company().password })
  const { hops } = page
  expect(hops.filter((hop) => hop.startsWith(other().okta.issuer))).toEqual([])
  expect(page.body).toContain('data-signed-in="true"')
  expect(page.text).toContain(email)
}

describe('one app and the people of two companies', () => {
  it.each(companies)('email first, of somebody at $name, leads to their own Okta and back', async (at) => {
    const agent = new UserAgent()
    await agent.open(`${url}/`)
    await agent.submit({ login_hint: at.email })
    await signInAtOkta(agent, at)
    const { text } = await agent.open(`${url}/profile`)
    expect(text).toContain(`Signs in with ${at.name} (company account)`)
  })

  it.each(companies)('tile, on the dashboard of $name, is all it takes', async (at) => {
    const agent = new UserAgent()
    await agent.open(`${at.company().okta.issuer}/`)
    await agent.submit({ username: at.email, password: at.company().password })
    const page = await agent.click(/Our app/)
    expect(page.url).toBe(`${url}/`)
    expect(page.text).toContain(at.email)
  })

  it('people of both, each signed in at their own, are two at Logto', async () => {
    acme.tenant.users = []
    for (const at of companies) {
      const agent = new UserAgent()
      await agent.open(`${url}/sign-in?login_hint=${at.email}`)
      await signInAtOkta(agent, at)
    }
    const identities = acme.tenant.users.map((user) => [user.primaryEmail, user.ssoIdentities[0]?.issuer])
    expect(identities).toEqual(companies.map(({ email, company }) => [email, company().okta.issuer]))
  })

  it('person, of one company, is not let in by the other’s Okta', async () => {
    const agent = new UserAgent()
    await agent.open(`${url}/sign-in?iss=${encodeURIComponent(bolt.okta.issuer)}`)
    const page = await agent.submit({ username: 'employee@acme.example', password: bolt.password })
    expect(page.url).toContain(bolt.okta.issuer)
    expect((await agent.open(`${url}/`)).body).not.toContain('data-signed-in="true"')
  })
})
