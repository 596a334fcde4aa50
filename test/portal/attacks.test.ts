import type { RequestListener } from 'node:http'
import express from 'express'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { readCompanies, removeCompany, writeCompany } from '../../src/companies/index.ts'
import { guardedFetch, mayCall } from '../../src/portal/guarded-fetch.ts'
import { loadPortalConfig } from '../../src/portal/index.ts'
import { openInvitation } from '../../src/portal/invitations/admission.ts'
import { advance, invitations } from '../../src/portal/invitations/invitation.ts'
import { invitationSeal } from '../../src/portal/invitations/seal.ts'
import { applicationByHand, type PortalStack, secret, startPortalStack } from '../support/portal-stack.ts'
import { UserAgent } from '../support/user-agent.ts'
import { connectorOf as connectorAt, listeners, outcomeOn, stageOn, versionOn, wrongField } from './pages.ts'

let stack: PortalStack
let companies = 0
const { listening, servers } = listeners()
beforeAll(async () => {
  stack = await startPortalStack()
})
afterAll(() => stack?.close())

const connectorOf = (name: string) => connectorAt(stack, name)

/** A new company whose administrator has come as far as that; domains are Initech's own where people are to come back. */
async function begun({
  domains = [`company-${companies}.example`],
  provider = 'OIDC',
  goodFor = 60_000,
} = {}) {
  companies += 1
  const name = `Company ${companies}`
  const { id, link } = await stack.invite({ company: name, domains, goodFor })
  const browser = new UserAgent()
  await browser.open(link)
  if (provider) await browser.submit({ provider })
  const at = `${stack.url}/setup/${id}`
  const redirectUri = `${stack.sandbox.logto.endpoint}/callback/${connectorOf(name)?.id}`
  return { name, id, link, browser, at, redirectUri }
}

