import { X509Certificate } from 'node:crypto'
import { createRequire } from 'node:module'
import type { Element } from '@xmldom/xmldom'
import { needs } from '../../settings/missing-packages.ts'

const METADATA = 'urn:oasis:names:tc:SAML:2.0:metadata'
const SIGNATURES = 'http://www.w3.org/2000/09/xmldsig#'
/** The binding in which Logto sends people there. */
const REDIRECT = 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect'

/** What the metadata of a SAML identity provider says (SAML 2.0 Metadata §2.4.3). */
export interface SamlProvider {
  entityId: string
  /** Where people are sent by HTTP-Redirect; undefined where it takes no such requests. */
  signInEndpoint: string | undefined
  /** What its assertions are signed with: the first is the one that Logto takes. */
  certificates: readonly X509Certificate[]
  /** Whether it takes no requests that are not signed. */
  wantsSignedRequests: boolean
}

/**
 * @returns undefined for what is not the metadata of an identity provider
 * @throws where the package that parses it is not installed
 */
export function readSamlMetadata(xml: string): SamlProvider | undefined {
  const role = identityProviderIn(xml)
  const entityId = role?.parentElement?.getAttribute('entityID')
  if (!role || !entityId) return undefined
  const keys = childrenOf(role, METADATA, 'KeyDescriptor').filter(
    (key) => key.getAttribute('use') !== 'encryption',
  )
  const redirect = elements(role, METADATA, 'SingleSignOnService').find(
    (service) => service.getAttribute('Binding') === REDIRECT,
  )
  return {
    entityId,
    signInEndpoint: redirect?.getAttribute('Location') ?? undefined,
    certificates: keys
      .flatMap((key) => elements(key, SIGNATURES, 'X509Certificate'))
      .flatMap(({ textContent }) => certificateFrom(textContent ?? '') ?? []),
    wantsSignedRequests: /^(true|1)$/.test(role.getAttribute('WantAuthnRequestsSigned') ?? ''),
  }
}

/** Tags and namespaces of metadata that are read: ten times those of any company, and each takes longer than the last. */
const most = { tags: 10_000, namespaces: 1000 }

const isLarge = (xml: string) =>
  xml.split('<').length > most.tags || xml.split('xmlns').length > most.namespaces

/** A document type is never needed, and is the way of attacks with entities. */
function identityProviderIn(xml: string): Element | undefined {
  if (/<!DOCTYPE|<!ENTITY/i.test(xml) || isLarge(xml)) return undefined
  const { DOMParser } = parser()
  try {
    const onError = (level: string, message: string) => {
      if (level !== 'warning') throw new Error(message)
    }
    const document = new DOMParser({ onError }).parseFromString(xml, 'text/xml')
    return elements(document, METADATA, 'IDPSSODescriptor')[0]
  } catch {
    return undefined
  }
}

/** An optional peer, and loaded only here: a host that runs no SAML checks need not have it. */
function parser(): typeof import('@xmldom/xmldom') {
  needs('provision', ['@xmldom/xmldom'])
  return createRequire(import.meta.url)('@xmldom/xmldom')
}

const elements = (
  within: Pick<Element, 'getElementsByTagNameNS'>,
  namespace: string,
  name: string,
): Element[] => [...within.getElementsByTagNameNS(namespace, name)]

/** Those that are right within: to look through each for more takes the square of the time. */
const childrenOf = ({ childNodes }: Element, namespace: string, name: string): Element[] =>
  [...childNodes].filter(
    (node): node is Element =>
      'namespaceURI' in node && node.namespaceURI === namespace && node.localName === name,
  )

/** @param base64 of a certificate, with or without PEM's two lines */
export function certificateFrom(base64: string): X509Certificate | undefined {
  try {
    const plain = base64.replace(/-----(BEGIN|END) CERTIFICATE-----/g, '')
    return new X509Certificate(Buffer.from(plain, 'base64'))
  } catch {
    return undefined
  }
}
