/** The kinds of provider that a connector can be for, by Logto's own names. */
export type ProviderName = 'OIDC' | 'SAML' | 'AzureAD' | 'GoogleWorkspace' | 'Okta' | 'AzureAdOidc'

/** What connectors hold: those for OpenID Connect the first five, those for SAML the rest. */
export interface ConnectorConfig {
  issuer?: string
  clientId?: string
  clientSecret?: string
  scope?: string
  trustUnverifiedEmail?: boolean
  metadataUrl?: string
  metadata?: string
  entityId?: string
  signInEndpoint?: string
  x509Certificate?: string
  attributeMapping?: { id?: string; email?: string; name?: string }
}

export interface SsoConnector {
  tenantId: string
  id: string
  providerName: ProviderName
  connectorName: string
  config: ConnectorConfig
  domains: string[]
  branding: { displayName?: string; logo?: string; darkLogo?: string }
  syncProfile: boolean
  enableTokenStorage: boolean
  createdAt: number
}

/** Of a SAML connector: where the browser goes whose sign-in began at the company's provider. */
export interface IdpInitiatedAuth {
  defaultApplicationId: string
  redirectUri: string | null
  authParameters: Record<string, string>
  /** Whether Logto itself begins the sign-in; the application does at its own address, if not. */
  autoSendAuthorizationRequest: boolean
  clientIdpInitiatedAuthCallbackUri: string | null
  createdAt: number
}
