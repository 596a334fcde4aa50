/** What a SAML provider says of itself, or what is known of it. */
export interface ProviderValues {
  entityId: string
  signInEndpoint: string
  /** With the lines around it, or without. */
  certificate: string
}

/** The same as a metadata document (SAML 2.0 Metadata §2.4.3). */
export const providerMetadata = ({ entityId, signInEndpoint, certificate }: ProviderValues): string =>
  [
    `<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" xmlns:ds="http://www.w3.org/2000/09/xmldsig#" entityID="${inXml(entityId)}">`,
    '<md:IDPSSODescriptor WantAuthnRequestsSigned="false" protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">',
    `<md:KeyDescriptor use="signing"><ds:KeyInfo><ds:X509Data><ds:X509Certificate>${inXml(bareCertificate(certificate))}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>`,
    '<md:NameIDFormat>urn:oasis:names:tc:SAML:2.0:nameid-format:persistent</md:NameIDFormat>',
    `<md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="${inXml(signInEndpoint)}"/>`,
    '</md:IDPSSODescriptor>',
    '</md:EntityDescriptor>',
  ].join('\n')

/** A certificate as metadata has it: without the lines around it (§2.4.1.1). */
export const bareCertificate = (text: string): string => text.replace(/-----[A-Z ]+-----|\s/g, '')

/** Text that stands in an element or an attribute. */
export const inXml = (text: string): string =>
  text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`)
