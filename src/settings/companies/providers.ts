/** Logto's names of the kinds of identity provider that a company may have (`providerName` of an enterprise connector). */
export const providers = ['Okta', 'AzureAdOidc', 'AzureAD', 'GoogleWorkspace', 'OIDC', 'SAML'] as const

/** A kind of identity provider, by Logto's name of it. */
export type Provider = (typeof providers)[number]

/** Google has one issuer for the Workspaces of all companies. */
export const googleIssuer = 'https://accounts.google.com'

/** The kinds whose issuer is the entity ID in SAML metadata, which need not be a web address (SAML 2.0 Core §8.3.6). */
export const isSaml = (provider: Provider | undefined): boolean =>
  provider === 'SAML' || provider === 'AzureAD'