describe('an invitation', () => {
  it('link, changed or sealed by somebody else, opens nothing', async () => {
    const { id, link } = await stack.invite({ company: 'Sealed', domains: ['sealed.example'] })
    const invited = { id, company: 'Sealed', domains: ['sealed.example'], expiresAt: Date.now() + 60_000 }
    const foreign = await invitationSeal([`${secret}x`]).seal(invited)
    // A secret that has been replaced opens what it has sealed.
    const rotated = invitationSeal([`${secret}x`, secret])
    expect(await rotated.open(new URL(link).searchParams.get('key') ?? '')).toMatchObject({ id })
    const cut = link.replace(/.*key=/, '').replace(/.$/, '')
    for (const key of [cut, foreign, '', 'x', `${'a.'.repeat(4)}a`]) {
      const page = await new UserAgent().open(`${stack.url}/invitation?${new URLSearchParams({ key })}`)
      expect([page.status, page.headers.get('set-cookie')], key).toEqual([403, null])
    }
  })

  it('link, past its time or revoked, is 410, and so is the page that was opened before', async () => {
    const { at, browser, id, link } = await begun({ provider: '', goodFor: 60_000 })
    const waysOn = ({ body }: { body: string }) => /data-way/.test(body)
    const ended = { id, company: 'x', domains: [], expiresAt: Date.now() - 2000 }
    const over = await invitationSeal([secret]).seal(ended)
    expect((await new UserAgent().open(`${stack.url}/invitation?key=${over}`)).status).toBe(410)
    // There is no page here for somebody without an invitation, and the page leads to none.
    expect(waysOn(await new UserAgent().open(`${stack.url}/invitation?key=${over}`))).toBe(false)
    expect(waysOn(await browser.open(`${stack.url}/invitation?key=${over}`))).toBe(true)
    await browser.click('Home page')
    expect(browser.page?.url).toBe(at)
    await stack.revoke(id)
    expect((await new UserAgent().open(link)).status).toBe(410)
    expect((await browser.open(at)).status).toBe(410)
    expect(waysOn(await browser.open(at))).toBe(false)
    expect((await browser.send(`${at}/provider`, { version: '0', provider: 'OIDC' })).status).toBe(410)
  })

  it('cookie, of a portal at an https address, is sent by https alone', async () => {
    const { link } = await begun({ provider: '' })
    const config = { ...stack.config, baseUrl: 'https://portal.example' }
    const app = express().use(openInvitation({ config, place: stack.place, seal: invitationSeal([secret]) }))
    const url = await listening(app)
    const opened = await fetch(url + new URL(link).search, { redirect: 'manual' })
    expect(opened.headers.get('set-cookie')).toContain('; Secure')
  })

  it('invitation, past its time with a connector begun, goes on there with a new link', async () => {
    const { name, id, link } = await begun()
    const [over] = (await invitations(stack.place)).filter((each) => each.id === id)
    const connector = connectorOf(name)
    if (over) await advance(stack.place, over, { expiresAt: Date.now() - 1 })
    await expect(stack.invite({ company: name, domains: ['others.example'] })).rejects.toThrow('--revoke')
    const again = await stack.invite({ company: name, domains: [] })
    expect(again.link).not.toBe(link)
    const browser = new UserAgent()
    await browser.open(again.link)
    expect([browser.page?.url, stageOn(browser)]).toEqual([`${stack.url}/setup/${id}`, 'connect'])
    expect(connectorOf(name)).toBe(connector)
    // Until then nobody else is invited in its place.
    await expect(stack.invite({ company: name, domains: ['others.example'] })).rejects.toThrow('→')
  })

  it('invitation, revoked with a connector begun, takes that away, and one switched on stays', async () => {
    const { name, id } = await begun()
    expect(connectorOf(name)).toBeDefined()
    const [seen] = (await invitations(stack.place)).filter((each) => each.id === id)
    await stack.revoke(id)
    expect(connectorOf(name)).toBeUndefined()
    // Nor does a step come through that had begun when it was revoked.
    const version = (seen?.version ?? 0) + 1
    await expect(advance(stack.place, { id, version }, {})).rejects.toMatchObject({ status: 409 })
  })

  it('cookie, of one invitation, opens no other: neither its page nor its steps', async () => {
    const mine = await begun()
    const theirs = await begun()
    const [cookie] = await mine.browser.jar.getCookies(mine.at)
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'lax' })
    // Nor does it open its own invitation under another name.
    const renamed = { headers: { cookie: `portal_invitation_another=${cookie?.value}` } }
    expect((await fetch(`${stack.url}/`, { ...renamed, redirect: 'manual' })).status).toBe(200)
    for (const [path, method] of [
      ['', 'GET'],
      ['/test', 'GET'],
      ['/provider', 'POST'],
      ['/connect', 'POST'],
      ['/switch-on', 'POST'],
    ] as const) {
      const asked = await fetch(theirs.at + path, {
        ...{ method, redirect: 'manual' },
        // Its own cookie under the other's name is what a curious administrator tries.
        headers: { cookie: `portal_invitation_${theirs.id}=${cookie?.value}`, origin: stack.url },
      })
      expect([path, asked.status]).toEqual([path, 403])
      expect(await asked.text()).not.toContain(theirs.name)
    }
    expect((await mine.browser.open(theirs.at)).status).toBe(403)
  })

  it.each([
    ['a public domain', { company: 'A', domains: ['gmail.com'] }],
    ['no domain', { company: 'A', domains: [] }],
    ['what is no domain', { company: 'A', domains: ['nonsense'] }],
    ['no name', { company: ' ', domains: ['a.example'] }],
    ['a name in two lines', { company: 'A\nB', domains: ['a.example'] }],
    ['a name without end', { company: 'A'.repeat(101), domains: ['a.example'] }],
    ['the name of a connector', { company: 'Taken', domains: ['a.example'] }],
    ['a domain of a connector', { company: 'A', domains: ['taken.example'] }],
    ['a domain of a connector, in capitals', { company: 'A', domains: ['TAKEN.example'] }],
    ['a domain of another invitation', { company: 'A', domains: ['invited.example'] }],
    ['the name of another invitation', { company: 'Invited', domains: ['a.example'] }],
  ])('invitation, for %s, is refused', async (_what, who) => {
    stack.sandbox.tenant.ssoConnectors.push({
      ...{ tenantId: stack.sandbox.tenant.id, id: 'taken', providerName: 'Okta', connectorName: 'Taken' },
      ...{ config: {}, domains: ['taken.example'], branding: {}, syncProfile: false },
      ...{ enableTokenStorage: false, createdAt: 0 },
    })
    const { id } = await stack.invite({ company: 'Invited', domains: ['invited.example'] })
    await expect(stack.invite(who)).rejects.toThrow('→')
    await stack.revoke(id)
    stack.sandbox.tenant.ssoConnectors.pop()
  })
})

