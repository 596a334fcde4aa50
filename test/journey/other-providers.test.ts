import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { selfSigned } from '../../src/sandbox/companies/saml/certificate.ts'
import { responseXml, type Said, signed } from '../../src/sandbox/companies/saml/response.ts'
import type { Company } from '../../src/sandbox/index.ts'
import { type Stack, startStack, UserAgent } from '../support/stack.ts'

let stack: Stack
beforeAll(async () => {
  stack = await startStack({}, { companies: true })
})
afterAll(() => stack.close())

const company = (look: Company['look']): Company => {
  const found = stack.sandbox.companies.find((each) => each.look === look)
  if (!found) throw new Error(`no company has ${look}`)
  return found
}
const connectorOf = ({ name }: Company) => {
  const found = stack.sandbox.tenant.ssoConnectors.find(({ connectorName }) => connectorName === name)
  if (!found) throw new Error(`${name} has no connector`)
  return found
}
const accountOf = ({ name }: Company) => {
  const { id } = connectorOf(
    company(stack.sandbox.companies.find((each) => each.name === name)?.look ?? 'saml'),
  )
  return stack.sandbox.tenant.users.find(({ ssoIdentities }) =>
    ssoIdentities.some(({ ssoConnectorId }) => ssoConnectorId === id),
  )
}

/** From the app's first page to the sign-in page of the company's provider. */
async function toProvider({ url, account }: Company, agent = new UserAgent()) {
  await agent.open(`${stack.url}/`)
  const page = await agent.submit({ login_hint: account.email })
  expect(page.url.startsWith(url)).toBe(true)
  return agent
}

const typePassword = (agent: UserAgent, { account }: Company) =>
  agent.submit({ username: account.email, password: stack.password })

/** A SAML provider's page sends itself on, where there is script. */
const sendOn = (agent: UserAgent, { look }: Company) => (look === 'saml' ? agent.submit() : agent.page)

describe.each(['entra', 'openid', 'saml'] as const)('a company with %s', (look) => {
  it('person, email first, comes back signed in, and is not asked again', async () => {
    const theirs = company(look)
    const agent = await toProvider(theirs)
    await typePassword(agent, theirs)
    await sendOn(agent, theirs)
    expect(agent.page?.body).toContain('data-signed-in="true"')
    const { text } = await agent.open(`${stack.url}/profile`)
    expect(text).toContain(theirs.name)
    const again = agent.newTab()
    await again.open(`${stack.url}/sign-in/${theirs.name.toLowerCase()}`)
    const page = await sendOn(again, theirs)
    expect(page?.body).toContain('data-signed-in="true"')
  })

  it('wrong password, and an account that is off, stay outside', async () => {
    const theirs = company(look)
    const agent = await toProvider(theirs)
    const page = await agent.submit({ username: theirs.account.email, password: 'wrong' })
    expect([page.status, page.url.startsWith(theirs.url)]).toEqual([401, true])
    const [person] = theirs.people
    if (!person) throw new Error('nobody works there')
    person.isActive = false
    expect((await typePassword(agent, theirs)).status).toBe(401)
    person.isActive = true
  })
})

describe('what Logto makes of them', () => {
  it('email, of which Entra says nothing, is none of the account, unless the connector is told to believe it', async () => {
    const theirs = company('entra')
    const connector = connectorOf(theirs)
    const signIn = async () => {
      stack.sandbox.tenant.users.length = 0
      await typePassword(await toProvider(theirs), theirs)
      return accountOf(theirs)
    }
    const { email } = theirs.account
    const detail = (account: ReturnType<typeof accountOf>) => account?.ssoIdentities[0]?.detail
    const account = await signIn()
    expect([account?.primaryEmail, account?.name]).toEqual([null, 'Elena Vance'])
    expect(detail(account)).toMatchObject({
      ...{ unverifiedEmail: email, preferredUsername: email, familyName: 'Vance' },
      ...{ tid: expect.any(String), oid: expect.any(String) },
    })
    expect(detail(account)).not.toHaveProperty('email')
    connector.config.trustUnverifiedEmail = true
    const believed = await signIn()
    connector.config.trustUnverifiedEmail = false
    expect(believed?.primaryEmail).toBe(email)
    expect(detail(believed)).not.toHaveProperty('unverifiedEmail')
  })

  it.each(['openid', 'saml'] as const)('email of %s is the account’s', async (look) => {
    const theirs = company(look)
    const agent = await toProvider(theirs)
    await typePassword(agent, theirs)
    await sendOn(agent, theirs)
    const account = accountOf(theirs)
    expect(account?.primaryEmail).toBe(theirs.account.email)
    expect(account?.ssoIdentities).toMatchObject([
      { issuer: theirs.issuer, identityId: theirs.people[0]?.id },
    ])
  })
})

