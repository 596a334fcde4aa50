import { describe, expect, it, vi } from 'vitest'
import { identityName } from '../../../src/sso/company/company-names.ts'
import { companyMark } from '../../../src/sso/session/session-data.ts'
import { type FakeLogto, paths } from '../../../src/testing/fake-logto.ts'
import { down, hang } from '../../../src/testing/logto-answers.ts'
import { baseUrl, testApp } from '../../support/app.ts'
import { cookieIn } from '../../support/responses.ts'
import { audits } from '../logto/logto-calls.ts'
import { acme, beta, comeBack, identityAt, personAt, signedInAs, withCompanies } from './company-calls.ts'

const erin = personAt(acme, 'erin')
const { sso_identities: identities, ...withoutIdentities } = erin
const unsaid = { ...withoutIdentities, sso_identities: undefined }
const app = (companies?: object[], settings: Record<string, string> = {}) =>
  testApp({ settings: { ...withCompanies(companies), ...settings } })
const sessionsOf = ({ backend }: ReturnType<typeof app>, { issuer } = acme, id = 'erin') =>
  backend.findByName(identityName(issuer, id))

describe('who a person is at their company', () => {
  it('identity, in the ID token, names the session, and userinfo is not asked', async () => {
    const test = app()
    await signedInAs(test, erin)
    expect(await sessionsOf(test)).toHaveLength(1)
    expect(await sessionsOf(test, beta)).toEqual([])
    // One company may have everybody: no index has it.
    expect(await test.backend.findByName(companyMark(acme.id))).toEqual([])
    expect(test.logto.callsTo(paths.userinfo)).toBe(0)
  })

  it('identity, not in the ID token, is read from userinfo once', async () => {
    const test = app()
    test.logto.info = { sub: erin.sub, sso_identities: identities }
    await signedInAs(test, unsaid)
    expect(await sessionsOf(test)).toHaveLength(1)
    expect(test.logto.callsTo(paths.userinfo)).toBe(1)
  })

  it('identity, of an issuer that Logto writes with a slash at its end, is of the company', async () => {
    const test = app()
    const issuer = `${acme.issuer}/`
    await signedInAs(test, { ...erin, sso_identities: [identityAt({ issuer }, 'erin')] })
    expect(await sessionsOf(test)).toHaveLength(1)
  })

  it('identity, with no companies in the settings, is asked of nobody', async () => {
    const test = app([])
    await signedInAs(test, unsaid)
    expect(test.logto.callsTo(paths.userinfo)).toBe(0)
  })

  it.each<[string, (logto: FakeLogto) => void]>([
    ['userinfo that is away', (logto) => logto.break(paths.userinfo, down)],
    ['userinfo that comes too late', (logto) => logto.break(paths.userinfo, hang)],
    ['userinfo about another person', (logto) => (logto.info = { sub: 'x', sso_identities: [] })],
    ['userinfo that does not say', () => {}],
    ['userinfo that says a text', (logto) => (logto.info = { sso_identities: 'acme' })],
    ['an identity without an ID', (logto) => (logto.info = { sso_identities: [{ issuer: acme.issuer }] })],
    [
      'more identities than a person has',
      (logto) => (logto.info = { sso_identities: Array(21).fill(identityAt(acme, 'erin')) }),
    ],
  ])('sign-in, with %s, is refused, since its company could not end it', async (_what, prepare) => {
    const test = app()
    test.logto.info = {}
    prepare(test.logto)
    test.logto.info = { sub: erin.sub, ...test.logto.info }
    const response = await comeBack(test.browser(), test.logto, unsaid)
    expect(response).toBeErrorPage(503)
    expect(cookieIn(response, 'session')).toBeUndefined()
    expect(audits(test, 'refused')).toMatchObject([{ why: 'identities_unknown' }])
  })
})

describe('a company speaks only for its own domains', () => {
  const free = { email: 'erin@free.example' }
  const own = (email: unknown = 'erin@acme.example') => identityAt(acme, 'erin', email)
  const silent = identityAt(acme, 'erin')
  const betas = (email?: string) => identityAt(beta, 'x', email)
  const unknown = identityAt({ issuer: 'https://free.test' }, 'x')
  const contractors = [acme, { ...beta, otherDomains: true }]
  type Identities = Array<ReturnType<typeof identityAt>>

  it.each<[string, Identities, { email: string | null }?, object[]?]>([
    ['her own company', [own()]],
    ['her own company, in capitals', [own('Erin@ACME.example')]],
    ['no company', []],
    ['her own company, which asserts no address', [silent]],
    ['her own company, which asserts null', [own(null)]],
    ['a company with contractors, an address of nobody else', [betas(free.email)], free, contractors],
    ['a provider that the settings do not name, an address of no company', [unknown], free],
    ['her own company, and no address', [silent], { email: null }],
  ])('person, of %s, is let in', async (_what, identities, claims, companies) => {
    await signedInAs(app(companies), { ...erin, ...claims, sso_identities: identities })
  })

  it.each<[string, Identities, [string, string], { email: string }?, object[]?]>([
    ['another company', [betas()], ['Beta', 'Acme']],
    ['two companies, her own first', [own(), betas('erin@acme.example')], ['Beta', 'Acme']],
    ['two companies, her own last', [betas('erin@acme.example'), own()], ['Beta', 'Acme']],
    ['two companies, each with an address of its own', [own(), betas('x@beta.example')], ['Beta', 'Acme']],
    ["her own company, which asserts another's address", [own('x@beta.example')], ['Acme', 'Beta']],
    [
      'her own company, which asserts a subdomain',
      [own('erin@hr.acme.example')],
      ['Acme', 'hr.acme.example'],
    ],
    [
      "a company with contractors, another company's address",
      [betas('erin@acme.example')],
      ['Beta', 'Acme'],
      erin,
      contractors,
    ],
    ['a company without contractors, an address of nobody else', [betas()], ['Beta', 'free.example'], free],
    [
      'a company whose people have a domain of one label more',
      [silent],
      ['Acme', 'acme.example.free.example'],
      { email: 'erin@acme.example.free.example' },
    ],
    ['a provider that the settings do not name', [unknown], ['https://free.test', 'Acme']],
  ])(
    'person, of %s, is kept out, and the log alone names both',
    async (_what, identities, names, claims, companies) => {
      const test = app(companies)
      const response = await comeBack(test.browser(), test.logto, {
        ...erin,
        ...claims,
        sso_identities: identities,
      })
      expect(response).toBeErrorPage(403)
      expect(cookieIn(response, 'session')).toBeUndefined()
      const [identityOf, domainOf] = names
      expect(audits(test, 'refused')).toMatchObject([{ why: 'foreign_identity', identityOf, domainOf }])
      for (const name of [...names, acme.issuer, beta.issuer]) expect(response.text).not.toContain(name)
      expect(response.text).toMatch(/href="[^"]*prompt=login/)
      await expect.poll(() => test.logto.revoked).toEqual(['the-refresh-token'])
    },
  )
})

