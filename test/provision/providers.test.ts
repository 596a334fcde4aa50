import { describe, expect, it } from 'vitest'
import { providers } from '../../src/provision/providers/index.ts'
import {
  addressesOfConnector,
  type FieldName,
  type ProviderName,
} from '../../src/provision/providers/provider.ts'
import { readValues } from '../../src/provision/providers/values.ts'
import type { InEachLanguage } from '../../src/words/phrase.ts'
import { CERTIFICATE, EXPIRED_CERTIFICATE, metadataOf } from '../support/saml-metadata.ts'

type Typed = Partial<Record<FieldName, string>>

const client = { clientId: 'the-client', clientSecret: 'the-secret' }
const entra = 'https://login.microsoftonline.com/8eaef023-2b34-4da1-9baa-8bc8c9d6a490/v2.0'
const google = { clientId: 'the-client.apps.googleusercontent.com', clientSecret: 'GOCSPX-secret' }
const byHand = {
  entityId: 'urn:idp',
  signInEndpoint: 'https://idp.example/sso',
  x509Certificate: CERTIFICATE,
}
const attributes = (email: string, name: string) => ({ attributeMapping: { id: 'nameID', email, name } })
const claims = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims'
const openId = { scope: 'openid profile email', trustUnverifiedEmail: false }

const oidc = { issuer: 'https://idp.example', ...client }
const ofEntra = { issuer: entra, ...client }
const METADATA = metadataOf('urn:idp')

/** What is typed, and the config that Logto is given. */
const good: Array<[string, ProviderName, Typed, Record<string, unknown>]> = [
  ['plain', 'OIDC', oidc, { ...oidc, ...openId }],
  [
    'the address of its discovery document',
    'OIDC',
    { issuer: ' https://idp.example/x/.well-known/openid-configuration ', ...client, scope: 'groups, email' },
    { issuer: 'https://idp.example/x', ...client, ...openId, scope: 'openid profile email groups' },
  ],
  [
    'of loopback',
    'OIDC',
    { ...oidc, issuer: 'http://localhost:4000/' },
    { issuer: 'http://localhost:4000', ...client, ...openId },
  ],
  [
    'whose addresses are its own',
    'AzureAdOidc',
    { ...ofEntra, trustUnverifiedEmail: 'on' },
    { ...ofEntra, ...openId, trustUnverifiedEmail: true },
  ],
  [
    'that names no issuer',
    'GoogleWorkspace',
    { issuer: 'https://evil.example', ...google },
    { ...google, ...openId },
  ],
  [
    'by its metadata’s address',
    'AzureAD',
    { metadataUrl: 'https://idp.example/metadata.xml?appid=1' },
    {
      metadataUrl: 'https://idp.example/metadata.xml?appid=1',
      ...attributes(`${claims}/emailaddress`, `${claims}/name`),
    },
  ],
  [
    'by its metadata',
    'SAML',
    { metadata: METADATA, emailAttribute: 'mail' },
    { metadata: METADATA, ...attributes('mail', 'name') },
  ],
  ['by hand', 'SAML', byHand, { ...byHand, ...attributes('email', 'name') }],
  [
    'by hand, with the base64 of its certificate alone',
    'SAML',
    { ...byHand, x509Certificate: CERTIFICATE.split('\n').slice(1, -1).join('') },
    { ...byHand, ...attributes('email', 'name') },
  ],
]

