import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { readCompanies, removeCompany, writeCompany } from '../../src/companies/index.ts'
import { logtoOf, type ReadyCompany } from '../../src/portal/index.ts'
import { selfSigned } from '../../src/sandbox/companies/saml/certificate.ts'
import { applicationByHand, type PortalStack, startPortalStack } from '../support/portal-stack.ts'
import { metadataOf } from '../support/saml-metadata.ts'
import { UserAgent } from '../support/user-agent.ts'
import { connectorOf, listeners, outcomeOn, stageOn, versionOn, wrongField } from './pages.ts'

let stack: PortalStack
let hear: (company: ReadyCompany) => unknown = () => {}
beforeAll(async () => {
  // Below a path, as behind a proxy that has other things beside it.
  stack = await startPortalStack({}, (company) => hear(company), '/connect')
})
afterAll(() => stack?.close())
afterEach(() => {
  hear = () => {}
})

const day = 24 * 3_600_000
const dayIn = (days: number) => new Date(Date.now() + days * day).toISOString().slice(0, 10)

const { listening } = listeners()

async function signIn(browser: UserAgent, username: string) {
  await browser.click('Sign in to try it')
  if (browser.page?.body.includes('name="username"'))
    await browser.submit({ username, password: stack.sandbox.password })
  if (browser.page?.body.includes('name="SAMLResponse"')) await browser.submit({})
}

/** A company whose administrator has come to the last step, and what it has at Logto and here. */
async function tested(
  who: { company: string; domains: string[] },
  provider: 'Okta' | 'SAML',
  person: string,
) {
  const { id, link } = await stack.invite(who)
  const browser = new UserAgent()
  await browser.open(link)
  await browser.submit({ provider })
  const connector = connectorOf(stack, who.company)
  if (!connector) throw new Error('no connector')
  const redirectUri = `${stack.sandbox.logto.endpoint}/callback/${connector.id}`
  if (provider === 'SAML') {
    const soylent = stack.sandbox.companies.find(({ look }) => look === 'saml')
    soylent?.register(stack.sandbox.logto.endpoint, connector.id)
    await browser.submit({ ...soylent?.values })
  } else {
    const client = await applicationByHand(stack, redirectUri)
    await browser.submit({ issuer: stack.company.okta, ...client, secretEndsOn: dayIn(300) })
  }
  await signIn(browser, person)
  expect([stageOn(browser), outcomeOn(browser)]).toEqual(['switch_on', 'passed'])
  const at = `${stack.url}/setup/${id}`
  const stored = async () =>
    (await readCompanies(stack.place)).companies.find((each) => each.id === connector.id)
  const switchOn = () => browser.send(`${at}/switch-on`, { version: versionOn(browser) })
  return { browser, connector, redirectUri, stored, switchOn, at }
}

const okta = async () => {
  const { name, domain, administrator } = stack.company
  const all = await tested({ company: name, domains: [domain] }, 'Okta', administrator)
  return {
    ...all,
    async clean() {
      await stack.revoke(name)
      await removeCompany(stack.place, all.connector.id)
      await (await logtoOf(stack.config)).deleteConnector(all.connector.id)
    },
  }
}

describe('a hook that hears of a ready company', () => {
  it.each([
    [
      'that fails',
      () => {
        throw new Error('the mail server is away')
      },
    ],
    ['that never ends', () => new Promise(() => {})],
  ])('hook, %s, is a line in the log, and the company is ready', async (_what, hook) => {
    const { browser, connector, stored, switchOn, clean } = await okta()
    hear = hook
    const before = stack.logs.length
    await switchOn()
    expect(stageOn(browser)).toBe('on')
    expect(connector.domains).toEqual([stack.company.domain])
    expect(await stored()).toMatchObject({ domains: [stack.company.domain] })
    const said = stack.logs.slice(before).filter(({ event }) => event === 'company_ready')
    expect(said).toMatchObject([{ level: 50 }])
    await clean()
  })
})

