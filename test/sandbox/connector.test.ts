import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fetchUserInfo } from 'openid-client'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { type SsoConnector, startBlankSandbox } from '../../src/sandbox/index.ts'
import { type Page, UserAgent } from '../support/user-agent.ts'
import { managementOf } from './management-support.ts'
import { atSignIn, EMPLOYEE, having, sandboxForTests, signInWithOkta, toOkta, userOf } from './support.ts'

const context = sandboxForTests()

const connector = () => context.sandbox.tenant.ssoConnectors[0] as SsoConnector
const employee = () => {
  const person = context.sandbox.org.users.find(({ profile }) => profile.login === EMPLOYEE)
  if (!person) throw new Error('the directory has an employee')
  return person
}

/** A browser that has signed in at Okta and holds Okta's answer, not yet followed. */
async function withAnswer() {
  const browser = await atSignIn(context)
  const { url } = await toOkta(browser)
  const sent = await browser.request(url, {
    method: 'POST',
    body: new URLSearchParams({ username: EMPLOYEE, password: context.sandbox.password }),
  })
  const resumed = await browser.request(sent.headers.get('location') ?? '')
  return { browser, answer: new URL(resumed.headers.get('location') ?? '') }
}

const withChanged = (change: Partial<SsoConnector['config']>, run: () => Promise<void>) =>
  having(connector().config, change, run)

/** Calls Logto's Experience API as its own pages do it, in a sign-in that has begun. */
async function experience(browser: UserAgent, method: string, path: string, body: object) {
  const headers = { 'content-type': 'application/json' }
  const url = `${context.sandbox.logto.endpoint}/api/experience${path}`
  return browser.request(url, { method, headers, body: JSON.stringify(body) })
}
/** Asks for the address of Okta that a sign-in through the connector would go on to. */
async function askForAddress(browser: UserAgent) {
  await experience(browser, 'PUT', '', { interactionEvent: 'SignIn' })
  const path = `/verification/sso/${connector().id}/authorization-uri`
  return experience(browser, 'POST', path, { state: 'x', redirectUri: 'http://localhost/' })
}

const broken = () => {
  throw new TypeError('a bug of the sandbox')
}

/** What the sandbox says of itself in the terminal, where nothing else may be. */
function reports(): string[] {
  const lines: string[] = []
  vi.spyOn(console, 'error').mockImplementation((_where, error) => lines.push(String(error)))
  return lines
}

/** As Logto does it: its ordinary sign-in page, and over it a sentence that says little. The operator reads `why`. */
function expectRefused(page: Page, why?: string, toast = 'The request is with wrong input parameter(s).') {
  expect([page.status, new URL(page.url).pathname]).toEqual([200, '/sign-in'])
  expect(page.text).toContain(toast)
  expect(page.text).toContain('Sign in to your account')
  expect(page.body).not.toContain(context.app.url)
  expect(page.body).not.toMatch(/Okta Acme|secret/)
  if (why) expect(context.sandbox.control.connectorFaults.at(-1)?.problem).toContain(why)
}

const UNUSABLE = "The connector's config is invalid."

