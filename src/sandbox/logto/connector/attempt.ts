/** What has to be remembered between sending somebody to the identity provider and seeing them again. */
export interface SsoAttempt {
  interactionUid: string
  connectorId: string
  state: string
  nonce: string
  redirectUri: string
  /** Of SAML: what is told to the provider as `RelayState`, and the ID of the request. */
  relayState: string
  requestId?: string
  /** The person, once a SAML provider has said who they are: it says so before the browser is back. */
  profile?: SsoProfile
}

/** A person as the identity provider vouches for them. */
export interface SsoProfile {
  issuer: string
  identityId: string
  name: string | null
  avatar: string | null
  email: string | null
  detail: Record<string, unknown>
}
