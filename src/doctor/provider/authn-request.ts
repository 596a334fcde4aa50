import { randomBytes } from 'node:crypto'
import { deflateRawSync } from 'node:zlib'
import type { ConnectorAddresses } from '../../provision/providers/provider.ts'

/**
 * The address of a sign-in as Logto's connector asks for it: a request of HTTP-Redirect (SAML 2.0 Bindings §3.4.4.1),
 * which is not signed.
 *
 * @param endpoint where the provider takes such requests
 * @param at who asks, and where the answer is to go
 */
export function authnRequestUrl(
  endpoint: string,
  { entityId, assertionConsumerServiceUrl }: ConnectorAddresses,
  now: Date,
): string {
  const id = `_${randomBytes(16).toString('hex')}`
  const request =
    `<samlp:AuthnRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ` +
    `ID="${id}" Version="2.0" IssueInstant="${now.toISOString()}" Destination="${escaped(endpoint)}" ` +
    `ProtocolBinding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" ` +
    `AssertionConsumerServiceURL="${escaped(assertionConsumerServiceUrl)}">` +
    `<saml:Issuer>${escaped(entityId)}</saml:Issuer></samlp:AuthnRequest>`
  const url = new URL(endpoint)
  url.searchParams.set('SAMLRequest', deflateRawSync(request).toString('base64'))
  return url.href
}

const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
