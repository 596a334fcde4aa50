import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Status } from '../../src/doctor/check.ts'
import type { OktaApp, SsoConnector } from '../../src/sandbox/index.ts'
import { writeConnectors } from '../../src/settings/companies/connectors.ts'
import { EXPIRED_CERTIFICATE, metadataOf } from '../support/saml-metadata.ts'
import { House, resultOf } from './house.ts'

/** A SAML provider: its metadata, and what it answers to a request. */
const provider = { xml: '', status: 200, page: '' }
const server = createServer((req, res) => {
  const isMetadata = req.url?.startsWith('/metadata')
  res.writeHead(isMetadata ? 200 : provider.status).end(isMetadata ? provider.xml : provider.page)
})
const at = (path: string) => `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`
beforeAll(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening')
})
afterAll(() => {
  server.close()
})

let house: House
let connector: SsoConnector
beforeAll(async () => {
  house = await House.open()
  connector = structuredClone(house.connector)
  house.startApp()
})
afterAll(() => house.close())
const send = (...args: Parameters<typeof fetch>) => fetch(...args)
beforeEach(() => {
  const xml = metadataOf('urn:idp', { signInEndpoint: at('/sso') })
  Object.assign(provider, { xml, status: 200, page: '' })
  Object.assign(house.connector, structuredClone(connector))
  Object.assign(house, { send, clock: 0 })
})

type Kind = 'SAML' | 'AzureAdOidc' | 'GoogleWorkspace' | 'OIDC'

/** Gives the house's one company another provider, of which the app knows too. */
function giveProvider(providerName: Kind, config: typeof house.connector.config): void {
  Object.assign(house.connector, { providerName, config })
  const [company] = house.sandbox.connectors
  const issuer = providerName === 'SAML' ? 'urn:idp' : (config.issuer ?? 'https://accounts.google.com')
  if (company)
    house.settings.SSO_CONNECTORS = writeConnectors([{ ...company, provider: providerName, issuer }])
}

const examine = () => house.examine({ more: house.management })
const oktaAlone = ['okta-event-hook', 'okta-hook-address', 'universal-logout']
const openId = ['okta-issuer', 'okta-client', 'okta-redirect', 'okta-scopes', 'okta-secret']
const saml = ['saml-metadata', 'saml-certificate', 'saml-request']

describe('a company that comes by SAML', () => {
  const give = () => giveProvider('SAML', { metadataUrl: at('/metadata?app=1') })

  it('links, each, are good, and nothing of OpenID Connect or Okta is tried', async () => {
    give()
    const results = await examine()
    for (const id of [...saml, 'connector', 'sso-connectors'])
      expect(resultOf(results, id)).toMatchObject({ status: 'ok' })
    for (const id of [...openId, ...oktaAlone, 'email-trust'])
      expect(resultOf(results, id).status).toBe('skipped')
    expect(resultOf(results, 'saml-request').answer).toContain(`/enterprise-sso/${house.connector.id}`)
    expect(results.filter(({ status }) => status === 'broken')).toEqual([])
  })

  const over = () => ({ signInEndpoint: at('/sso'), certificate: EXPIRED_CERTIFICATE })
  const spoilt = (changes: () => Partial<typeof provider>) => () => Object.assign(provider, changes())
  it.each<[string, string, string, () => unknown]>([
    [
      'a certificate that is over',
      'saml-certificate',
      '2021-01-01',
      spoilt(() => ({ xml: metadataOf('urn:idp', over()) })),
    ],
    [
      'a connector that the provider does not know',
      'saml-request',
      '/api/authn/single-sign-on/saml/',
      spoilt(() => ({ status: 403 })),
    ],
    [
      'a connector that Entra does not know',
      'saml-request',
      'AADSTS700016',
      spoilt(() => ({ page: '<script>"AADSTS700016: Application not found"</script>' })),
    ],
    [
      'an entity ID that the app has otherwise',
      'sso-connectors',
      'urn:other',
      spoilt(() => ({ xml: metadataOf('urn:other', { signInEndpoint: at('/sso') }) })),
    ],
    [
      'a connector without metadata',
      'connector',
      'Metadata (Connection)',
      () => Object.assign(house.connector, { config: {} }),
    ],
  ])('%s, is found by %s', async (_what, check, words, spoil) => {
    give()
    spoil()
    const result = resultOf(await examine(), check)
    expect(result.status).toBe('broken')
    expect(`${result.answer} ${result.meaning} ${result.fix}`).toContain(words)
  })

  it('certificate, a month before its end, is a warning', async () => {
    give()
    provider.xml = metadataOf('urn:idp', over())
    house.clock = Date.parse('2020-12-20') - Date.now()
    expect(resultOf(await examine(), 'saml-certificate').status).toBe('warning')
  })
})

