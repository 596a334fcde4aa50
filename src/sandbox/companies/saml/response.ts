import { randomBytes } from 'node:crypto'
import { samlLibrary } from '../../shared/saml-library.ts'
import { bareCertificate, inXml } from '../../shared/saml-provider-metadata.ts'
import type { Credential } from './certificate.ts'

const SUCCESS = 'urn:oasis:names:tc:SAML:2.0:status:Success'
const PERSISTENT = 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent'
const BEARER = 'urn:oasis:names:tc:SAML:2.0:cm:bearer'
const PASSWORD = 'urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport'
const MINUTES = 60_000

/** What a response says. */
export interface Said {
  /** The provider's entity ID. */
  issuer: string
  /** The entity ID of whom it is for, and the address it is for. */
  audience: string
  recipient: string
  /** The ID of the request; nothing where nobody has asked. */
  inResponseTo: string | undefined
  nameId: string
  attributes: Readonly<Record<string, string>>
  /** Milliseconds since 1970. */
  issuedAt?: number
}

/** A response with one assertion, good for five minutes (SAML 2.0 Core §2.3.3, §3.3.3), unsigned as yet. */
export function responseXml(said: Said): string {
  const { issuer, audience, recipient, inResponseTo, nameId, attributes, issuedAt = Date.now() } = said
  const at = (minutes: number) => new Date(issuedAt + minutes * MINUTES).toISOString()
  const answers = inResponseTo === undefined ? '' : ` InResponseTo="${inXml(inResponseTo)}"`
  const statements = Object.entries(attributes).map(
    ([name, value]) =>
      `<saml:Attribute Name="${inXml(name)}"><saml:AttributeValue>${inXml(value)}</saml:AttributeValue></saml:Attribute>`,
  )
  return [
    `<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="${newId()}" Version="2.0" IssueInstant="${at(0)}" Destination="${inXml(recipient)}"${answers}>`,
    `<saml:Issuer>${inXml(issuer)}</saml:Issuer>`,
    `<samlp:Status><samlp:StatusCode Value="${SUCCESS}"/></samlp:Status>`,
    `<saml:Assertion ID="${newId()}" Version="2.0" IssueInstant="${at(0)}">`,
    `<saml:Issuer>${inXml(issuer)}</saml:Issuer>`,
    `<saml:Subject><saml:NameID Format="${PERSISTENT}">${inXml(nameId)}</saml:NameID>`,
    `<saml:SubjectConfirmation Method="${BEARER}"><saml:SubjectConfirmationData NotOnOrAfter="${at(5)}" Recipient="${inXml(recipient)}"${answers}/></saml:SubjectConfirmation></saml:Subject>`,
    `<saml:Conditions NotBefore="${at(-1)}" NotOnOrAfter="${at(5)}"><saml:AudienceRestriction><saml:Audience>${inXml(audience)}</saml:Audience></saml:AudienceRestriction></saml:Conditions>`,
    `<saml:AuthnStatement AuthnInstant="${at(0)}" SessionIndex="${newId()}"><saml:AuthnContext><saml:AuthnContextClassRef>${PASSWORD}</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>`,
    `<saml:AttributeStatement>${statements.join('')}</saml:AttributeStatement>`,
    '</saml:Assertion>',
    '</samlp:Response>',
  ].join('')
}

/** The response with its assertion signed, in base 64, as a form carries it (SAML 2.0 Bindings §3.5.4). */
export async function signed(xml: string, { privateKey, certificate }: Credential): Promise<string> {
  const { SamlLib } = samlLibrary()
  const assertion = "/*[local-name(.)='Response']/*[local-name(.)='Assertion']"
  return SamlLib.constructSAMLSignature({
    rawSamlMessage: xml,
    referenceTagXPath: assertion,
    privateKey,
    signingCert: bareCertificate(certificate),
    signatureAlgorithm: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
    // Right behind the issuer, as the schema has it (SAML 2.0 Core §2.3.3).
    signatureConfig: {
      prefix: 'ds',
      location: { reference: `${assertion}/*[local-name(.)='Issuer']`, action: 'after' },
    },
  })
}

/** An ID begins with a letter or an underscore (XML Schema, `xs:ID`). */
const newId = () => `_${randomBytes(20).toString('hex')}`