describe('a sign-in that begins at the SAML provider', () => {
  const atLogto = (path = '') => stack.sandbox.logto.endpoint + path

  it('person, from the company’s own page, is signed in to the app without a second question', async () => {
    const soylent = company('saml')
    const agent = new UserAgent()
    await agent.open(`${soylent.url}/`)
    await agent.click('Open the app')
    await typePassword(agent, soylent)
    const page = await agent.submit()
    expect(page.body).toContain('data-signed-in="true"')
    expect(page.hops.filter((hop) => hop.startsWith(soylent.url))).toEqual([])
    expect(page.hops).toContain(`${stack.url}/sign-in/soylent?ssoConnectorId=${connectorOf(soylent).id}`)
  })

  it('answer, nobody asked for it, counts for nothing where the connector is not set up for that', async () => {
    const soylent = company('saml')
    const { id } = connectorOf(soylent)
    const { idpInitiatedAuth } = stack.sandbox.tenant
    const config = idpInitiatedAuth.get(id)
    idpInitiatedAuth.delete(id)
    const agent = new UserAgent()
    await agent.open(`${soylent.url}/start`)
    await typePassword(agent, soylent)
    expect((await agent.submit()).status).toBe(404)
    if (config) idpInitiatedAuth.set(id, config)
  })

  it('connector, set up so, has Logto begin the sign-in; the app refuses what it has not begun', async () => {
    const soylent = company('saml')
    const { id } = connectorOf(soylent)
    const config = stack.sandbox.tenant.idpInitiatedAuth.get(id)
    if (!config) throw new Error('the sandbox sets it up')
    config.autoSendAuthorizationRequest = true
    const agent = new UserAgent()
    await agent.open(`${soylent.url}/start`)
    await typePassword(agent, soylent)
    const page = await agent.submit()
    config.autoSendAuthorizationRequest = false
    expect(page.hops.some((hop) => hop.startsWith(`${stack.url}/callback?code=`))).toBe(true)
    expect(page.body).toContain('data-signed-in="false"')
    expect(page.hops.filter((hop) => hop.startsWith(atLogto('/oidc/auth?')))).toHaveLength(1)
  })
})