describe('a company with Entra ID', () => {
  const give = (trustUnverifiedEmail: boolean) =>
    giveProvider('AzureAdOidc', { ...house.connector.config, trustUnverifiedEmail })

  it.each<[boolean, Status]>([
    [false, 'warning'],
    [true, 'ok'],
  ])('addresses, trusted without proof or not (%s), are spoken of once', async (trusts, status) => {
    give(trusts)
    const results = await examine()
    expect(resultOf(results, 'email-trust').status).toBe(status)
    for (const id of openId) expect(resultOf(results, id).status).toBe('ok')
    for (const id of oktaAlone) expect(resultOf(results, id).status).toBe('skipped')
  })

  it.each<[boolean, Status]>([
    [false, 'warning'],
    [true, 'broken'],
  ])(
    'issuer of every tenant, with {tenantid} for its name, is Entra’s; trusted (%s) it is a danger',
    async (trusts, status) => {
      const { issuer = '' } = house.connector.config
      const everyTenant = `${issuer}/common/v2.0`
      house.send = async (input, init) => {
        const { url } = new Request(input, init)
        if (url.startsWith(everyTenant)) {
          const document = await fetch(`${issuer}/.well-known/openid-configuration`)
          return Response.json({
            ...((await document.json()) as object),
            issuer: `${issuer}/{tenantid}/v2.0`,
          })
        }
        const response = await fetch(input, init)
        if (!url.endsWith('/api/sso-connectors')) return response
        const list = (await response.json()) as Array<{ config: { issuer: string } }>
        for (const { config } of list) config.issuer = everyTenant
        return Response.json(list)
      }
      give(trusts)
      const results = await examine()
      expect(resultOf(results, 'okta-issuer')).toMatchObject({ status: 'ok' })
      const trust = resultOf(results, 'email-trust')
      expect(trust.status).toBe(status)
      expect(trust.fix).toContain('<Directory (tenant) ID>')
    },
  )
})

const clientOf = ({ credentials }: OktaApp) => credentials.oauthClient

describe('a company with a plain OpenID provider', () => {
  const elsewhere = { redirect_uris: ['https://elsewhere.example/callback'] }
  it.each<[string, string, (app: typeof house.oktaApp) => object, object, string]>([
    ['an unknown client', 'okta-client', clientOf, { client_id: 'another-client' }, 'Client ID'],
    [
      'another redirect URI',
      'okta-redirect',
      ({ settings }) => settings.oauthClient,
      elsewhere,
      '/callback/',
    ],
    ['a wrong secret', 'okta-secret', clientOf, { client_secret: 'another-client-secret' }, 'Client secret'],
    [
      'a scope that it has not',
      'okta-scopes',
      () => house.connector.config,
      { scope: 'openid profile email payroll' },
      'scopes',
    ],
  ])('%s, is found by %s, in words that are not Okta’s', async (_what, check, part, spoilt, words) => {
    giveProvider('OIDC', house.connector.config)
    const app = structuredClone(house.oktaApp)
    Object.assign(part(house.oktaApp), spoilt)
    const result = resultOf(await examine(), check)
    Object.assign(house.oktaApp, app)
    expect(result.status).toBe('broken')
    expect(result.fix).toContain(words)
    expect(`${result.meaning} ${result.fix}`.replace(/“.*?”/g, '')).not.toContain('Okta')
  })
})

it('Google Workspace, whose connector names no issuer, lacks none', async () => {
  const { clientId = '', clientSecret = '' } = house.connector.config
  giveProvider('GoogleWorkspace', { clientId, clientSecret })
  const results = await examine()
  expect(resultOf(results, 'connector').meaning ?? '').not.toContain('Issuer')
})

it('companies of the sandbox, with providers of each kind, are walked to, all of them at once', async () => {
  const all = await House.open({ companies: true })
  try {
    Object.assign(all.settings, all.company)
    all.startApp()
    await all.sandbox.appIsThere()
    const results = await all.examine({ more: all.management })
    expect(results.filter(({ status }) => status === 'broken')).toEqual([])
    for (const id of [...openId, ...saml, 'connector', 'sso-connectors'])
      expect(resultOf(results, id), id).toMatchObject({ status: 'ok' })
    expect(resultOf(results, 'email-trust').answer.split('\n').length).toBeGreaterThan(1)
  } finally {
    await all.close()
  }
})
