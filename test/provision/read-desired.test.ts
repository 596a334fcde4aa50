import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readFlags } from '../../src/cli/options/provision-flags.ts'
import { readDesired } from '../../src/provision/read-desired.ts'
import { ConfigError } from '../../src/settings/parse.ts'
import { metadataOf } from '../support/saml-metadata.ts'

const LOGTO = {
  LOGTO_ENDPOINT: 'https://tenant.logto.app/',
  LOGTO_M2M_APP_ID: 'machine',
  LOGTO_M2M_APP_SECRET: 'machine-secret',
  SSO_EMAIL_DOMAINS: 'acme.com',
}
const OKTA = { OKTA_ORG_URL: 'https://company.okta.com/', OKTA_API_TOKEN: 'token' }
const ISSUER = 'https://company.okta.com'
const CLIENT = { OKTA_CLIENT_ID: 'client', OKTA_CLIENT_SECRET: 'client-secret' }

const read = (env: Record<string, string>, takeOver = false) =>
  readDesired({ ...LOGTO, ...env }, { takeOver })

/** What is wrong, by setting; it is an error if nothing is. */
function faultsOf(env: Record<string, string>): Record<string, string> {
  try {
    readDesired(env, { takeOver: false })
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return Object.fromEntries(
      error.faults.map(({ setting, problem, fix }) => [setting, `${problem} → ${fix}`]),
    )
  }
  throw new Error('nothing is wrong')
}

describe('what is wanted', () => {
  it.each(['gmail.com', 'acme.com,Outlook.com', 'ＱＱ.com', 'live.com.'])(
    'email domains, %s, where anybody may have an address, are refused before anything is asked',
    (SSO_EMAIL_DOMAINS) => {
      expect(faultsOf({ ...LOGTO, SSO_EMAIL_DOMAINS })).toHaveProperty('SSO_EMAIL_DOMAINS')
    },
  )

  it('API_RESOURCE, given or not, is wanted or not, and has to be an identifier', () => {
    expect(read({}).apiResource).toBeUndefined()
    expect(read({ API_RESOURCE: 'https://api.acme.com/v1/' }).apiResource).toBe('https://api.acme.com/v1/')
    expect(read({ API_PERMISSIONS: 'read:a, write:a' }).apiPermissions).toEqual(['read:a', 'write:a'])
    expect(faultsOf({ ...LOGTO, API_RESOURCE: 'api' })).toHaveProperty('API_RESOURCE')
  })

  it('settings, the fewest, leave Okta’s half to be made by hand', () => {
    expect(read({})).toEqual({
      ...{ baseUrl: 'http://localhost:3000', appName: 'Express app', group: 'Everyone' },
      organization: { name: 'Okta', roles: [], permissions: [] },
      companyHookKey: expect.stringMatching(/^[0-9a-f]{64}$/),
      logto: {
        ...{ endpoint: 'https://tenant.logto.app', managementApi: 'https://tenant.logto.app/api' },
        ...{ appId: 'machine', appSecret: 'machine-secret' },
      },
      application: { id: undefined, secret: undefined },
      connector: { name: 'Okta', domains: ['acme.com'], scopes: [] },
      ...{ issuer: undefined, okta: undefined, byHand: undefined, apiPermissions: [] },
      ...{ offlineAccess: true, webhooks: true, takeOver: false },
    })
  })

  it('settings, all of them, are what is wanted', () => {
    const env = {
      ...{ ...OKTA, ...CLIENT, OKTA_GROUP: 'Staff', OKTA_ISSUER: `${ISSUER}/oauth2/default` },
      ...{ LOGTO_APP_ID: 'app', LOGTO_APP_SECRET: 'app-secret', LOGTO_OFFLINE_ACCESS: 'false' },
      ...{ BASE_URL: 'https://App.test/', APP_NAME: 'Our app', SSO_CONNECTOR_NAME: 'Acme' },
      ...{ SSO_EMAIL_DOMAINS: 'Acme.com, acme.co.jp,acme.com', SSO_EXTRA_SCOPES: 'groups address,groups' },
    }
    expect(read(env, true)).toMatchObject({
      ...{ baseUrl: 'https://app.test', appName: 'Our app', offlineAccess: false, takeOver: true },
      application: { id: 'app', secret: 'app-secret' },
      connector: { name: 'Acme', domains: ['acme.com', 'acme.co.jp'], scopes: ['groups', 'address'] },
      okta: { orgUrl: ISSUER, apiToken: 'token', clientId: 'client' },
      ...{ issuer: `${ISSUER}/oauth2/default`, group: 'Staff' },
      byHand: { clientId: 'client', clientSecret: 'client-secret' },
    })
  })

  it.each([
    ['Logto Cloud', 'https://tenant.logto.app', 'https://tenant.logto.app/api'],
    ['Logto Cloud of another region', 'https://tenant.us.logto.app', 'https://tenant.us.logto.app/api'],
    ['a server of one’s own', 'https://id.acme.com', 'https://default.logto.app/api'],
    ['a server that is only named alike', 'https://notlogto.app', 'https://default.logto.app/api'],
  ])('Management API, of %s, is the one that goes with it', (_case, LOGTO_ENDPOINT, api) => {
    expect(read({ LOGTO_ENDPOINT }).logto.managementApi).toBe(api)
  })

  it('Management API, given, is that one', () => {
    const { logto } = read({ LOGTO_MANAGEMENT_API: 'https://abc.logto.app/api' })
    expect(logto.managementApi).toBe('https://abc.logto.app/api')
  })

  it('base URL, not given, follows the port', () => {
    expect(read({ PORT: '4000' }).baseUrl).toBe('http://localhost:4000')
  })

  it('issuer, not given, is the org', () => {
    expect(read(OKTA).issuer).toBe(ISSUER)
    const { OKTA_ORG_URL } = OKTA
    expect(read({ OKTA_ORG_URL })).toMatchObject({ issuer: ISSUER, okta: undefined })
  })

  it('client ID, with an API token, needs no secret', () => {
    const desired = read({ ...OKTA, OKTA_CLIENT_ID: 'client' })
    expect(desired).toMatchObject({ okta: { clientId: 'client' }, byHand: undefined })
  })

  it('client, by hand with another issuer, needs no org', () => {
    const issuer = `${ISSUER}/oauth2/default`
    expect(read({ ...CLIENT, OKTA_ISSUER: issuer })).toMatchObject({ issuer, okta: undefined })
  })
})

