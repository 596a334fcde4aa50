import { addressesAt } from '../../sso/addresses.ts'
import { joined, type Phrase, type Text } from '../../words/phrase.ts'
import { putBackInto } from '../connection/provider-by-hand.ts'
import type { Desired } from '../desired.ts'
import { phrase } from '../problem.ts'
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
  envFile: Text,
): Phrase {
  return joined([
    phrase`Set up Okta by hand, in the Okta admin console:`,
    '  Applications → Create App Integration → OIDC - OpenID Connect → Web Application',
    `    App integration name         ${appName}`,
    '    Grant type                   Authorization Code',
    `    Sign-in redirect URIs        ${addressesOfConnector(logto.endpoint, connectorId).redirectUri}`,
    joined(['    Assignments                  ', phrase`the group ${group}, or whoever may use it`], ''),
    joined(['  ', phrase`and then, on its page, General → General Settings → Edit:`], ''),
    joined(['    Proof Key for Code Exchange  ', phrase`off (Logto sends no code challenge)`], ''),
    '    Login initiated by           Either Okta or App',
    '    Application visibility       Display application icon to users',
    '    Login flow                   Redirect to app to initiate login (OIDC Compliant)',
    `    Initiate login URI           ${addressesAt(baseUrl).signIn}`,
    '',
    putBackInto(envFile),
    ...(issuer ? [] : [joined(['  OKTA_ORG_URL=<', phrase`such as https://company.okta.com`, '>'], '')]),
    joined(['  OKTA_CLIENT_ID=<', phrase`its Client ID`, '>'], ''),
    joined(['  OKTA_CLIENT_SECRET=<', phrase`its Client secret`, '>'], ''),
    '',
  ])
}