describe('a company that is switched on', () => {
  it('page, of a company with Okta, shows who came last and when the secret ends, and takes a new one', async () => {
    const { browser, connector, redirectUri, stored, switchOn, at, clean } = await okta()
    await switchOn()
    const { administrator } = stack.company
    const signIns = /<dl[^>]*data-sign-ins>(.*?)<\/dl>/s.exec(browser.page?.body ?? '')?.[1]
    expect(signIns).toContain(administrator)
    expect(browser.page?.body).toContain('data-secret="far"')
    const before = await stored()
    expect(before?.organizationId).toBeDefined()
    // What Universal Logout needs: its address in Okta's console, and its subject here.
    const leaving = /<ol[^>]*data-leaving>(.*?)<\/ol>/s.exec(browser.page?.body ?? '')?.[1]
    expect(leaving).toContain(`<code>${stack.config.whereabouts.baseUrl}/global-token-revocation</code>`)
    expect(before?.clientId).toBe(connector.config.clientId)
    // What an operator has said of it since.
    if (before) await writeCompany(stack.place, { ...before, otherDomains: true })
    const first = { ...connector.config }
    const issuer = stack.company.okta

    const client = await applicationByHand(stack, redirectUri)
    await browser.submit({ issuer, ...client, clientSecret: 'x'.repeat(40) })
    expect([browser.page?.status, wrongField(browser)]).toEqual([422, 'clientSecret'])
    // A browser without a field for dates sends whatever was typed.
    await browser.submit({ issuer, ...client, secretEndsOn: '31.12.2027' })
    expect([browser.page?.status, browser.page?.body.includes('data-refused')]).toEqual([422, true])
    expect(connector.config).toEqual(first)
    await browser.submit({ issuer, ...client, secretEndsOn: dayIn(10) })
    expect(stageOn(browser)).toBe('on')
    expect(browser.page?.body).toContain('data-secret="near"')
    expect(connector).toMatchObject({ config: { ...client, issuer }, domains: [stack.company.domain] })
    expect(await stored()).toEqual({
      ...before,
      ...{ otherDomains: true, clientId: client.clientId, secretEndsOn: dayIn(10) },
    })
    // Left empty, the secret stays.
    await browser.submit({ issuer, clientId: client.clientId, clientSecret: '', scope: 'groups' })
    expect(connector.config).toMatchObject({ clientSecret: client.clientSecret })

    // An administrator of before does not bring back whom the operator has taken away.
    await removeCompany(stack.place, connector.id)
    await browser.send(`${at}/connect`, { version: versionOn(browser), issuer, ...client })
    expect(browser.page?.status).toBe(409)
    expect(await stored()).toBeUndefined()
    await clean()
  })

  it('secret, left empty with another issuer, is sent to nobody', async () => {
    const { browser, connector, switchOn, clean } = await okta()
    await switchOn()
    const calls: string[] = []
    const issuer = await listening((req, res) => {
      calls.push(String(req.url))
      res.end('{}')
    })
    await browser.submit({ issuer, clientId: String(connector.config.clientId), clientSecret: '' })
    expect([browser.page?.status, wrongField(browser), calls]).toEqual([422, 'clientSecret', []])
    await clean()
  })

  it('values, that Logto refuses though they work from here, leave all as it was', async () => {
    const { browser, connector, stored, switchOn, clean } = await okta()
    await switchOn()
    const [before, config] = [await stored(), { ...connector.config }]
    let documents = 0
    const issuer = await listening((req, res) => {
      if (!req.url?.includes('openid-configuration'))
        return void res.writeHead(400).end('{"error":"invalid_grant"}')
      documents += 1
      // The portal's try has an answer, and Logto's own does not.
      if (documents > 1) return void res.writeHead(500).end()
      const named = {
        authorization_endpoint: `${issuer}/a`,
        token_endpoint: `${issuer}/t`,
        jwks_uri: `${issuer}/k`,
      }
      res.end(JSON.stringify({ issuer, ...named, userinfo_endpoint: `${issuer}/u` }))
    })
    await browser.submit({ issuer, clientId: 'another', clientSecret: 'another' })
    expect([browser.page?.status, stageOn(browser)]).toEqual([422, 'on'])
    expect(browser.page?.body).toContain('data-refused')
    expect(await stored()).toEqual(before)
    expect(connector.config).toEqual(config)
    await clean()
  })

  it('certificate, replaced by hand, is tried first; its end is said when it is near', async () => {
    const soylent = stack.sandbox.companies.find(({ look }) => look === 'saml')
    if (!soylent) throw new Error('no company with SAML')
    const { name, domain, account, issuer, url } = soylent
    const who = { company: name, domains: [domain] }
    const { browser, connector, stored, switchOn } = await tested(who, 'SAML', account.email)
    await switchOn()
    expect(browser.page?.body).toContain('data-certificate="far"')
    // Another day, with a link for a company that is there already.
    await expect(stack.invite({ company: name, domains: ['more.example'] })).rejects.toThrow('provision')
    const { link } = await stack.invite({ company: name, domains: [] })
    const later = new UserAgent()
    await later.open(link)
    expect(stageOn(later)).toBe('on')
    const enter = async (days: number) => {
      const { certificate } = await selfSigned(name, days)
      const metadata = metadataOf(issuer, { certificate: certificate.trim(), signInEndpoint: `${url}/sso` })
      await later.submit({ metadataUrl: '', metadata })
      return metadata
    }
    await enter(-1)
    expect([later.page?.status, wrongField(later)]).toEqual([422, 'metadata'])
    expect(connector.config).toMatchObject({ metadataUrl: `${url}/metadata` })
    const metadata = await enter(10)
    expect(stageOn(later)).toBe('on')
    expect(later.page?.body).toContain('data-certificate="near"')
    expect(connector.config).toMatchObject({ metadata })
    expect(connector.config).not.toHaveProperty('metadataUrl')
    // With its invitations goes nothing that is switched on.
    await stack.revoke(name)
    expect(stack.sandbox.tenant.ssoConnectors).toContain(connector)
    expect(await stored()).toBeDefined()
  })
})