describe('what is wrong with it', () => {
  it('settings, none, are all that is needed', () => {
    const needed = ['LOGTO_ENDPOINT', 'LOGTO_M2M_APP_ID', 'LOGTO_M2M_APP_SECRET', 'SSO_EMAIL_DOMAINS']
    expect(Object.keys(faultsOf({}))).toEqual(needed)
  })

  it.each([
    ['a token without its org', { OKTA_API_TOKEN: 'x' }, 'OKTA_ORG_URL', 'not set, while OKTA_API_TOKEN is'],
    [
      'a client ID without its secret',
      { ...OKTA, OKTA_API_TOKEN: '', OKTA_CLIENT_ID: 'x' },
      'OKTA_CLIENT_SECRET',
      'is not set, while OKTA_CLIENT_ID is',
    ],
    ['a secret without its client ID', { ...OKTA, OKTA_CLIENT_SECRET: 'x' }, 'OKTA_CLIENT_ID', 'is not set'],
    ['a client without org or issuer', CLIENT, 'OKTA_ORG_URL', 'is not set, while OKTA_CLIENT_ID is'],
    [
      'the console’s address for the org',
      { ...OKTA, OKTA_ORG_URL: 'https://company-admin.okta.com' },
      'OKTA_ORG_URL',
      'write https://company.okta.com',
    ],
    [
      'an org in the clear',
      { ...OKTA, OKTA_ORG_URL: 'http://company.okta.com' },
      'OKTA_ORG_URL',
      'write the https address',
    ],
    ['an org with a path', { ...OKTA, OKTA_ORG_URL: 'https://a.okta.com/x' }, 'OKTA_ORG_URL', 'with no path'],
    ['an endpoint of OpenID’s', { LOGTO_ENDPOINT: 'https://a.test/oidc' }, 'LOGTO_ENDPOINT', 'before /oidc'],
    ['a domain of one label', { SSO_EMAIL_DOMAINS: 'acme' }, 'SSO_EMAIL_DOMAINS', 'after the @'],
    ['an address for a domain', { SSO_EMAIL_DOMAINS: 'me@acme.com' }, 'SSO_EMAIL_DOMAINS', 'after the @'],
    ['a scope that is none', { SSO_EXTRA_SCOPES: 'a"b' }, 'SSO_EXTRA_SCOPES', 'is not a list of scopes'],
    ['a name too long', { APP_NAME: 'x'.repeat(101) }, 'APP_NAME', 'at most 100 characters'],
    ['a misspelt setting', { OKTA_ORG_URI: 'x' }, 'OKTA_ORG_URI', 'rename it to OKTA_ORG_URL'],
  ])('settings, with %s, are told so', (_case, env, setting, words) => {
    const faults = faultsOf({ ...LOGTO, ...(env as Record<string, string>) })
    expect(Object.keys(faults)).toEqual([setting])
    expect(faults[setting]).toContain(words)
  })
})

