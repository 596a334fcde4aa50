/** Certificates without keys: nothing is ever signed with them. One is good for two hundred years, one was until 2021. */
export const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBgjCCASmgAwIBAgIUaIwZ1Zhi3bjdtG4MYV4sj4lAqA0wCgYIKoZIzj0EAwIw
FjEUMBIGA1UEAwwLaWRwLmV4YW1wbGUwIBcNMjYxMTI5MDcwOTU4WhgPMjIyNjEw
MTIwNzA5NThaMBYxFDASBgNVBAMMC2lkcC5leGFtcGxlMFkwEwYHKoZIzj0CAQYI
KoZIzj0DAQcDQgAEjHTpOdL/HyVEUiEIsjE9gFOhydBX93/Ke4xB4qXNyldrKlwR
IddebDdnS9susUf51hSW7p31pqm/oand1UHLHqNTMFEwHQYDVR0OBBYEFJRj2Kkh
WQ/3y5fquzT7ooCuFC40MB8GA1UdIwQYMBaAFJRj2KkhWQ/3y5fquzT7ooCuFC40
MA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDRwAwRAIgD9t5m5xAN4/+R64v
QxM++MDwppVQuS+vdM8hJa3E4mICIFnWHtwFOdRpwNaXXnDCHLN7qsBATopHCcvw
5JxPgAq4
-----END CERTIFICATE-----`

export const EXPIRED_CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBFDCBugIBATAKBggqhkjOPQQDAjAWMRQwEgYDVQQDDAtpZHAuZXhhbXBsZTAe
Fw0yMDAxMDEwMDAwMDBaFw0yMTAxMDEwMDAwMDBaMBYxFDASBgNVBAMMC2lkcC5l
eGFtcGxlMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEjHTpOdL/HyVEUiEIsjE9
gFOhydBX93/Ke4xB4qXNyldrKlwRIddebDdnS9susUf51hSW7p31pqm/oand1UHL
HjAKBggqhkjOPQQDAgNJADBGAiEA/baGO1yWg/eJ8c8ldjbilpWrKiqRI7x7kfMQ
Y80WzWQCIQCD7PYHYsTso3U83p+AVq0IcvqzWztKIcdHMMP/1T8Lkw==
-----END CERTIFICATE-----`

/** A SAML identity provider's metadata, as its console gives it (SAML 2.0 Metadata §2.4.3). */
export const metadataOf = (
  entityId: string,
  {
    certificate = CERTIFICATE,
    signInEndpoint = 'https://idp.example/sso',
  }: { certificate?: string; signInEndpoint?: string } = {},
) => `<?xml version="1.0"?>
<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="${entityId}">
  <md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
    <md:KeyDescriptor use="signing">
      <ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data>
        <ds:X509Certificate>${certificate.split('\n').slice(1, -1).join('\n')}</ds:X509Certificate>
      </ds:X509Data></ds:KeyInfo>
    </md:KeyDescriptor>
    <md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="${signInEndpoint}"/>
  </md:IDPSSODescriptor>
</md:EntityDescriptor>`
