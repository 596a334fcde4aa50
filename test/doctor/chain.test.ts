import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Result } from '../../src/doctor/check.ts'
import { jsonReport } from '../../src/doctor/json-report.ts'
import { textReport } from '../../src/doctor/text-report.ts'
import { EMAIL, House, resultOf } from './house.ts'
import { type Misconfiguration, misconfigurations } from './misconfigurations.ts'

let house: House
beforeEach(async () => {
  house = await House.open()
})
afterEach(() => house.close())

/** What people and programs are shown. */
const shown = (results: Result[]) =>
  textReport(results, { colours: false }) + textReport(results, { colours: true }) + jsonReport(results)

/** Where in what is shown a secret is, if anywhere. */
const leaksIn = (text: string) => [...house.secrets].filter((secret) => text.includes(secret))

const ofCompanies = [
  ...['sso-connectors', 'foreign-identities', 'organization'],
  ...['okta-event-hook', 'okta-hook-address', 'universal-logout'],
  ...['person-company', 'person-at-okta', 'person-assignment'],
]

/** What is neither well nor to be expected of a sandbox on localhost. */
const remarkable = (results: Result[]) =>
  results
    .filter(({ id, status }) => status !== 'ok' && !(id === 'reach-back' && status === 'warning'))
    // Only some tests set SSO_CONNECTORS.
    .filter(({ id, status }) => !(ofCompanies.includes(id) && status === 'skipped'))
    // The company here comes by OpenID Connect.
    .filter(({ id, status }) => !(id.startsWith('saml-') && status === 'skipped'))
    .map(({ id, status, because }) => (because ? `${id}: ${because}` : `${id}: ${status}`))

const needManagement = (...ids: string[]) =>
  ids.map((id) => `${id}: it needs the Management API (see management)`)
const withoutCredentials = [
  expect.stringMatching(/^management: it needs LOGTO_M2M_APP_ID/),
  ...needManagement('okta-secret', 'email-trust', 'back-channel-logout', 'webhook', 'id-token-claims'),
  ...needManagement('api-resource'),
]
const personWithoutCredentials = needManagement('person-account', 'person-identity')

describe('a sandbox where all is well', () => {
  it('doctor, neither address nor management credentials, tries all other links and finds them well', async () => {
    house.startApp()
    const results = await house.examine()
    const [first, ...others] = withoutCredentials
    expect(remarkable(results)).toEqual([
      first,
      expect.stringMatching(/^email-domain: .* --email/),
      ...others,
    ])
    expect(resultOf(results, 'reach-back')).toMatchObject({ status: 'warning', answer: /loopback/ })
    expect(leaksIn(shown(results))).toEqual([])
  })

  it('doctor, an address and management credentials, tries every link and finds it well', async () => {
    house.startApp()
    const key = { LOGTO_WEBHOOK_SIGNING_KEY: house.hook.signingKey }
    const results = await house.examine({ email: EMAIL, more: { ...house.management, ...key } })
    expect(remarkable(results)).toEqual([])
    expect(results.map(({ id }) => id)).toEqual([...new Set(results.map(({ id }) => id))])
    expect(leaksIn(shown(results))).toEqual([])
  })

  it('doctor, a run, changes nothing and signs nobody in', async () => {
    house.startApp()
    const { tenant, org } = house.sandbox
    const before = structuredClone({ tenant, org })
    await house.examine({ email: EMAIL, more: house.management })
    expect({ tenant, org }).toEqual(before)
    expect(tenant.users).toEqual([])
    const sessions = await house.backend.ids()
    expect(sessions).toEqual([])
    const changing = house.sent.filter((call) => !call.startsWith('GET '))
    const { id } = house.connector
    expect([...new Set(changing)].sort()).toEqual([
      `POST /api/experience/verification/sso/${id}/authorization-uri`,
      'POST /oauth2/v1/token',
      'POST /oidc/token',
      'PUT /api/experience',
    ])
  })

  it('doctor, a run, asks each address no more often than it needs', async () => {
    house.startApp()
    await house.examine()
    // The token endpoint is asked twice: with the secret, and without it.
    const repeated = house.sent.filter((call, index) => house.sent.indexOf(call) !== index)
    expect(repeated).toEqual(['POST /oidc/token'])
  })
})

describe('a chain with one broken link', () => {
  const check = (row: Misconfiguration, results: Result[], allowed: unknown[]) => {
    const broken = resultOf(results, row.check)
    expect(results.filter(({ status }) => status === 'broken')).toEqual([broken])
    for (const value of [row.fix(house)].flat()) expect(broken.fix).toContain(value)
    for (const part of [broken.tried, broken.answer, broken.meaning]) expect(part).toBeTruthy()
    for (const line of remarkable(results)) {
      if (line.endsWith(`: because of ${row.check}`)) continue
      expect([`${row.check}: broken`, ...allowed]).toContainEqual(line)
    }
    expect(leaksIn(shown(results))).toEqual([])
  }

  it.each(misconfigurations)('doctor, $what, names $check and nothing else', async (row) => {
    const credentials = house.management
    const without = [...withoutCredentials, ...personWithoutCredentials]
    await row.arrange(house)
    house.startApp()
    if (!row.management) check(row, await house.examine({ email: EMAIL }), without)

    const results = await house.examine({ email: EMAIL, more: credentials })
    const warnings = row.alsoWarns.map((id) => `${id}: warning`)
    const unread = resultOf(results, 'management').because === 'because of settings' ? without : []
    check(row, results, [...warnings, ...unread])
    expect(remarkable(results)).toEqual(expect.arrayContaining(warnings))
  })
})
