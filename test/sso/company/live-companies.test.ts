import { parse } from 'node-html-parser'
import { describe, expect, it, vi } from 'vitest'
import { LiveCompanies } from '../../../src/companies/index.ts'
import { slugOf } from '../../../src/settings/companies/connector.ts'
import { testApp } from '../../support/app.ts'
import { audits } from '../logto/logto-calls.ts'
import { acme, comeBack, personAt, signedInAs, withCompanies } from './company-calls.ts'

const html = { accept: 'text/html' }
const stored = <Entry extends { id: string; name: string }>(entry: Entry) => ({
  ...entry,
  slug: slugOf(entry),
})
const none = new Map<string, number>()
const gamma = stored({
  ...{ id: 'connector-gamma', name: 'Gamma', issuer: 'https://login.gamma.test/v2.0' },
  ...{ domains: ['gamma.example'], provider: 'AzureAdOidc' as const, organizationId: 'org-gamma' },
})
const google = { issuer: 'https://accounts.google.com', provider: 'GoogleWorkspace' } as const
const hooli = stored({ ...google, id: 'c-hooli', name: 'Hooli', domains: ['hooli.example'] })
const umbrella = stored({ ...google, id: 'c-umbrella', name: 'Umbrella', domains: ['umbrella.example'] })

/** An app whose settings know Acme, and whose companies come and go. */
function app() {
  const companies = new LiveCompanies([stored(acme)])
  const test = testApp({ settings: withCompanies([acme]), companies })
  return { ...test, companies }
}

/** The company that the profile shows, by its connector. */
async function companyShown(browser: ReturnType<ReturnType<typeof app>['browser']>) {
  const { text } = await browser.get('/profile').set(html)
  return parse(text).querySelector('[data-company]')?.getAttribute('data-company')
}

const straightTo = (location: string | undefined) =>
  new URL(location ?? '').searchParams.get('direct_sign_in')

describe('a company that comes while the app runs', () => {
  it('ways in, each, lead to it from then on, and not before', async () => {
    const test = app()
    const ways = [`/sign-in?login_hint=a%40gamma.example`, '/sign-in/gamma', `/sign-in?iss=${gamma.issuer}`]
    const leads = () =>
      Promise.all(
        ways.map(async (way) => {
          const { status, headers } = await test.browser().get(way).set(html)
          return status === 303 ? (straightTo(headers.location) ?? status) : status
        }),
      )
    expect(await leads()).toEqual([303, 404, 400])
    test.companies.replace({ companies: [gamma], removedAt: none })
    expect(await leads()).toEqual(ways.map(() => `sso:${gamma.id}`))
    // The settings' own are there as before.
    const { headers } = await test.browser().get('/sign-in/acme')
    expect(straightTo(headers.location)).toBe(`sso:${acme.id}`)
  })

  it('person, of it, is of that company; of another one, of that; of none, of none', async () => {
    const test = app()
    test.companies.replace({ companies: [gamma], removedAt: none })
    expect(await companyShown(await signedInAs(test, personAt(gamma, 'gil')))).toBe(gamma.id)
    expect(await companyShown(await signedInAs(test, personAt(acme, 'erin')))).toBe(acme.id)
    expect(await companyShown(await signedInAs(test, { sub: 'u', sso_identities: [] }))).toBeUndefined()
  })

  it('companies with Google, of one issuer, are told apart by the domain', async () => {
    const test = app()
    test.companies.replace({ companies: [hooli, umbrella], removedAt: none })
    expect(await companyShown(await signedInAs(test, personAt(hooli, 'gavin')))).toBe(hooli.id)
    expect(await companyShown(await signedInAs(test, personAt(umbrella, 'ada')))).toBe(umbrella.id)
    // Somebody with an address of Gmail, or of another customer of Google, is of neither.
    const stranger = personAt(hooli, 'bob', 'bob@gmail.com')
    expect(await companyShown(await signedInAs(test, stranger))).toBeUndefined()
    // Hooli's Google asserts an address of Acme.
    const liar = personAt(hooli, 'eve', 'erin@acme.example')
    expect(await comeBack(test.browser(), test.logto, liar)).toBeErrorPage(403)
    // One of them has people of other domains.
    test.companies.replace({ companies: [umbrella, { ...hooli, otherDomains: true }], removedAt: none })
    expect(await companyShown(await signedInAs(test, stranger))).toBe(hooli.id)
  })

  it('organization, that is its own, is shown where the person is a member', async () => {
    const test = app()
    test.companies.replace({ companies: [gamma], removedAt: none })
    const browser = await signedInAs(test, {
      ...personAt(gamma, 'gil'),
      organizations: ['other', 'org-gamma'],
    })
    const page = parse((await browser.get('/organizations').set(html)).text)
    const [shown, ...more] = page.querySelectorAll('[data-company]')
    expect(more).toEqual([])
    expect(shown?.closest('li')?.querySelector('code')?.text).toBe('org-gamma')
  })
})