describe('the answer of the identity provider', () => {
  it.each([
    ['code', 'made-up', 'Okta Acme refused the sign-in: invalid_grant.'],
    ['iss', 'http://localhost:1', 'could not be verified'],
    ['iss', undefined, 'could not be verified'],
    ['code', undefined, 'could not be verified'],
    ['state', 'made-up', undefined],
    ['state', undefined, undefined],
  ])('answer, whose %s is %s, signs nobody in', async (name, value, words) => {
    const { browser, answer } = await withAnswer()
    if (value === undefined) answer.searchParams.delete(name)
    else answer.searchParams.set(name, value)
    const page = await browser.open(answer.href)
    expectRefused(page, words)
    // Seen once: the page, loaded again, is the ordinary one.
    expect((await browser.open(page.url)).text).not.toContain('wrong input')
  })

  it('answer, opened again after it failed, is refused', async () => {
    const { browser, answer } = await withAnswer()
    answer.searchParams.set('code', 'made-up')
    expectRefused(await browser.open(answer.href), 'refused the sign-in')
    const before = context.sandbox.control.connectorFaults.length
    expectRefused(await browser.open(answer.href))
    expect(context.sandbox.control.connectorFaults).toHaveLength(before)
  })

  it('answer, for another connector, is refused', async () => {
    const { browser, answer } = await withAnswer()
    answer.pathname = '/callback/another'
    expectRefused(await browser.open(answer.href))
  })

  it('nonce, not the one sent, is refused', async () => {
    const { browser, answer } = await withAnswer()
    const begun = new UserAgent(browser.jar)
    await begun.open(await context.app.signInUrl())
    await begun.click('Single Sign-On')
    const body = new URLSearchParams({ email: EMPLOYEE })
    const second = await begun.request(begun.page?.url ?? '', { method: 'POST', body })
    const other = new URL(second.headers.get('location') ?? '').searchParams.get('state') ?? ''
    answer.searchParams.set('state', other)
    expectRefused(await browser.open(answer.href), 'could not be verified')
  })

  it('error, whatever its text, is told to the operator alone', async () => {
    const { browser, answer } = await withAnswer()
    answer.searchParams.delete('code')
    answer.searchParams.set('error', 'server_error')
    answer.searchParams.set('error_description', '<script>alert(1)</script>')
    const page = await browser.open(answer.href)
    expectRefused(page, '<script>alert(1)</script>')
    expect(page.body).not.toContain('alert(1)')
    expect((await new UserAgent().open(context.sandbox.logto.endpoint)).body).not.toContain('<script>alert')
  })

  it('secret of the connector, wrong, is told to the operator alone', () =>
    withChanged({ clientSecret: 'wrong' }, async () => {
      const { browser, answer } = await withAnswer()
      expectRefused(await browser.open(answer.href), 'Okta Acme refused the sign-in: invalid_client.')
    }))

  it('issuer, gone when the answer comes, signs nobody in', async () => {
    const { browser, answer } = await withAnswer()
    await withChanged({ issuer: 'http://localhost:9' }, async () =>
      expectRefused(await browser.open(answer.href), 'Okta Acme does not answer.', UNUSABLE),
    )
  })

  it('issuer, that is no address, makes the connector one nobody can use', () =>
    withChanged({ issuer: 'acme' }, async () => {
      const page = await toOkta(await atSignIn(context))
      expect(page.text).toContain('not set up for this email address')
    }))

  it('bug of the sandbox, on the way back, is a failure and no answer of Okta', async () => {
    const { browser, answer } = await withAnswer()
    const reported = reports()
    context.sandbox.tenant.users.find = broken
    const page = await browser.open(answer.href)
    Reflect.deleteProperty(context.sandbox.tenant.users, 'find')
    expect(page.status).toBe(500)
    expect(page.text).toContain('The sandbox itself failed.')
    expect(reported).toEqual(['TypeError: a bug of the sandbox'])
  })

  it('bug of the sandbox, on the way there, is a failure and no answer of Okta', async () => {
    const browser = await atSignIn(context)
    const scope = Object.getOwnPropertyDescriptor(connector().config, 'scope') ?? {}
    Object.defineProperty(connector().config, 'scope', { get: broken, configurable: true })
    const reported = reports()
    const page = await toOkta(browser)
    const asked = await askForAddress(browser)
    Object.defineProperty(connector().config, 'scope', scope)
    expect([page.status, asked.status]).toEqual([500, 500])
    expect(await asked.text()).not.toContain('connector.general')
    expect(reported).toEqual(Array(2).fill('TypeError: a bug of the sandbox'))
  })

  it('issuer, that nobody answers at, is Logto’s connector.general in the Experience API', () =>
    withChanged({ issuer: 'http://localhost:9' }, async () => {
      const response = await askForAddress(await atSignIn(context))
      expect(response.status).toBe(500)
      expect(await response.json()).toMatchObject({ code: 'connector.general' })
    }))

  it('issuer, that does not answer in time, signs nobody in', async () => {
    const browser = await atSignIn(context)
    await browser.click('Single Sign-On')
    const tooLate = AbortSignal.abort(new DOMException('too late', 'TimeoutError'))
    vi.spyOn(AbortSignal, 'timeout').mockReturnValue(tooLate)
    expectRefused(await browser.submit({ email: EMPLOYEE }), 'Okta Acme does not answer.', UNUSABLE)
  })

  it.each([
    ['names another issuer', 'http://localhost:1'],
    ['is none', undefined],
  ])('discovery document, that %s, signs nobody in', async (_what, named) => {
    const { browser, answer } = await withAnswer()
    const { issuer } = context.sandbox.okta
    const document = (await (await fetch(`${issuer}/.well-known/openid-configuration`)).json()) as object
    const elsewhere = createServer((_req, res) => res.end(JSON.stringify({ ...document, issuer: named })))
    await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve))
    const { port } = elsewhere.address() as AddressInfo
    await withChanged({ issuer: `http://127.0.0.1:${port}` }, async () =>
      expectRefused(await browser.open(answer.href), 'could not be verified'),
    )
    await new Promise((resolve) => elsewhere.close(resolve))
  })

  it('connector, removed meanwhile, signs nobody in', async () => {
    const { browser, answer } = await withAnswer()
    const saved = context.sandbox.tenant.ssoConnectors.splice(0)
    expectRefused(await browser.open(answer.href))
    context.sandbox.tenant.ssoConnectors.push(...saved)
  })

  it('issuer, that nobody answers at, is the sign-in page again', () =>
    withChanged({ issuer: 'http://localhost:9' }, async () =>
      expectRefused(await toOkta(await atSignIn(context)), 'does not answer', UNUSABLE),
    ))
})

