import type { AdapterPayload } from 'oidc-provider'
import type { OktaApp, Org } from './state.ts'

/** The org's app as an OAuth client, read anew at every use; an inactive app is none. */
export function clientOf(org: Org, clientId: string): AdapterPayload | undefined {
  const app = org.apps.find(({ credentials }) => credentials.oauthClient.client_id === clientId)
  if (app?.status !== 'ACTIVE') return undefined
  const { oauthClient } = app.settings
  return {
    ...app.credentials.oauthClient,
    client_name: app.label,
    application_type: oauthClient.application_type,
    redirect_uris: oauthClient.redirect_uris,
    post_logout_redirect_uris: oauthClient.post_logout_redirect_uris,
    response_types: oauthClient.response_types,
    grant_types: oauthClient.grant_types,
  }
}

/** Where a person starts the app anew: its own start, never an address from the request. */
export function homeOf({ settings }: OktaApp): string | undefined {
  const { initiate_login_uri: start, redirect_uris: redirectUris } = settings.oauthClient
  const [callback] = redirectUris
  return start ?? (callback && new URL('/', callback).href)
}
