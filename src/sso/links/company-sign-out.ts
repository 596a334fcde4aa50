import type { EnterpriseConnector } from '../../settings/config.ts'

/**
 * The page on which a person ends their session at their company's provider. An end-session endpoint that wants an ID token
 * of the provider's is of no use: that token is between the provider and Logto, and never comes here.
 *
 * @returns undefined for a provider of which nothing says that it has such a page
 */
export function companySignOut({ provider = 'Okta', issuer }: EnterpriseConnector): string | undefined {
  switch (provider) {
    case 'Okta':
      return `${new URL(issuer).origin}/login/signout`
    case 'AzureAdOidc':
      // Entra's end-session endpoint, which wants no ID token: `<authority>/oauth2/v2.0/logout`.
      return `${issuer.replace(/\/v2\.0$/, '')}/oauth2/v2.0/logout`
    case 'AzureAD':
      return 'https://login.microsoftonline.com/common/oauth2/v2.0/logout'
    case 'GoogleWorkspace':
      return 'https://accounts.google.com/Logout'
    default:
      return undefined
  }
}