describe('a form of the portal', () => {
  it.each([
    ['from another site', { origin: 'https://elsewhere.example', 'sec-fetch-site': 'cross-site' }],
    ['from another origin of this site', { 'sec-fetch-site': 'same-site' }],
    ['from nobody knows where', { origin: 'null' }],
  ])('form, %s, changes nothing', async (_what, headers: Record<string, string>) => {
    const { at, browser, id } = await begun({ provider: '' })
    const cookie = await browser.cookieHeader(at)
    for (const step of ['provider', 'connect', 'switch-on']) {
      const body = new URLSearchParams({ provider: 'OIDC', version: '0' })
      const answer = await fetch(`${at}/${step}`, { method: 'POST', headers: { ...headers, cookie }, body })
      expect([step, answer.status]).toEqual([step, 403])
    }
    const [found] = (await invitations(stack.place)).filter((each) => each.id === id)
    expect(found?.version).toBe(0)
  })

  it('form, sent twice or from an older page, is 409 and does nothing', async () => {
    const { at, browser, name } = await begun({ provider: '' })
    const form = { provider: 'OIDC', version: versionOn(browser) }
    await browser.send(`${at}/provider`, form)
    expect(stageOn(browser)).toBe('connect')
    const { id } = connectorOf(name) ?? {}
    expect((await browser.send(`${at}/provider`, { ...form, provider: 'Okta' })).status).toBe(409)
    expect((await browser.send(`${at}/provider`, { provider: 'Okta' })).status).toBe(409)
    expect((await browser.send(`${at}/connect`, { ...form, issuer: stack.company.okta })).status).toBe(409)
    expect(connectorOf(name)?.id).toBe(id)
  })

  it('provider, that nobody knows, is 422 and makes no connector', async () => {
    const { at, browser, name } = await begun({ provider: '' })
    for (const provider of ['Onelogin', 'constructor', '']) {
      await browser.send(`${at}/provider`, { provider, version: versionOn(browser) })
      expect(browser.page?.status).toBe(422)
    }
    expect(connectorOf(name)).toBeUndefined()
  })

  it('provider, another one chosen, takes the first one’s connector away', async () => {
    const { at, browser, name } = await begun()
    const first = connectorOf(name)?.id
    await browser.send(`${at}/provider`, { provider: 'SAML', version: versionOn(browser) })
    const made = stack.sandbox.tenant.ssoConnectors.filter((each) => each.connectorName === name)
    expect(made.map(({ providerName }) => providerName)).toEqual(['SAML'])
    expect(made[0]?.id).not.toBe(first)
  })

  it('connector, that has the company’s name and is not its own, stays as it is', async () => {
    const { at, browser, name } = await begun({ provider: '' })
    const { ssoConnectors } = stack.sandbox.tenant
    const theirs = {
      id: 'theirs',
      connectorName: name,
      providerName: 'OIDC' as const,
      config: { clientId: 'theirs' },
    }
    ssoConnectors.push({ ...(ssoConnectors[0] as (typeof ssoConnectors)[number]), ...theirs, domains: [] })
    await browser.send(`${at}/provider`, { provider: 'OIDC', version: versionOn(browser) })
    expect([browser.page?.status, connectorOf(name)?.id]).toEqual([409, 'theirs'])
    ssoConnectors.pop()
  })

  it('administrators, two at the same moment, make one connector', async () => {
    const { at, browser, name } = await begun({ provider: '' })
    const form = { provider: 'OIDC', version: versionOn(browser) }
    const other = browser.newTab()
    const pages = await Promise.all([browser, other].map((each) => each.send(`${at}/provider`, form)))
    expect(pages.map(({ status }) => status).sort()).toEqual([200, 409])
    expect(stack.sandbox.tenant.ssoConnectors.filter((each) => each.connectorName === name)).toHaveLength(1)
  })

  it('step, before its time, is refused', async () => {
    const { at, browser, name } = await begun()
    expect((await browser.open(`${at}/test`)).status).toBe(409)
    expect((await browser.send(`${at}/switch-on`, { version: '2' })).status).toBe(409)
    expect(connectorOf(name)?.domains).toEqual([])
  })

  it('tries, more than a person makes, are 429', async () => {
    const { at, browser } = await begun()
    const statuses = []
    for (let tries = 0; tries < 25; tries += 1)
      statuses.push((await browser.send(`${at}/connect`, { version: versionOn(browser) || '2' })).status)
    expect(statuses[0]).toBe(422)
    expect(statuses.at(-1)).toBe(429)
  })

  const ofThePackage = [
    '/sign-up',
    '/sign-out',
    '/webhooks/logto',
    '/sign-in/initech',
    '/global-token-revocation',
  ]
  it.each(ofThePackage)('address %s, of the package, is none of the portal', async (path) => {
    expect((await fetch(stack.url + path, { redirect: 'manual' })).status).toBe(404)
  })
})

