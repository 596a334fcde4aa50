import type { AdapterPayload } from 'oidc-provider'
import type { OktaApp, Org } from './state.ts'

export function findAppOfClient(org: Org, clientId: string): OktaApp | undefined {
  return org.apps.find(({ credentials }) => credentials.oauthClient.client_id === clientId)
}

/** The org's app as an OAuth client, read anew at every use; an inactive app is none. */
export function clientOf(org: Org, clientId: string): AdapterPayload | undefined {
  const app = findAppOfClient(org, clientId)
  if (app?.status !== 'ACTIVE') return undefined
  const { client_secret: secret, token_endpoint_auth_method: method } = app.credentials.oauthClient
  const { oauthClient } = app.settings
  return {
    client_id: clientId,
    ...(secret !== undefined && { client_secret: secret }),
    token_endpoint_auth_method: method,
    client_name: app.label,
    application_type: oauthClient.application_type === 'native' ? 'native' : 'web',
    redirect_uris: oauthClient.redirect_uris,
    post_logout_redirect_uris: oauthClient.post_logout_redirect_uris,
    // An app may be registered for more than the sandbox can do.
    response_types: oauthClient.response_types.filter((type) => type === 'code'),
    grant_types: oauthClient.grant_types.filter(
      (type) => type === 'authorization_code' || type === 'refresh_token',
    ),
  }
}

/** Where a person starts the app anew: its own start, never an address from the request. */
export function homeOf({ settings }: OktaApp): string | undefined {
  const { initiate_login_uri: start, redirect_uris: redirectUris } = settings.oauthClient
  const [callback = ''] = redirectUris
  return start ?? (URL.canParse('/', callback) ? new URL('/', callback).href : undefined)
}