/** What is typed, and the fields that are at fault. */
const bad: Array<[string, ProviderName, Typed, FieldName[]]> = [
  ['nothing', 'OIDC', {}, ['issuer', 'clientId', 'clientSecret']],
  ['an http issuer elsewhere', 'OIDC', { ...oidc, issuer: 'http://idp.example' }, ['issuer']],
  ['an issuer that is none', 'OIDC', { ...oidc, issuer: 'idp.example' }, ['issuer']],
  ['an issuer with a query', 'OIDC', { ...oidc, issuer: 'https://idp.example?a=b' }, ['issuer']],
  ['two words as a secret', 'OIDC', { ...oidc, clientSecret: 'a b' }, ['clientSecret']],
  ['a scope in quotes', 'OIDC', { ...oidc, scope: '"groups"' }, ['scope']],
  ['neither true nor false', 'OIDC', { ...oidc, trustUnverifiedEmail: 'maybe' }, ['trustUnverifiedEmail']],
  ['Okta’s admin console', 'Okta', { ...oidc, issuer: 'https://company-admin.okta.com' }, ['issuer']],
  ['Entra’s v1.0', 'AzureAdOidc', { ...oidc, issuer: entra.replace('/v2.0', '') }, ['issuer']],
  [
    'Entra’s v1.0 issuer',
    'AzureAdOidc',
    { ...oidc, issuer: 'https://sts.windows.net/8eaef023-2b34-4da1-9baa-8bc8c9d6a490/' },
    ['issuer'],
  ],
  [
    'Entra’s Secret ID',
    'AzureAdOidc',
    { ...ofEntra, clientSecret: '8eaef023-2b34-4da1-9baa-8bc8c9d6a490' },
    ['clientSecret'],
  ],
  [
    'trust in the addresses of every tenant',
    'AzureAdOidc',
    { issuer: 'https://login.microsoftonline.com/common/v2.0', ...client, trustUnverifiedEmail: 'true' },
    ['trustUnverifiedEmail'],
  ],
  ['a client of another provider', 'GoogleWorkspace', client, ['clientId']],
  ['no metadata', 'SAML', {}, ['metadataUrl']],
  ['metadata twice', 'SAML', { metadataUrl: 'https://idp.example/m', metadata: METADATA }, ['metadataUrl']],
  ['metadata and one value by hand', 'SAML', { metadata: METADATA, entityId: 'urn:idp' }, ['metadata']],
  ['one value by hand', 'AzureAD', { entityId: 'urn:idp' }, ['signInEndpoint', 'x509Certificate']],
  [
    'an address of slashes',
    'OIDC',
    { issuer: `https://idp.example${'/'.repeat(300_000)}x`, ...client },
    ['issuer'],
  ],
  [
    'metadata of tags without end',
    'SAML',
    { metadata: METADATA.replace('<md:KeyD', `${'<a/>'.repeat(10_000)}<md:KeyD`) },
    ['metadata'],
  ],
  [
    'metadata of namespaces without end',
    'SAML',
    { metadata: METADATA.replace('<md:KeyD', `${'<a xmlns="b"/>'.repeat(1000)}<md:KeyD`) },
    ['metadata'],
  ],
  ['a page in metadata’s place', 'SAML', { metadata: '<html><body>Sign in</body></html>' }, ['metadata']],
  [
    'a service provider’s metadata',
    'SAML',
    { metadata: metadataOf('urn:sp').replaceAll('IDPSSO', 'SPSSO') },
    ['metadata'],
  ],
  [
    'an address of metadata with a password',
    'SAML',
    { metadataUrl: 'https://a:b@idp.example/m' },
    ['metadataUrl'],
  ],
  ['a certificate that is none', 'SAML', { ...byHand, x509Certificate: 'MIIB' }, ['x509Certificate']],
  [
    'a certificate that is over',
    'SAML',
    { ...byHand, x509Certificate: EXPIRED_CERTIFICATE },
    ['x509Certificate'],
  ],
  ['an attribute of two words', 'SAML', { ...byHand, emailAttribute: 'e mail' }, ['emailAttribute']],
]

describe('a kind of provider', () => {
  it.each(good)('%s, %s, becomes the config of a connector', (_what, name, typed, config) => {
    const read = readValues(providers[name], typed)
    expect(read).toHaveProperty('values')
    if ('values' in read) expect(providers[name].connectorConfig(read.values)).toEqual(config)
  })

  it.each(bad)('%s, %s, is refused at its field, in both languages', (_what, name, typed, fields) => {
    const read = readValues(providers[name], typed)
    expect('faults' in read && read.faults.map(({ field }) => field)).toEqual(fields)
    if ('faults' in read) for (const { problem, fix } of read.faults) expectBoth([problem, fix])
  })

  it.each(Object.values(providers))(
    '$name, in its console, is told the connector’s own addresses',
    (provider) => {
      const at = addressesOfConnector('https://logto.example', 'c1')
      const steps = provider.steps(at, 'The app')
      const entered = steps.flatMap(({ enter }) => enter)
      const values = entered.map(({ value }) => value)
      expect(values).toContain('The app')
      if (provider.protocol === 'oidc') expect(values).toContain('https://logto.example/callback/c1')
      else expect(values).toEqual(expect.arrayContaining([at.entityId, at.assertionConsumerServiceUrl]))
      expectBoth([provider.label, ...steps.map(({ say }) => say), ...entered.map(({ field }) => field)])
      expectBoth(provider.fields.flatMap(({ label, hint }) => [label, hint]))
    },
  )
})

function expectBoth(texts: readonly InEachLanguage[]) {
  for (const { en, ja } of texts) {
    expect(en.trim()).not.toBe('')
    expect(ja.trim()).not.toBe('')
  }
}
