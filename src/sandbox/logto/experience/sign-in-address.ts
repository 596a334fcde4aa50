import type { LogtoContext } from '../pages/context.ts'
import { findApplication } from '../state/applications.ts'
import type { IdpInitiatedAuth } from '../state/connector.ts'

/**
 * Where a sign-in goes on that began at a company's provider: to the application's own address, which is told the
 * connector; or, where the connector is set up so, straight into an authorization request that no application made.
 */
export function signInAddress(
  { tenant, endpoint }: LogtoContext,
  connectorId: string,
  config: IdpInitiatedAuth,
): string | undefined {
  if (!config.autoSendAuthorizationRequest) {
    const url = new URL(config.clientIdpInitiatedAuthCallbackUri ?? endpoint)
    url.searchParams.append('ssoConnectorId', connectorId)
    return url.href
  }
  const { scope = '', ...extra } = config.authParameters
  const registered = findApplication(tenant, config.defaultApplicationId)?.oidcClientMetadata.redirectUris
  const redirectUri = config.redirectUri ?? registered?.[0]
  if (redirectUri === undefined) return undefined
  const query = new URLSearchParams({
    client_id: config.defaultApplicationId,
    redirect_uri: redirectUri,
    response_type: 'code',
    prompt: 'login',
    direct_sign_in: `sso:${connectorId}`,
    ...extra,
    scope: [...new Set(['openid', 'profile', ...scope.split(' ').filter(Boolean)])].join(' '),
  })
  return `${endpoint}/oidc/auth?${query}`
}