describe('a provider that answers nonsense', () => {
  const document = (at: string, more: object = {}) =>
    JSON.stringify({
      ...{ issuer: at, authorization_endpoint: `${at}/auth`, token_endpoint: `${at}/token` },
      ...{ jwks_uri: `${at}/keys`, userinfo_endpoint: `${at}/me`, ...more },
    })

  it.each<[string, (at: () => string) => RequestListener]>([
    ['that is a page', () => (_req, res) => res.end('<h1>Hello</h1>')],
    ['of the wrong types', () => (_req, res) => res.end('{"issuer":1,"token_endpoint":[]}')],
    ['of another issuer', () => (_req, res) => res.end(document('https://other.example'))],
    ['that is far too long', () => (_req, res) => res.end('x'.repeat(2_000_000))],
    ['that never ends', () => (_req, res) => void res.write('{')],
    ['that leads elsewhere', (at) => (_req, res) => void res.writeHead(302, { location: `${at()}/x` }).end()],
    [
      'with http beyond this machine',
      (at) => (_req, res) => res.end(document(at(), { jwks_uri: 'http://10.0.0.1/' })),
    ],
    [
      'with no address',
      (at) => (_req, res) => res.end(document(at(), { userinfo_endpoint: 'file:///etc/passwd' })),
    ],
  ])(
    'provider, with an answer %s, is refused at its field, and Logto hears nothing',
    async (_what, answer) => {
      const { at, browser, name } = await begun()
      let url = ''
      url = await listening(answer(() => url))
      const fields = { issuer: url, clientId: 'a-client', clientSecret: 'a-very-secret-value' }
      const page = await browser.submit(fields)
      expect(page.status).toBe(422)
      expect(page.body).toMatch(/name="issuer"[^>]*aria-invalid="true"/)
      expect(page.body).toContain(`value="${url}"`)
      expect(page.body).not.toContain(fields.clientSecret)
      expect(connectorOf(name)?.config).toEqual({})
      expect((await browser.open(at)).body).not.toContain(fields.clientSecret)
    },
  )

  const bombs = Array.from({ length: 9 }, (_, at) => `<!ENTITY e${at + 1} "${`&e${at};`.repeat(10)}">`)
  it.each([
    ['grow', `<!DOCTYPE x [<!ENTITY e0 "ha">${bombs.join('')}]><EntityDescriptor entityID="&e9;"/>`],
    [
      'name a file',
      '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><EntityDescriptor>&f;</EntityDescriptor>',
    ],
  ])(
    'SAML metadata, with entities that %s, is refused at its field, from an address and pasted',
    async (_what, xml) => {
      const { browser, name } = await begun({ provider: 'SAML' })
      const metadataUrl = await listening((_req, res) => res.end(xml))
      for (const values of [
        { metadataUrl, metadata: '' },
        { metadataUrl: '', metadata: xml },
      ]) {
        const { status, body } = await browser.submit(values)
        const [field] = Object.entries(values).find(([, value]) => value !== '') ?? []
        expect([status, wrongField(browser)]).toEqual([422, field])
        expect(body).not.toContain('root:')
      }
      expect(connectorOf(name)?.config).toEqual({})
    },
  )

  it('client, unknown or with a wrong secret or redirect URI, is refused at what is wrong', async () => {
    const { browser, redirectUri, name } = await begun({ provider: 'Okta' })
    const good = await applicationByHand(stack, redirectUri)
    const elsewhere = await applicationByHand(stack, 'https://elsewhere.example/')
    const issuer = stack.company.okta
    await browser.submit({ issuer, ...good, clientId: '0oaUnknown' })
    expect(wrongField(browser)).toBe('clientId')
    await browser.submit({ issuer, ...good, clientSecret: 'x'.repeat(40) })
    expect(wrongField(browser)).toBe('clientSecret')
    const page = await browser.submit({ issuer, ...elsewhere })
    expect(page.body.split('data-refused')[1]?.split('</section>')[0]).toContain(redirectUri)
    // Another company has that provider; whose it is is not said.
    await writeCompany(stack.place, { id: 'others', name: 'Others', issuer, domains: ['others.example'] })
    expect((await browser.submit({ issuer, ...good })).status).toBe(422)
    expect(browser.page?.body).not.toContain('Others')
    await removeCompany(stack.place, 'others')
    expect(connectorOf(name)?.config).toEqual({})
  })
})

