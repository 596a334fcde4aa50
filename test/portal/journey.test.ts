import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readCompanies } from '../../src/companies/index.ts'
import { addressesOfConnector, type ProviderName } from '../../src/provision/providers/provider.ts'
import type { Company } from '../../src/sandbox/index.ts'
import { startGoogle } from '../support/google.ts'
import {
  applicationByHand,
  copied,
  type PortalStack,
  startAppBeside,
  startPortalStack,
} from '../support/portal-stack.ts'
import { UserAgent } from '../support/user-agent.ts'
import { connectorOf, outcomeOn, stageOn, versionOn, wrongField } from './pages.ts'

let stack: PortalStack
let app: Awaited<ReturnType<typeof startAppBeside>>
beforeAll(async () => {
  stack = await startPortalStack()
  app = await startAppBeside(stack)
})
afterAll(async () => {
  await app?.close()
  await stack?.close()
})

describe('the portal', () => {
  it('portal, a company wired by hand, is tried, switched on and told of', async () => {
    const { id, link } = await stack.invite()
    const browser = new UserAgent()
    await browser.open(link)
    expect(stageOn(browser)).toBe('choose')
    await browser.submit({ provider: 'Okta' })
    expect(stageOn(browser)).toBe('connect')

    const connector = connectorOf(stack, 'Initech')
    expect(connector).toMatchObject({ connectorName: 'Initech', domains: [], config: {} })
    const redirectUri = `${stack.sandbox.logto.endpoint}/callback/${connector?.id}`
    expect(copied(browser.page?.body ?? '')).toContain(redirectUri)
    const client = await applicationByHand(stack, redirectUri)
    await browser.submit({ issuer: stack.company.okta, ...client })
    expect(stageOn(browser)).toBe('test')
    expect(browser.page?.body).toContain(`${stack.company.okta}/oauth2/v1/token`)
    expect(connector?.domains).toEqual([])

    await browser.click('Sign in to try it')
    await browser.submit({ username: stack.company.administrator, password: stack.sandbox.password })
    expect([stageOn(browser), outcomeOn(browser)]).toEqual(['switch_on', 'passed'])
    expect(browser.page?.text).toContain(stack.company.administrator)
    expect(connector?.domains).toEqual([])

    // Later, in another browser.
    const later = new UserAgent()
    await later.open(link)
    expect(stageOn(later)).toBe('switch_on')
    // Meanwhile an operator has given the domain to somebody else, and takes it back again.
    const { ssoConnectors } = stack.sandbox.tenant
    const given = { id: 'c0', domains: ['INITECH.example'] }
    ssoConnectors.push({ ...(connector as NonNullable<typeof connector>), ...given })
    await later.send(`${stack.url}/setup/${id}/switch-on`, { version: versionOn(later) })
    expect([later.page?.status, connector?.domains]).toEqual([409, []])
    ssoConnectors.pop()
    await later.open(link)
    await later.send(`${stack.url}/setup/${id}/switch-on`, { version: versionOn(later) })
    expect(stageOn(later)).toBe('on')
    expect(connector?.domains).toEqual([stack.company.domain])
    expect((await readCompanies(stack.place)).companies).toMatchObject([
      { id: connector?.id, name: 'Initech', domains: [stack.company.domain], issuer: stack.company.okta },
    ])
    const [organization] = stack.sandbox.tenant.organizations.filter(({ name }) => name === 'Initech')
    expect(organization?.jit.ssoConnectorIds).toEqual([connector?.id])
    expect((await readCompanies(stack.place)).companies[0]?.organizationId).toBe(organization?.id)
    expect(stack.ready).toMatchObject([{ company: 'Initech', connectorId: connector?.id }])
    expect(JSON.stringify([stack.logs, [...(await stack.place.read('invitation')).texts]])).not.toContain(
      client.clientSecret,
    )
  })
})

/** A company's provider, and what its administrator does there and here. */
interface Kind {
  provider: ProviderName
  company: string
  domain: string
  /** Who tries it, and who comes later. */
  people: [administrator: string, colleague: string]
  /** Enters at the provider where Logto's connector is, as is said on the page. */
  register: (connectorId: string) => void
  /** What is entered wrongly first, each with the field that says so. */
  wrong: Array<[values: Record<string, string>, field: string]>
  values: Record<string, string>
  /** What a first try shows to be lacking, where one does. */
  lacking?: { outcome: string; values: Record<string, string> }
  /** What is to be entered at the provider. */
  enter: (connectorId: string) => string[]
}

/** Whatever the provider asks for: nothing of somebody whom it remembers. Without a script, SAML has a button. */
async function signInAtProvider(browser: UserAgent, username: string) {
  const has = (name: string) => browser.page?.body.includes(`name="${name}"`)
  if (has('username')) await browser.submit({ username, password: stack.sandbox.password })
  if (has('SAMLResponse')) await browser.submit({})
}

const company = (look: Company['look']) => {
  const found = stack.sandbox.companies.find((each) => each.look === look)
  if (!found) throw new Error(`no company ${look}`)
  const [person] = found.people
  const colleague = `colleague@${found.domain}`
  if (person) found.people.push({ ...person, id: randomUUID(), objectId: randomUUID(), email: colleague })
  return {
    ...{ company: found.name, domain: found.domain, provider: found.provider },
    ...{ people: [found.account.email, colleague] as Kind['people'], values: { ...found.values } },
    register: (connectorId: string) => found.register(stack.sandbox.logto.endpoint, connectorId),
    url: found.url,
  }
}
const redirectUriOf = (id: string) => [addressesOfConnector(stack.sandbox.logto.endpoint, id).redirectUri]

