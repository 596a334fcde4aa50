import { addressesAt } from '../../sso/addresses.ts'
import type { Desired } from '../desired.ts'
import { addressesOfConnector } from '../providers/provider.ts'

/**
 * What to enter in Okta's console, for whoever may not give away an API token.
 *
 * @param connectorId of the connector, which is there by then
 * @param envFile the file of settings that was read
 */
export function oktaByHand(
  { appName, baseUrl, logto, group, issuer }: Desired,
  connectorId: string,
  envFile: string,
): string {
  return [
    "Okta's half is yours to make, in the Okta admin console:",
    '  Applications → Create App Integration → OIDC - OpenID Connect → Web Application',
    `    App integration name         ${appName}`,
    '    Grant type                   Authorization Code',
    `    Sign-in redirect URIs        ${addressesOfConnector(logto.endpoint, connectorId).redirectUri}`,
    `    Assignments                  the group ${group}, or whoever may use it`,
    '  and then, on its page, General → General Settings → Edit:',
    '    Proof Key for Code Exchange  off (Logto sends no code challenge)',
    '    Login initiated by           Either Okta or App',
    '    Application visibility       Display application icon to users',
    '    Login flow                   Redirect to app to initiate login (OIDC Compliant)',
    `    Initiate login URI           ${addressesAt(baseUrl).signIn}`,
    '',
    `Then put into ${envFile}, and run provision again:`,
    ...(issuer ? [] : ['  OKTA_ORG_URL=<such as https://company.okta.com>']),
    '  OKTA_CLIENT_ID=<its Client ID>',
    '  OKTA_CLIENT_SECRET=<its Client secret>',
    '',
  ].join('\n')
}