describe('flags', () => {
  it('flags, none, are off, and the file is .env', () => {
    const off = { yes: false, dryRun: false, help: false, takeOver: false }
    expect(readFlags([])).toMatchObject({ ...off, settings: {}, envFile: '.env' })
  })

  it('flags, given twice, join where there may be several and else the last counts', () => {
    const args = ['--domain', 'a.test', '--domain=b.test', '--scope', 'x', '--scope', 'y', '--app-name', '1']
    expect(readFlags([...args, '--app-name', '2', '--take-over', '-y']).settings).toEqual({
      SSO_EMAIL_DOMAINS: 'a.test,b.test',
      SSO_EXTRA_SCOPES: 'x,y',
      APP_NAME: '2',
    })
    const on = { yes: true, takeOver: true, dryRun: true }
    expect(readFlags(['-y', '--take-over', '--dry-run'])).toMatchObject(on)
  })

  it('secrets, of every kind, have no flag', () => {
    for (const name of ['logto-m2m-app-secret', 'okta-api-token', 'okta-client-secret', 'session-secret']) {
      expect(() => readFlags([`--${name}`, 'x'])).toThrow(/Unknown option/)
    }
  })
})

describe('a provider other than Okta', () => {
  const OTHER = { SSO_PROVIDER: 'OIDC', SSO_CONNECTOR_NAME: 'Acme' }
  const TOLD = { SSO_ISSUER: 'https://idp.example', SSO_CLIENT_ID: 'client', SSO_CLIENT_SECRET: 'secret' }

  it('kind, in any case, is taken with its values, and Okta’s settings are another company’s', () => {
    const all = { ...OTHER, ...TOLD, ...OKTA, ...CLIENT }
    const desired = read({ ...all, SSO_PROVIDER: 'oidc', SSO_EXTRA_SCOPES: 'a,b' })
    expect(desired).toMatchObject({ issuer: undefined, okta: undefined, byHand: undefined })
    expect(desired.provider).toEqual({
      name: 'OIDC',
      values: { issuer: 'https://idp.example', clientId: 'client', clientSecret: 'secret', scope: 'a b' },
    })
  })

  it('values, none yet, leave its half to be made by hand', () => {
    for (const env of [OTHER, { ...OTHER, SSO_ISSUER: 'https://idp.example' }])
      expect(read(env).provider).toEqual({ name: 'OIDC', values: undefined })
  })

  it('metadata, in a file, is read', () => {
    const path = join(mkdtempSync(join(tmpdir(), 'metadata-')), 'idp.xml')
    writeFileSync(path, metadataOf('urn:idp'))
    const { provider } = read({ ...OTHER, SSO_PROVIDER: 'SAML', SSO_METADATA_FILE: path })
    expect(provider?.values).toEqual({ metadata: metadataOf('urn:idp') })
  })

  it.each<[string, Record<string, string>, string[]]>([
    ['kind that Logto has not', { SSO_PROVIDER: 'PingOne' }, ['SSO_PROVIDER']],
    ['name, none', { SSO_PROVIDER: 'OIDC' }, ['SSO_CONNECTOR_NAME']],
    ['values, half of them', { ...OTHER, SSO_CLIENT_ID: 'client' }, ['SSO_ISSUER', 'SSO_CLIENT_SECRET']],
    ['value, a bad one', { ...OTHER, ...TOLD, SSO_ISSUER: 'idp' }, ['SSO_ISSUER']],
    [
      'file that is not there',
      { ...OTHER, SSO_PROVIDER: 'SAML', SSO_METADATA_FILE: '/nowhere' },
      ['SSO_METADATA_FILE'],
    ],
  ])('%s, is a fault of its setting', (_what, env, settings) => {
    expect(Object.keys(faultsOf({ ...LOGTO, ...env }))).toEqual(settings)
  })
})
