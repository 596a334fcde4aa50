import { type AdapterPayload, errors } from 'oidc-provider'
import { findApplication } from '../state/applications.ts'
import type { Application, Tenant } from '../state/state.ts'

const PUBLIC: Application['type'][] = ['SPA', 'Native']

/**
 * The tenant's application as an OAuth client, read anew at every use, so that a changed application counts at once.
 *
 * @throws InvalidClient in Logto's words when there is no such application
 */
export function clientOf(tenant: Tenant, id: string): AdapterPayload {
  const application = findApplication(tenant, id)
  if (!application) throw new errors.InvalidClient(`invalid client ${id}`, 'client not found')
  const { oidcClientMetadata: metadata, type } = application
  const machine = type === 'MachineToMachine'
  return {
    client_id: application.id,
    client_secret: application.internalSecret,
    client_name: application.name,
    application_type: type === 'Native' ? 'native' : 'web',
    token_endpoint_auth_method: PUBLIC.includes(type) ? 'none' : 'client_secret_basic',
    grant_types: machine ? ['client_credentials'] : ['authorization_code', 'refresh_token'],
    response_types: machine ? [] : ['code'],
    // A third party may ask for no more than it was allowed, which is nothing yet in the sandbox.
    ...(application.isThirdParty && { scope: 'openid offline_access' }),
    redirect_uris: metadata.redirectUris,
    post_logout_redirect_uris: metadata.postLogoutRedirectUris,
    ...(metadata.backchannelLogoutUri && {
      backchannel_logout_uri: metadata.backchannelLogoutUri,
      backchannel_logout_session_required: metadata.backchannelLogoutSessionRequired ?? false,
    }),
  }
}
