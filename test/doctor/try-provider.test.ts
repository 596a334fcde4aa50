import { inflateRawSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { tryProvider } from '../../src/doctor/provider/try-provider.ts'
import { providers } from '../../src/provision/providers/index.ts'
import {
  addressesOfConnector,
  type FieldName,
  type ProviderName,
  type Values,
} from '../../src/provision/providers/provider.ts'
import { CERTIFICATE, EXPIRED_CERTIFICATE, metadataOf } from '../support/saml-metadata.ts'

const at = addressesOfConnector('https://logto.example', 'c1')
const issuer = 'https://idp.example'
const DISCOVERY = '/.well-known/openid-configuration'
const client = { clientId: 'the-client', clientSecret: 'a-secret-of-the-client' }
const values: Values = { issuer, ...client, trustUnverifiedEmail: 'false' }

const document = {
  issuer,
  authorization_endpoint: `${issuer}/authorize`,
  token_endpoint: `${issuer}/token`,
  jwks_uri: `${issuer}/keys`,
  scopes_supported: ['openid', 'profile', 'email', 'groups'],
  claims_supported: ['sub', 'email', 'email_verified'],
}

type Route = (url: URL, init?: RequestInit) => Response | Promise<Response>
type Routes = Record<string, Route>

/** A provider that knows the client, the redirect URI and the secret, and has nobody signed in. */
const good: Routes = {
  [`${issuer}/.well-known/openid-configuration`]: () => Response.json(document),
  [`${issuer}/authorize`]: (url) =>
    Response.redirect(`${url.searchParams.get('redirect_uri')}?error=login_required&state=tried`, 303),
  [`${issuer}/token`]: () => Response.json({ error: 'invalid_grant' }, { status: 400 }),
}

function network(routes: Routes): typeof fetch {
  return async (input, init) => {
    const url = new URL(String(input))
    const route = routes[url.origin + url.pathname]
    if (!route)
      throw new TypeError('fetch failed', { cause: Object.assign(new Error(), { code: 'ENOTFOUND' }) })
    return route(url, init)
  }
}

/** What is wrong, and with which value: `!issuer` where nobody can sign in like this, `?` for no value alone. */
async function found(name: ProviderName, typed: Values, routes: Routes, now?: () => number) {
  const tried = await tryProvider(providers[name], typed, at, { fetch: network(routes), ...(now && { now }) })
  const secret = client.clientSecret
  for (const { problem, fix } of tried.findings) {
    for (const text of [problem.en, problem.ja, fix.en, fix.ja]) {
      expect(text.trim()).not.toBe('')
      expect(text).not.toContain(secret)
    }
  }
  return tried.findings.map(({ field = '?', isBroken }) => `${isBroken ? '!' : ''}${field}`)
}

const answer = (path: string, route: Route): Routes => ({ ...good, [issuer + path]: route })
const discovery = (changes: object) => answer(DISCOVERY, () => Response.json({ ...document, ...changes }))
const refusal = (error: string, words = '') =>
  answer('/authorize', () => Response.json({ error, error_description: words }, { status: 400 }))

describe('an OpenID provider, tried without a connector', () => {
  it('values that are good, by a request for the connector’s own redirect URI, show nothing', async () => {
    const asked: string[] = []
    const routes = answer('/authorize', (url, init) => {
      asked.push(url.searchParams.get('redirect_uri') ?? '')
      return good[`${issuer}/authorize`]?.(url, init) ?? Response.error()
    })
    expect(await found('OIDC', values, routes)).toEqual([])
    expect(asked).toEqual(['https://logto.example/callback/c1'])
    const { issuer: trusted } = await tryProvider(providers.OIDC, values, at, { fetch: network(good) })
    expect(trusted).toBe(issuer)
  })

  it.each<[string, Routes, Array<FieldName | `!${FieldName}` | '!?'>]>([
    ['nobody there', {}, ['!issuer']],
    ['no document', answer(DISCOVERY, () => new Response('', { status: 404 })), ['!issuer']],
    ['a page in its place', answer(DISCOVERY, () => new Response('<p>')), ['!issuer']],
    ['another issuer’s document', discovery({ issuer: 'https://other.example' }), ['!issuer']],
    ['half a document', discovery({ jwks_uri: undefined }), ['!issuer']],
    ['an unknown client', refusal('invalid_client'), ['!clientId']],
    ['another redirect URI', refusal('invalid_request', 'redirect_uri did not match'), ['!?']],
    ['a scope that is refused', refusal('invalid_scope'), ['!scope']],
    ['PKCE wanted', refusal('invalid_request', 'code_challenge required'), ['!?']],
    ['no code flow', refusal('unauthorized_client'), ['!?']],
    [
      'a wrong secret',
      answer('/token', () => Response.json({ error: 'invalid_client' }, { status: 401 })),
      ['!clientSecret'],
    ],
    ['an answer that repeats the secret', refusal('invalid_scope', client.clientSecret), ['!scope']],
    ['addresses nobody has verified', discovery({ claims_supported: ['email'] }), ['trustUnverifiedEmail']],
  ])('%s, is said of the value it is about', async (_what, routes, fields) => {
    expect(await found('OIDC', values, routes)).toEqual(fields)
  })

  it('scopes and trust, as they are entered, are said though they work', async () => {
    const typed = { ...values, scope: 'groups roles', trustUnverifiedEmail: 'true' }
    expect(await found('OIDC', typed, good)).toEqual(['scope', 'trustUnverifiedEmail'])
  })

  it('Google, that has no issuer to enter, is named in its place', async () => {
    const { issuer: _none, ...typed } = values
    expect(await found('GoogleWorkspace', typed, {})).toEqual(['!?'])
  })
})

describe('Entra, tried without a connector', () => {
  const entraIssuer = 'https://login.example/common/v2.0'
  const routes = (changes: Routes = {}): Routes => ({
    'https://login.example/common/v2.0/.well-known/openid-configuration': () =>
      Response.json({
        ...document,
        issuer: 'https://login.example/{tenantid}/v2.0',
        claims_supported: ['email'],
      }),
    [`${issuer}/authorize`]: good[`${issuer}/authorize`] as Route,
    [`${issuer}/token`]: good[`${issuer}/token`] as Route,
    ...changes,
  })
  const entra = { ...values, issuer: entraIssuer }

  it('document of every tenant, with {tenantid} for its name, is Entra’s, and lets everybody in', async () => {
    expect(await found('AzureAdOidc', entra, routes())).toEqual(['issuer', 'trustUnverifiedEmail'])
    expect(await found('OIDC', entra, routes())).toEqual(['!issuer'])
  })

  it.each<[string, FieldName | '?']>([
    ['AADSTS50011: The redirect URI specified in the request does not match', '?'],
    ['AADSTS700016: Application was not found in the directory', 'clientId'],
    ['AADSTS650053: The application asked for scope that does not exist', 'scope'],
  ])('%s, on a page that says 200, is read there', async (words, field) => {
    const page = () => new Response(`<script>$Config={"strMessage":"${words}"}</script>`)
    const fields = await found('AzureAdOidc', entra, routes({ [`${issuer}/authorize`]: page }))
    expect(fields[0]).toBe(`!${field}`)
  })

  it('client that it does not know, at its token endpoint, is told from a wrong secret', async () => {
    const token = (words: string, error: string) => ({
      [`${issuer}/token`]: () => Response.json({ error, error_description: words }, { status: 400 }),
    })
    const unknown = routes(token('AADSTS700016: not found', 'unauthorized_client'))
    expect((await found('AzureAdOidc', entra, unknown))[0]).toBe('!clientId')
    const wrong = routes(token('AADSTS7000215: Invalid client secret provided', 'invalid_client'))
    expect((await found('AzureAdOidc', entra, wrong))[0]).toBe('!clientSecret')
  })
})

describe('a SAML provider, tried without a connector', () => {
  const metadataUrl = 'https://idp.example/metadata'
  const saml = (xml: string, changes: Routes = {}): Routes => ({
    [metadataUrl]: () => new Response(xml),
    [`${issuer}/sso`]: () => new Response('<form>sign in</form>'),
    ...changes,
  })
  const byHand = { entityId: 'urn:idp', signInEndpoint: `${issuer}/sso`, x509Certificate: CERTIFICATE }

  it('metadata that is good, by a request in the connector’s name, shows nothing', async () => {
    let asked = ''
    const routes = saml(metadataOf('urn:idp'), {
      [`${issuer}/sso`]: (url) => {
        asked = inflateRawSync(Buffer.from(url.searchParams.get('SAMLRequest') ?? '', 'base64')).toString()
        return new Response('<form>sign in</form>')
      },
    })
    expect(await found('SAML', { metadataUrl }, routes)).toEqual([])
    expect(asked).toContain(`<saml:Issuer>${at.entityId}</saml:Issuer>`)
    expect(asked).toContain(`AssertionConsumerServiceURL="${at.assertionConsumerServiceUrl}"`)
    const tried = await tryProvider(providers.SAML, { metadataUrl }, at, { fetch: network(routes) })
    expect(tried.issuer).toBe('urn:idp')
    expect(await found('SAML', { metadata: metadataOf('urn:idp') }, routes)).toEqual([])
    expect(await found('SAML', byHand, routes)).toEqual([])
  })

  const xml = metadataOf('urn:idp')
  const withoutCertificate = xml.replace(/<ds:X509Cert.*?<\/ds:X509Certificate>/s, '')
  const signedAlone = xml.replace('IDPSSODescriptor', 'IDPSSODescriptor WantAuthnRequestsSigned="true"')
  const at403 = { [`${issuer}/sso`]: () => new Response('', { status: 403 }) }
  const asEntra = { [`${issuer}/sso`]: () => new Response('AADSTS700016: not found') }
  it.each<[string, Routes, string[]]>([
    ['nobody there', {}, ['!metadataUrl']],
    ['a page in its place', saml('<html></html>'), ['!metadataUrl']],
    ['metadata with a document type', saml(`<!DOCTYPE x>${xml}`), ['!metadataUrl']],
    ['a service provider’s', saml(xml.replaceAll('IDPSSO', 'SPSSO')), ['!metadataUrl']],
    ['no certificate', saml(withoutCertificate), ['!metadataUrl']],
    ['one that is over', saml(metadataOf('urn:idp', { certificate: EXPIRED_CERTIFICATE })), ['!metadataUrl']],
    ['no way in by HTTP-Redirect', saml(xml.replace('HTTP-Redirect', 'HTTP-POST')), ['!metadataUrl']],
    ['a sign-in page out of reach', { [metadataUrl]: () => new Response(xml) }, ['metadataUrl']],
    ['a connector it does not know', saml(xml, at403), ['!?']],
    ['a connector that Entra does not know', saml(xml, asEntra), ['!?']],
    [
      'signed requests alone',
      saml(signedAlone, { [`${issuer}/sso`]: () => new Response('', { status: 400 }) }),
      [],
    ],
  ])('%s, is said of the value it is about', async (_what, routes, fields) => {
    expect(await found('AzureAD', { metadataUrl }, routes)).toEqual(fields)
  })

  it('certificate, a month before its end, is said in time', async () => {
    const end = Date.parse('2021-01-01')
    const routes = saml(metadataOf('urn:idp', { certificate: EXPIRED_CERTIFICATE }))
    expect(await found('SAML', { metadataUrl }, routes, () => end - 40 * 86_400_000)).toEqual([])
    expect(await found('SAML', { metadataUrl }, routes, () => end - 20 * 86_400_000)).toEqual(['metadataUrl'])
  })
})