describe('the email of an enterprise user', () => {
  it.each([
    ['verified', true, false, true],
    ['unverified', false, false, false],
    ['of which nothing is said', undefined, false, false],
    ['of which nothing is said, with trustUnverifiedEmail', undefined, true, true],
    ['unverified, with trustUnverifiedEmail', false, true, false],
  ])('email, %s, counts accordingly', (what, emailVerified, trustUnverifiedEmail, counts) =>
    withChanged({ trustUnverifiedEmail }, async () => {
      const { id, login } = addColleague(what.replaceAll(/\W/g, ''), emailVerified)
      const browser = await atSignIn(context)
      await toOkta(browser)
      const page = await browser.submit({ username: login, password: context.sandbox.password })
      const tokens = await context.app.exchange(page.url)
      const email = counts ? login : null
      expect(tokens.claims()).toMatchObject({ email, email_verified: counts })
      const user = userOf(context, tokens.claims()?.sub)
      expect(user).toMatchObject({ primaryEmail: email, ssoIdentities: [{ identityId: id }] })
      expect(user.ssoIdentities[0]?.detail.email).toBe(email ?? undefined)
    }),
  )

  /** Somebody else of the company, assigned to the app like the employee. */
  function addColleague(name: string, emailVerified: boolean | undefined) {
    const { emailVerified: _known, ...person } = structuredClone(employee())
    const login = `${name}@acme.example`
    const id = `00u${name}`
    context.sandbox.org.users.push({
      ...person,
      id,
      profile: { ...person.profile, login, email: login },
      ...(emailVerified !== undefined && { emailVerified }),
    })
    const [assigned] = context.sandbox.org.assignments.values()
    assigned?.users.add(id)
    return { id, login }
  }
})