describe('assertions that count for nothing', () => {
  /** Where the browser is to post to, and what, for a sign-in of somebody's that has got as far as the provider. */
  async function atAnswer() {
    const soylent = company('saml')
    const agent = await toProvider(soylent)
    await typePassword(agent, soylent)
    const { body } = agent.page ?? { body: '' }
    const field = (name: string) => new RegExp(`name="${name}" value="([^"]*)"`).exec(body)?.[1] ?? ''
    const xml = Buffer.from(field('SAMLResponse'), 'base64').toString()
    const attribute = (name: string) => new RegExp(` ${name}="([^"]*)"`).exec(xml)?.[1] ?? ''
    const { id } = connectorOf(soylent)
    const said: Said = {
      issuer: soylent.issuer,
      audience: `${stack.sandbox.logto.endpoint}/enterprise-sso/${id}`,
      recipient: `${stack.sandbox.logto.endpoint}/api/authn/single-sign-on/saml/${id}`,
      inResponseTo: attribute('InResponseTo'),
      nameId: soylent.people[0]?.id ?? '',
      attributes: { email: soylent.account.email },
    }
    return { agent, soylent, xml, said, relayState: field('RelayState') }
  }
  const credentialOf = async ({ credential }: Company) => {
    if (!credential) throw new Error('the company has SAML')
    return credential()
  }
  const post = async (
    agent: UserAgent,
    { recipient }: Said,
    fields: { SAMLResponse: string; RelayState?: string },
  ) => {
    const response = await agent.request(recipient, { method: 'POST', body: new URLSearchParams(fields) })
    const text = await response.text()
    if (response.status !== 302) return [response.status, JSON.parse(text).code]
    return [302, response.headers.get('location') ?? '']
  }
  const REFUSED = [401, 'connector.authorization_failed']
  const problem = () => stack.sandbox.control.connectorFaults.at(-1)?.problem

  const FORGERIES: Record<string, [change: (said: Said) => Partial<Said>, why: string]> = {
    'for another audience': [() => ({ audience: 'https://other.example' }), 'ERR_AUDIENCE'],
    'for another address': [() => ({ recipient: 'https://other.example' }), 'ERR_RECIPIENT'],
    'of another provider': [() => ({ issuer: 'https://other.example' }), 'ERR_UNMATCH_ISSUER'],
    'for another request': [() => ({ inResponseTo: '_another' }), 'ERR_IN_RESPONSE_TO'],
    'for no request': [() => ({ inResponseTo: undefined }), 'ERR_IN_RESPONSE_TO'],
    'an hour old': [() => ({ issuedAt: Date.now() - 3_600_000 }), 'ERR_SUBJECT_UNCONFIRMED'],
    'an hour from now': [() => ({ issuedAt: Date.now() + 3_600_000 }), 'ERR_SUBJECT_UNCONFIRMED'],
    'of nobody': [() => ({ nameId: '' }), 'ERR_INCOMPLETE_ASSERTION'],
  }

  it.each(Object.keys(FORGERIES))('assertion, %s, is refused, and the sign-in goes on', async (name) => {
    const [change, why] = FORGERIES[name] ?? []
    const { agent, soylent, said, relayState } = await atAnswer()
    const wrong = await signed(responseXml({ ...said, ...change?.(said) }), await credentialOf(soylent))
    expect(await post(agent, said, { SAMLResponse: wrong, RelayState: relayState })).toEqual(REFUSED)
    expect(problem()).toContain(why)
    expect((await agent.submit()).body).toContain('data-signed-in="true"')
  })

  it('assertion, not signed, signed by a stranger, or changed afterwards, is refused', async () => {
    const { agent, soylent, said, xml, relayState } = await atAnswer()
    const stranger = await selfSigned('Soylent')
    const { certificate } = await credentialOf(soylent)
    const changed = xml.replace(said.nameId, 'somebody-else')
    expect(changed).not.toBe(xml)
    const base64 = (text: string) => Buffer.from(text).toString('base64')
    const wrong = [
      base64(responseXml(said)),
      await signed(responseXml(said), stranger),
      // Under the provider's certificate, too.
      await signed(responseXml(said), { ...stranger, certificate }),
      base64(changed),
      base64(`<!DOCTYPE x [<!ENTITY e "x">]>${xml}`),
      base64('<a'),
      'nonsense',
    ]
    for (const SAMLResponse of wrong)
      expect(await post(agent, said, { SAMLResponse, RelayState: relayState })).toEqual(REFUSED)
    expect((await agent.submit()).body).toContain('data-signed-in="true"')
  })

  interface Parts {
    /** The signed assertion, its signature, and the assertion without it. */
    genuine: string
    signature: string
    unsigned: string
    evil: string
  }
  const within = (text: string, tag: string, added: string) => text.replace(tag, tag + added)
  /** Signature wrapping, by what stands in the genuine assertion's place (Somorovsky et al., “On Breaking SAML”). */
  const WRAPPINGS: Record<string, (parts: Parts) => string> = {
    'behind a forged one': ({ evil, genuine }) => evil + genuine,
    'before a forged one': ({ evil, genuine }) => genuine + evil,
    'of which only the signature is left': ({ evil, signature }) => within(evil, '</saml:Issuer>', signature),
    'in a forged one': ({ evil, genuine }) =>
      evil.replace('</saml:Assertion>', `${genuine}</saml:Assertion>`),
    'behind a forged one with its signature': ({ evil, signature, unsigned }) =>
      within(evil, '</saml:Issuer>', signature) + unsigned,
    'in its own signature, in a forged one': ({ evil, signature, unsigned }) =>
      within(
        evil,
        '</saml:Issuer>',
        signature.replace('</ds:Signature>', `<ds:Object>${unsigned}</ds:Object></ds:Signature>`),
      ),
    'in extensions before a forged one': ({ evil, genuine }) =>
      `<samlp:Extensions>${genuine}</samlp:Extensions>${evil}`,
    'in the confirmation of a forged one': ({ evil, genuine }) =>
      evil.replace(
        /<saml:SubjectConfirmationData([^>]*)\/>/,
        `<saml:SubjectConfirmationData$1>${genuine}</saml:SubjectConfirmationData>`,
      ),
  }

  it.each(Object.keys(WRAPPINGS))('assertion, %s, signs in nobody but whom it is of', async (name) => {
    const { agent, said, xml, relayState, soylent } = await atAnswer()
    const assertionIn = (text: string) => /<saml:Assertion .*<\/saml:Assertion>/s.exec(text)?.[0] ?? ''
    const genuine = assertionIn(xml)
    const signature = /<ds:Signature.*<\/ds:Signature>/s.exec(genuine)?.[0] ?? ''
    const parts: Parts = {
      ...{ genuine, signature, unsigned: genuine.replace(signature, '') },
      evil: assertionIn(responseXml({ ...said, nameId: 'somebody-else' })),
    }
    const text = xml.replace(genuine, () => WRAPPINGS[name]?.(parts) ?? '')
    expect(text).toContain('somebody-else')
    const SAMLResponse = Buffer.from(text).toString('base64')
    stack.sandbox.tenant.users.length = 0
    const [status, next] = await post(agent, said, { SAMLResponse, RelayState: relayState })
    // A forged one beside the genuine may stand there unread.
    if (status === 302) await agent.open(next)
    else expect(status).toBe(401)
    const { id } = connectorOf(soylent)
    await agent.open(`${stack.url}/sign-in/soylent`)
    await agent.submit()
    const identities = stack.sandbox.tenant.users.flatMap(({ ssoIdentities }) => ssoIdentities)
    expect(identities.map(({ identityId, ssoConnectorId }) => [identityId, ssoConnectorId])).toEqual([
      [said.nameId, id],
    ])
  })

  it('assertion, sent twice, counts once; in another browser, never', async () => {
    const { agent, said, xml, relayState } = await atAnswer()
    const fields = { SAMLResponse: Buffer.from(xml).toString('base64'), RelayState: relayState }
    const stranger = new UserAgent()
    expect(await post(agent, said, fields)).toEqual([302, expect.any(String)])
    expect(await post(agent, said, fields)).toEqual([404, 'session.connector_validation_session_not_found'])
    const { said: later, relayState: next } = await atAnswer()
    expect(await post(stranger, later, { ...fields, RelayState: next })).toEqual(REFUSED)
  })

  it('assertion without a request, sent twice, counts once', async () => {
    const { agent, soylent, said } = await atAnswer()
    const unasked = responseXml({ ...said, inResponseTo: undefined })
    const SAMLResponse = await signed(unasked, await credentialOf(soylent))
    expect(await post(agent, said, { SAMLResponse })).toEqual([302, expect.any(String)])
    expect(await post(agent, said, { SAMLResponse })).toEqual(REFUSED)
    expect(problem()).toContain('ERR_REPLAY')
    const answer = await signed(responseXml(said), await credentialOf(soylent))
    expect(await post(agent, said, { SAMLResponse: answer }), 'an answer that was asked for').toEqual(REFUSED)
  })

  it('connector, of another kind or none, takes no assertion', async () => {
    const { agent, said, relayState } = await atAnswer()
    const at = (id: string) => ({ ...said, recipient: said.recipient.replace(/[^/]*$/, id) })
    const fields = { SAMLResponse: 'x', RelayState: relayState }
    expect(await post(agent, at('nope'), fields)).toEqual([404, 'entity.not_exists_with_id'])
    const { id } = connectorOf(company('openid'))
    expect(await post(agent, at(id), fields)).toEqual([400, 'connector.unexpected_type'])
    expect(await post(agent, said, { SAMLResponse: '' })).toEqual([400, 'guard.invalid_input'])
  })
})