describe('a company that is taken away', () => {
  it('sessions of its people end with their next page, and those of others go on', async () => {
    const test = app()
    test.companies.replace({ companies: [gamma], removedAt: none })
    const gil = await signedInAs(test, personAt(gamma, 'gil'))
    const erin = await signedInAs(test, personAt(acme, 'erin'))
    const removedAt = new Map([[gamma.id, Date.now()]])
    test.companies.replace({ companies: [], removedAt })
    await expect(gil).not.toBeSignedIn()
    await expect(erin).toBeSignedIn()
    expect(audits(test, 'ended')).toMatchObject([{ by: 'company_removed' }])
    // What has ended stays so when the company is back, and a new sign-in is one.
    test.companies.replace({ companies: [gamma], removedAt })
    await expect(gil).not.toBeSignedIn()
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 1 })
    await signedInAs(test, personAt(gamma, 'gil'))
  })

  it('session, begun in the very moment in which its company goes, ends', async () => {
    const test = app()
    test.companies.replace({ companies: [gamma], removedAt: none })
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() })
    const gil = await signedInAs(test, personAt(gamma, 'gil'))
    test.companies.replace({ companies: [], removedAt: new Map([[gamma.id, Date.now()]]) })
    await expect(gil).not.toBeSignedIn()
  })

  it('company of the settings, taken away, is gone until it is written again', async () => {
    const test = app()
    test.companies.replace({ companies: [], removedAt: new Map([[acme.id, 1]]) })
    expect((await test.browser().get('/sign-in/acme').set(html)).status).toBe(404)
    test.companies.replace({ companies: [stored(acme)], removedAt: new Map([[acme.id, 1]]) })
    expect((await test.browser().get('/sign-in/acme')).status).toBe(303)
  })
})

describe('a thousand companies', () => {
  it('sign-in, page and sign-out, of one of them, look at no company but that one', async () => {
    const many = Array.from({ length: 1000 }, (_, at) =>
      stored({
        ...{ id: `c${at}`, name: `Company ${at}`, issuer: `https://c${at}.test` },
        ...{ domains: [`c${at}.example`], clientId: `client-${at}` },
      }),
    )
    const read = vi.fn()
    const watched = many.map(
      (company) =>
        new Proxy(company, {
          get(target, key) {
            read(target.id)
            return Reflect.get(target, key)
          },
        }),
    )
    const companies = new LiveCompanies([])
    const test = testApp({ companies })
    await test.browser().get('/')
    companies.replace({ companies: watched, removedAt: none })
    read.mockClear()
    const person = personAt({ issuer: 'https://c700.test', domains: ['c700.example'] }, 'gil')
    const browser = test.browser()
    await comeBack(browser, test.logto, person, '/sign-in?login_hint=gil%40c700.example')
    await browser.get('/sign-in/company-700')
    await browser.get('/sign-in?iss=https%3A%2F%2Fc700.test')
    expect(await companyShown(browser)).toBe('c700')
    await browser.get('/').set(html)
    expect(new Set(read.mock.calls.flat())).toEqual(new Set(['c700']))
  })
})