describe('a test sign-in', () => {
  /** An Okta company that has entered its values. */
  async function connected(domains: string[]) {
    const all = await begun({ provider: 'Okta', domains })
    const client = await applicationByHand(stack, all.redirectUri)
    await all.browser.submit({ issuer: stack.company.okta, ...client })
    expect(stageOn(all.browser)).toBe('test')
    return { ...all, client }
  }
  /** One company at a time can have the one Okta. */
  let clean = async () => {}
  beforeEach(() => {
    clean = async () => {}
  })
  afterEach(() => clean())

  it('test, of somebody with an address of another domain, does not count', async () => {
    const { browser, at, id, name } = await connected([stack.company.domain])
    clean = async () => void (await stack.revoke(id))
    await browser.click('Sign in to try it')
    await browser.submit({ username: 'visitor@partner.example', password: stack.sandbox.password })
    expect([stageOn(browser), outcomeOn(browser)]).toEqual(['test', 'foreign_email'])
    await browser.send(`${at}/switch-on`, { version: versionOn(browser) })
    expect(browser.page?.status).toBe(409)
    expect(connectorOf(name)?.domains).toEqual([])
  })

  it('test, by another way than the provider or as an account of somebody else, does not count', async () => {
    const { browser, at, id } = await connected([stack.company.domain])
    clean = async () => void (await stack.revoke(id))
    const begins = await fetch(`${at}/test`, {
      ...{ headers: { cookie: await browser.cookieHeader(at) }, redirect: 'manual' },
    })
    const returnTo = new URL(begins.headers.get('location') ?? '').searchParams.get('return_to') ?? ''
    // Nor does a sign-in count that ends at the address of a test that nobody has begun.
    const madeUp = new URLSearchParams({ return_to: returnTo.replace(/[^/]+$/, 'made-up') })
    const login = await browser.open(`${stack.url}/sign-in?${madeUp}`)
    await browser.open(login.url.replace('/sign-in', '/register'))
    await browser.submit({ username: 'somebody', password: 'a-password-of-the-tests-1' })
    expect([stageOn(browser), outcomeOn(browser)]).toEqual(['test', undefined])
    await browser.open(stack.url + returnTo)
    expect([stageOn(browser), outcomeOn(browser)]).toEqual(['test', 'another_way'])

    const { administrator: username } = stack.company
    const signIn = async () => {
      await browser.click(/Try once more/)
      if (browser.page?.body.includes('name="username"'))
        await browser.submit({ username, password: stack.sandbox.password })
      // Logto asks the browser to leave the account of before, by a form that a script would send.
      if (browser.page?.body.includes('Submitting Callback')) await browser.submit({})
      return outcomeOn(browser)
    }
    expect(await signIn()).toBe('passed')
    const account = stack.sandbox.tenant.users.find(({ primaryEmail }) => primaryEmail === username)
    Object.assign(account ?? {}, { primaryEmail: 'owner@elsewhere.example' })
    expect([await signIn(), stageOn(browser)]).toEqual(['foreign_account', 'test'])
    Object.assign(account ?? {}, { primaryEmail: username })
  })

  it('test, its address opened again or with values changed since, is no test', async () => {
    const { browser, at, id, client } = await connected([stack.company.domain])
    clean = async () => void (await stack.revoke(id))
    await browser.click('Sign in to try it')
    const page = await browser.submit({
      username: stack.company.administrator,
      password: stack.sandbox.password,
    })
    expect(stageOn(browser)).toBe('switch_on')
    const tested = page.hops.find((hop) => hop.includes('/tested/')) ?? ''
    await browser.send(`${at}/connect`, {
      version: versionOn(browser),
      issuer: stack.company.okta,
      ...client,
    })
    expect(stageOn(browser)).toBe('test')
    await browser.open(tested)
    expect(stageOn(browser)).toBe('test')
    // Nobody is signed in at the portal for longer than the test.
    expect(browser.page?.body).toContain('data-signed-in="false"')
  })

  it('draft, before it is switched on, is known to the app and speaks for no domain', async () => {
    const { id, name } = await connected([stack.company.domain])
    clean = async () => void (await stack.revoke(id))
    const known = async () => (await readCompanies(stack.place)).companies.find((each) => each.name === name)
    expect(await known()).toMatchObject({ issuer: stack.company.okta, domains: [] })
    await stack.revoke(id)
    expect(await known()).toBeUndefined()
    clean = async () => {}
  })
})

