import { errors, type KoaContextWithOIDC, type ResourceServer } from 'oidc-provider'
import { TTL } from '../shared/provider-defaults.ts'
import { findApplication } from './applications.ts'
import type { Tenant } from './state.ts'

/** The Management API's resource indicator (RFC 8707) on every self-hosted Logto, whatever its address. */
export const MANAGEMENT_API = 'https://default.logto.app/api'

/** The one scope of the Management API. */
export const ALL = 'all'

/**
 * The resource an access token is asked for.
 *
 * @throws InvalidTarget for any but the Management API, the one resource the sandbox has
 */
export function resourceServerOf(tenant: Tenant, resource: string, clientId: string): ResourceServer {
  if (resource !== MANAGEMENT_API) throw new errors.InvalidTarget()
  const application = findApplication(tenant, clientId)
  const mayAll = application?.type === 'MachineToMachine' && application.isAdmin
  return {
    // Without the role there is a token all the same, and no scope in it.
    scope: mayAll ? ALL : '',
    audience: MANAGEMENT_API,
    accessTokenFormat: 'jwt',
    accessTokenTTL: TTL.AccessToken,
    jwt: { sign: { alg: 'ES384' } },
  }
}

/** @throws InvalidTarget when a machine names no resource: Logto gives it no token for nothing in particular */
export function requireResource(ctx: KoaContextWithOIDC): undefined {
  if (ctx.oidc.params?.grant_type !== 'client_credentials') return undefined
  throw new errors.InvalidTarget('both `resource` and `organization_id` are not provided')
}