describe('identities that come later', () => {
  /** Signed in, an hour ago. */
  async function anHourAgo(settings: Record<string, string> = {}) {
    const test = app(undefined, settings)
    const browser = await signedInAs(test, erin)
    vi.useFakeTimers({ toFake: ['Date'] })
    vi.setSystemTime(Date.now() + 3_601_000)
    return { test, browser }
  }
  const foreign = { ...erin, sso_identities: [...identities, identityAt(beta, 'x', 'erin@acme.example')] }
  const another = { ...erin, sso_identities: [...identities, identityAt(acme, 'erin-2')] }

  it('identity, foreign and new at a refresh, ends the session', async () => {
    const { test, browser } = await anHourAgo()
    test.logto.renewed = { claims: foreign }
    await expect(browser).not.toBeSignedIn()
    expect(audits(test, 'ended')).toMatchObject([
      { by: 'foreign_identity', sub: erin.sub, identityOf: 'Beta', domainOf: 'Acme' },
    ])
    expect(await sessionsOf(test)).toEqual([])
  })

  it('identity, new at a refresh, names the session from then on', async () => {
    const { test, browser } = await anHourAgo()
    test.logto.renewed = { claims: another }
    await expect(browser).toBeSignedIn()
    expect(await sessionsOf(test, acme, 'erin-2')).toHaveLength(1)
    expect(await sessionsOf(test)).toHaveLength(1)
  })

  it.each([
    ['this has one', '/sign-in?prompt=login', true],
    ['this has none', '/sign-in', false],
  ])(
    'identity, new at a refresh and ended by its company before, ends a session but of a newer proof: %s',
    async (_than, path, lasts) => {
      const test = app()
      await test.backend.removeBegunBy(
        [{ name: identityName(acme.issuer, 'erin-2'), begunBy: Date.now() - 1 }],
        7_200_000,
      )
      const browser = await signedInAs(test, erin, path)
      vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 3_601_000 })
      test.logto.renewed = { claims: another }
      if (lasts) await expect(browser).toBeSignedIn()
      else await expect(browser).not.toBeSignedIn()
    },
  )

  it('refresh, with an ID token that says nothing of identities, keeps those that are known', async () => {
    const { test, browser } = await anHourAgo()
    test.logto.renewed = { claims: unsaid }
    await expect(browser).toBeSignedIn()
    expect(await sessionsOf(test)).toHaveLength(1)
  })

  it('identity, foreign and new where an organization token is asked for, ends the session', async () => {
    const test = app()
    const browser = await signedInAs(test, { ...erin, organizations: ['org-1'] })
    test.logto.organizations = { 'org-1': {} }
    test.logto.renewed = { claims: foreign }
    await browser.post('/organizations').set('origin', baseUrl).type('form').send({ organization: 'org-1' })
    await expect(browser).not.toBeSignedIn()
    expect(audits(test, 'ended')).toMatchObject([{ by: 'foreign_identity', identityOf: 'Beta' }])
  })

  it('identity, foreign and seen by a look at Logto, ends the session', async () => {
    const test = app(undefined, { LOGTO_CHECK_SECONDS: '60' })
    const browser = await signedInAs(test, erin)
    test.logto.info = foreign
    vi.useFakeTimers({ toFake: ['Date'] })
    vi.setSystemTime(Date.now() + 61_000)
    await browser.get('/')
    await expect.poll(() => audits(test, 'ended')).toMatchObject([{ by: 'foreign_identity' }])
    await expect(browser).not.toBeSignedIn()
  })

  it('identity, of a session from before there were companies, is learned by a look at Logto', async () => {
    const test = app([], { LOGTO_CHECK_SECONDS: '60' })
    const browser = await signedInAs(test, unsaid)
    expect(await sessionsOf(test)).toEqual([])
    test.logto.info = { sub: erin.sub, sso_identities: identities }
    vi.useFakeTimers({ toFake: ['Date'] })
    vi.setSystemTime(Date.now() + 61_000)
    await browser.get('/')
    await expect.poll(() => sessionsOf(test)).toHaveLength(1)
  })
})