const env = {
  ...{ LOGTO_ENDPOINT: 'https://logto.example', LOGTO_M2M_APP_ID: 'id', LOGTO_M2M_APP_SECRET: 'secret' },
  ...{ PORTAL_SECRET: secret, REDIS_URL: 'rediss://redis.example', BASE_URL: 'https://app.example' },
}

describe('the settings of the portal', () => {
  const good = { ...env, PORTAL_BASE_URL: 'https://portal.example', NODE_ENV: 'production' }
  it.each([
    ['LOGTO_ENDPOINT', undefined],
    ['LOGTO_M2M_APP_ID', undefined],
    ['LOGTO_M2M_APP_SECRET', undefined],
    ['PORTAL_SECRET', undefined],
    ['PORTAL_SECRET', 'too short'],
    ['PORTAL_BASE_URL', 'http://portal.example'],
    ['PORTAL_BASE_URL', undefined],
  ])('setting %s, as %s in production, is named with its fix', (name, value) => {
    expect(loadPortalConfig(good).baseUrl).toBe('https://portal.example')
    expect(() => loadPortalConfig({ ...good, [name]: value })).toThrow(
      expect.objectContaining({ faults: [expect.objectContaining({ setting: name })] }),
    )
  })
})

describe('what the portal calls', () => {
  const production = { production: true, proxyFor: undefined }
  const development = { production: false, proxyFor: undefined }

  it.each([
    ...['http://idp.example/', 'ftp://8.8.8.8/', 'file:///etc/passwd', 'not an address'],
    ...['https://localhost/', 'https://a.localhost./', 'https://127.0.0.1/', 'https://0.0.0.0/'],
    ...['https://2130706433/', 'https://0x7f.1/', 'https://[::1]/', 'https://[::ffff:127.0.0.1]/'],
    ...['https://[::ffff:a00:1]/', 'https://[64:ff9b::7f00:1]/', 'https://[fd00::1]/', 'https://10.0.0.1/'],
    ...['https://100.64.0.1/', 'https://169.254.169.254/latest/meta-data/', 'https://168.63.129.16/'],
    ...['https://172.31.0.1/', 'https://192.168.1.1/', 'https://224.0.0.1/'],
  ])('address %s, in production, is not called', async (address) => {
    const send = vi.fn(async () => new Response())
    expect(await mayCall(address, production)).toBe(false)
    await expect(guardedFetch({ ...production, send })(address)).rejects.toThrow()
    expect(send).not.toHaveBeenCalled()
  })

  it('name, that stands for this machine, is refused where it is connected to', async () => {
    const connected = vi.fn()
    const port = new URL(await listening(() => {})).port
    servers[0]?.on('connection', connected)
    const address = `https://idp.example:${port}/`
    // Public where it is checked, and this machine when it is called.
    const answers = ['8.8.8.8', '127.0.0.1']
    const lookUp = async () => [{ address: answers.shift() ?? '127.0.0.1', family: 4 }]
    expect(await mayCall(address, { ...production, lookUp })).toBe(true)
    const call = guardedFetch({ ...production, lookUp })(address)
    await expect(call).rejects.toMatchObject({ cause: { name: 'ForbiddenAddressError' } })
    expect(connected).not.toHaveBeenCalled()
  })

  it('answer, that leads elsewhere, is not followed', async () => {
    const url = await listening(
      (_req, res) => void res.writeHead(302, { location: 'http://10.0.0.1/' }).end(),
    )
    expect((await guardedFetch(development)(url)).status).toBe(302)
  })

  it.each([
    ['https://8.8.8.8/', production, true],
    ['https://[2606:4700::1111]/', production, true],
    ['http://localhost:3002/', development, true],
    ['https://10.0.0.1/', development, true],
    ['http://10.0.0.1/', development, false],
    ['http://idp.example/', development, false],
  ])('address %s, may be called or not: %j → %s', async (address, guard, may) => {
    expect(await mayCall(address, guard)).toBe(may)
  })
})