const kinds: Record<string, () => Promise<Kind>> = {
  async 'Microsoft Entra ID'() {
    const { url, ...entra } = company('entra')
    const shown = await (await fetch(url)).text()
    const issuer = /data-value="tenant_issuer">([^<]+)</.exec(shown)?.[1] ?? ''
    const values = { ...entra.values, issuer }
    const trusting = { ...values, trustUnverifiedEmail: 'true' }
    return {
      ...{ ...entra, values, enter: redirectUriOf },
      wrong: [
        [{ ...trusting, issuer: entra.values.issuer ?? '' }, 'trustUnverifiedEmail'],
        [{ ...values, clientSecret: randomUUID() }, 'clientSecret'],
      ],
      lacking: { outcome: 'no_email', values: trusting },
    }
  },
  async 'Google Workspace'() {
    const domain = 'gray.example'
    const google = await startGoogle({ domain, password: stack.sandbox.password })
    closing.push(google.close)
    const { client, people } = google
    const colleague = `colleague@${domain}`
    if (people[0]) people.push({ ...people[0], id: randomUUID(), email: colleague })
    const { clientId, clientSecret } = client
    return {
      ...{ provider: 'GoogleWorkspace', company: 'Gray', domain, people: [google.email, colleague] },
      register: (id) => client.redirectUris.push(...redirectUriOf(id)),
      ...{ enter: redirectUriOf, values: { clientId, clientSecret } },
      wrong: [
        [{ clientId: 'a-client', clientSecret }, 'clientId'],
        [{ clientId, clientSecret: 'GOCSPX-another' }, 'clientSecret'],
      ],
    }
  },
  async 'a plain OpenID provider'() {
    const { url, ...hooli } = company('openid')
    const { values } = hooli
    return {
      ...{ ...hooli, enter: redirectUriOf },
      wrong: [
        [{ ...values, issuer: `${url}/nothing` }, 'issuer'],
        [{ ...values, clientId: 'another' }, 'clientId'],
        [{ ...values, clientSecret: 'another' }, 'clientSecret'],
      ],
    }
  },
  async 'a SAML provider'() {
    const { url, ...soylent } = company('saml')
    return {
      ...soylent,
      enter(id) {
        const at = addressesOfConnector(stack.sandbox.logto.endpoint, id)
        return [at.assertionConsumerServiceUrl, at.entityId]
      },
      wrong: [
        [{ metadataUrl: `${url}/nothing` }, 'metadataUrl'],
        [{ metadata: '<EntityDescriptor/>' }, 'metadata'],
        [{ entityId: `${url}/metadata`, signInEndpoint: `${url}/sso` }, 'x509Certificate'],
      ],
    }
  },
}
const closing: Array<() => Promise<unknown>> = []

describe.each(Object.keys(kinds))('%s, in the portal, without a script', (what) => {
  afterAll(async () => {
    for (const close of closing.splice(0)) await close()
  })

  it('company, from the invitation to its people’s first sign-in, is connected by its administrator', async () => {
    const kind = await kinds[what]?.()
    if (!kind) return
    const { provider, domain, people } = kind
    const { link } = await stack.invite({ company: kind.company, domains: [domain] })
    const browser = new UserAgent()
    await browser.open(link)
    await browser.submit({ provider })
    const connector = connectorOf(stack, kind.company)
    const { id = '' } = connector ?? {}
    expect(copied(browser.page?.body ?? '')).toEqual(expect.arrayContaining(kind.enter(id)))

    kind.register(id)
    for (const [values, field] of kind.wrong) {
      await enter(browser, values)
      expect([browser.page?.status, wrongField(browser)]).toEqual([422, field])
    }
    expect(connector?.config).toEqual({})
    await enter(browser, kind.values)
    if (kind.lacking) {
      await browser.click('Sign in to try it')
      await signInAtProvider(browser, people[0])
      expect([stageOn(browser), outcomeOn(browser)]).toEqual(['test', kind.lacking.outcome])
      await enter(browser, kind.lacking.values)
    }
    expect(connector).toMatchObject({ domains: [] })
    // The app's people go there no sooner than it is switched on.
    const before = await fetch(`${app.url}/sign-in?login_hint=${people[0]}`, { redirect: 'manual' })
    expect(before.headers.get('location')).not.toContain('direct_sign_in')

    await browser.click('Sign in to try it')
    await signInAtProvider(browser, people[0])
    expect([stageOn(browser), outcomeOn(browser)]).toEqual(['switch_on', 'passed'])
    expect(browser.page?.text).toContain(people[0])
    // Also where the account was made while the address did not count.
    expect(stack.sandbox.tenant.users.map(({ primaryEmail }) => primaryEmail)).toContain(people[0])
    await browser.send(browser.page?.url.concat('/switch-on') ?? '', { version: versionOn(browser) })
    expect(stageOn(browser)).toBe('on')
    expect(connector).toMatchObject({ domains: [domain] })

    for (const email of people) {
      const person = new UserAgent()
      await expect
        .poll(async () => (await person.open(`${app.url}/sign-in?login_hint=${email}`)).url)
        .not.toContain(stack.sandbox.logto.endpoint)
      await signInAtProvider(person, email)
      // By its name, though the app has started without it.
      expect((await person.open(`${app.url}/profile`)).body).toContain(`data-way="${kind.company}"`)
      const page = await person.open(`${app.url}/organizations`)
      expect(page.text).toContain(kind.company)
      expect(page.body).toContain(`data-company="${id}"`)
    }
  })
})

/** Enters these values, and nothing in the other fields: the page shows what was typed before. */
function enter(browser: UserAgent, values: Record<string, string>) {
  const shown = [...(browser.page?.body ?? '').matchAll(/data-field="(\w+)"/g)].map(([, name = '']) => name)
  return browser.submit({ ...Object.fromEntries(shown.map((name) => [name, ''])), ...values })
}
