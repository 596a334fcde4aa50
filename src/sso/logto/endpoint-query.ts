/**
 * An address that the SDK has written as `<endpoint>?<parameters>`, joined rightly where the endpoint has a query of
 * its own, which is kept (RFC 6749 §3.1; OpenID Connect RP-Initiated Logout 1.0 §2 for the end of a session).
 *
 * @param address as the SDK wrote it
 * @param endpoint without a fragment
 */
export function withOwnQuery(address: string, endpoint: string): string {
  if (!endpoint.includes('?')) return address
  const parameters = address.slice(endpoint.length + 1)
  return endpoint + (/[?&]$/.test(endpoint) ? '' : '&') + parameters
}
