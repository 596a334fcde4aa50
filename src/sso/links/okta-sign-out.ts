import type { EnterpriseConnector } from '../../settings/config.ts'

/**
 * Okta's own sign-out page. Its end-session endpoint (`/oauth2/v1/logout`) wants an ID token of Okta's, which is between
 * Okta and Logto and never comes here.
 */
export const oktaSignOut = ({ issuer }: EnterpriseConnector) => `${new URL(issuer).origin}/login/signout`