describe('who an enterprise user is', () => {
  afterEach(() => {
    for (const { ssoIdentities } of context.sandbox.tenant.users) ssoIdentities.splice(1)
  })

  it('person, with a new subject and the old email, is joined to the account, as at Logto', async () => {
    const first = await signInWithOkta(context)
    const { id } = employee()
    const [assigned] = context.sandbox.org.assignments.values()
    employee().id = '00uSomebodyNewAtAcme'
    assigned?.users.add('00uSomebodyNewAtAcme')
    const second = await signInWithOkta(context)
    employee().id = id
    expect(second.tokens.claims()?.sub).toBe(first.tokens.claims()?.sub)
  })

  it('person, of another company whose connector asserts the email, gets the account of the first', async () => {
    const first = await signInWithOkta(context)
    const other = await startBlankSandbox({ logtoPort: 0, oktaPort: 0 })
    try {
      // What makes the two companies differ: their issuers, and the domain that leads to each.
      const { clientId, clientSecret } = connector().config
      const [app] = context.sandbox.org.apps
      if (!app || !clientId || !clientSecret) throw new Error('the sandbox is wired')
      other.org.apps.push(app)
      const [employeeThere] = other.org.users
      if (!employeeThere) throw new Error('the directory has an employee')
      other.org.assignments.set(app.id, { users: new Set([employeeThere.id]), groups: new Set() })
      const saved = { ...connector() }
      Object.assign(connector(), { config: { issuer: other.okta.issuer, clientId, clientSecret } })
      const browser = await atSignIn(context)
      await toOkta(browser)
      const page = await browser.submit({ username: EMPLOYEE, password: other.password })
      Object.assign(connector(), saved)
      const tokens = await context.app.exchange(page.url)
      const sub = tokens.claims()?.sub ?? ''
      expect(sub).toBe(first.tokens.claims()?.sub)
      const issuers = [context.sandbox.okta.issuer, other.okta.issuer]
      const info = await fetchUserInfo(context.app.configuration, tokens.access_token, sub)
      expect(info).toMatchObject({ sso_identities: issuers.map((issuer) => ({ issuer })) })
      const logto = await managementOf(context.sandbox)
      const { body } = await logto('GET', `/users/${sub}/all-identities`)
      const [mine, theirs] = body.ssoIdentities
      expect([mine, theirs].map(({ ssoIdentity }) => ssoIdentity.issuer)).toEqual(issuers)
      expect(mine.ssoConnectorId).toBe(connector().id)
      const one = await logto('GET', `/users/${sub}/sso-identities/${mine.ssoConnectorId}`)
      expect(one.body).toEqual({ ssoIdentity: mine.ssoIdentity })
      expect((await logto('GET', `/users/${sub}/sso-identities/none`)).status).toBe(404)
      expect((await logto('GET', '/users/nobody/all-identities')).status).toBe(404)
    } finally {
      await other.close()
    }
  })

  it('person, through a connector of an organization for the first time, is a member in its roles', async () => {
    const { tenant } = context.sandbox
    const logto = await managementOf(context.sandbox)
    const { body: organization } = await logto('POST', '/organizations', { name: 'Erin’s' })
    const { body: role } = await logto('POST', '/organization-roles', { name: 'auditor' })
    const jit = `/organizations/${organization.id}/jit`
    await logto('POST', `${jit}/roles`, { organizationRoleIds: [role.id] })
    await logto('POST', `${jit}/email-domains`, { emailDomain: 'acme.example' })
    await signInWithOkta(context)
    const known = tenant.users.splice(0)
    const theirs = async () => {
      const { tokens } = await signInWithOkta(context)
      const sub = tokens.claims()?.sub ?? ''
      const info = await fetchUserInfo(context.app.configuration, tokens.access_token, sub)
      return { claims: tokens.claims() as unknown as Record<string, string[]>, info }
    }
    const before = await theirs()
    await logto('POST', `${jit}/sso-connectors`, { ssoConnectorIds: [connector().id] })
    const after = await theirs()
    tenant.users.length = 0
    const newcomer = await theirs()
    tenant.users.splice(0, 1, ...known)
    // Not by the domain of their email, and not one who was there before.
    for (const { claims } of [before, after]) expect(claims.organizations).not.toContain(organization.id)
    expect(newcomer.claims.organizations).toContain(organization.id)
    expect(newcomer.claims.organization_roles).toContain(`${organization.id}:auditor`)
    expect(newcomer.info.organization_data).toContainEqual({
      ...{ id: organization.id, name: 'Erin’s', description: null },
    })
    await logto('DELETE', `/organizations/${organization.id}`)
  })

  it('newcomer, where the tenant makes no new accounts, is refused, and who is known is not', async () => {
    const { tenant, password } = context.sandbox
    await signInWithOkta(context)
    await having(tenant.signInExperience, { signInMode: 'SignIn' }, async () => {
      await signInWithOkta(context)
      const known = tenant.users.splice(0)
      const browser = await atSignIn(context)
      await toOkta(browser)
      const page = await browser.submit({ username: EMPLOYEE, password })
      expect(page.text).toContain('The enterprise SSO account has not been registered yet.')
      tenant.users.push(...known)
    })
  })

  it('person, with a new email and the old subject, is the same user', async () => {
    const first = await signInWithOkta(context)
    const second = await having(employee().profile, { email: 'married@acme.example' }, () =>
      signInWithOkta(context),
    )
    expect(second.tokens.claims()?.sub).toBe(first.tokens.claims()?.sub)
  })

  it('profile, changed at Okta, follows only where the connector syncs it', async () => {
    const name = async () => (await signInWithOkta(context)).tokens.claims()?.name
    expect(await name()).toBe('Erin Moore')
    employee().profile.displayName = 'Erin Newname'
    expect(await name()).toBe('Erin Moore')
    connector().syncProfile = true
    expect(await name()).toBe('Erin Newname')
    connector().syncProfile = false
    employee().profile.displayName = 'Erin Moore'
  })

  it('avatar, of which Okta says nothing, stays where the connector syncs the profile', async () => {
    const picture = 'https://acme.example/erin.png'
    const { tokens } = await signInWithOkta(context)
    userOf(context, tokens.claims()?.sub).avatar = picture
    const again = await having(connector(), { syncProfile: true }, () => signInWithOkta(context))
    expect(again.tokens.claims()).toMatchObject({ name: 'Erin Moore', picture })
  })

  it('detail of the identity, changed at Okta, is new at the next sign-in', async () => {
    const { tokens } = await having(employee().profile, { firstName: 'Erika' }, () => signInWithOkta(context))
    const sub = tokens.claims()?.sub ?? ''
    const info = await fetchUserInfo(context.app.configuration, tokens.access_token, sub)
    expect(info).toMatchObject({ sso_identities: [{ detail: { givenName: 'Erika' } }] })
  })

  it('user, suspended at Logto, is refused after signing in at Okta', async () => {
    const { tokens } = await signInWithOkta(context)
    await having(userOf(context, tokens.claims()?.sub), { isSuspended: true }, async () => {
      const { browser, answer } = await withAnswer()
      expect((await browser.open(answer.href)).text).toContain('This account is suspended.')
    })
  })
})
