import { errors, type KoaContextWithOIDC, type ResourceServer } from 'oidc-provider'
import { TTL } from '../../shared/provider/provider-defaults.ts'
import type { Behaviour } from '../control/behaviour.ts'
import { findApplication } from '../state/applications.ts'
import { ALL, MANAGEMENT_API } from '../state/management-api.ts'
import { resourceScopesOf } from '../state/organizations.ts'
import type { Permission, Tenant } from '../state/state.ts'
import { findUser } from '../state/users.ts'
import {
  audienceOf,
  ORGANIZATIONS,
  organizationAsked,
  organizationPermissions,
  rolesThere,
} from './organization-tokens.ts'
import type { SigningKey } from './signing-keys.ts'

interface ResourceRequest {
  tenant: Tenant
  behaviour: Behaviour
  alg: SigningKey['alg']
  ctx: KoaContextWithOIDC
  resource: string
  clientId: string
}

/**
 * The resource an access token is asked for: the Management API, one of the tenant's API resources, or an
 * organization. Its tokens are signed with Logto's keys (RFC 9068), and their scopes are what the roles open.
 *
 * @throws InvalidTarget for any other
 */
export function resourceServerOf(request: ResourceRequest): ResourceServer {
  const { resource, tenant, clientId, behaviour, alg } = request
  if (resource === MANAGEMENT_API) {
    const application = findApplication(tenant, clientId)
    const mayAll = application?.type === 'MachineToMachine' && application.isAdmin
    // Without the role there is a token all the same, and no scope in it.
    return serverOf(alg, MANAGEMENT_API, mayAll ? [ALL] : [], TTL.AccessToken)
  }
  if (resource === ORGANIZATIONS) return organizationServer(request)
  const api = tenant.apiResources.find(({ indicator }) => indicator === resource)
  if (!api) throw new errors.InvalidTarget()
  const open = opened(request)
  const names = api.scopes.filter(open).map(({ name }) => name)
  return serverOf(alg, resource, names, behaviour.accessTokenTtl)
}

/** Before anybody has signed in, all that could be granted. */
function organizationServer({ tenant, ctx, behaviour, alg }: ResourceRequest): ResourceServer {
  const id = organizationAsked(ctx)
  const user = userOf(tenant, ctx)
  if (id === undefined || !user) {
    const all = tenant.organizationScopes.map(({ name }) => name)
    return serverOf(alg, ORGANIZATIONS, all, behaviour.accessTokenTtl)
  }
  const names = organizationPermissions(tenant, rolesThere(tenant, user, id))
  return serverOf(alg, audienceOf(id), names, behaviour.accessTokenTtl)
}

const serverOf = (
  alg: SigningKey['alg'],
  audience: string,
  scopes: readonly string[],
  ttl: number,
): ResourceServer => ({
  scope: [...new Set(scopes)].join(' '),
  audience,
  accessTokenFormat: 'jwt',
  accessTokenTTL: ttl,
  jwt: { sign: { alg } },
})

/** Which permissions are open to whom the token is for: before anybody has signed in, all that could be granted. */
function opened({ tenant, ctx, clientId }: ResourceRequest): (permission: Permission) => boolean {
  if (ctx.oidc.params?.grant_type === 'client_credentials') {
    const names = findApplication(tenant, clientId)?.permissions ?? []
    return ({ name }) => names.includes(name)
  }
  const user = userOf(tenant, ctx)
  if (!user) return () => true
  const organizationId = organizationAsked(ctx)
  if (organizationId !== undefined) {
    const theirs = rolesThere(tenant, user, organizationId)
    const open = theirs.flatMap((role) => resourceScopesOf(tenant, role).map(({ scope }) => scope.id))
    return ({ id }) => open.includes(id)
  }
  const roles = tenant.roles.filter(({ name, type }) => type === 'User' && user.roles.includes(name))
  return ({ id }) => roles.some(({ scopeIds }) => scopeIds.includes(id))
}

const userOf = (tenant: Tenant, ctx: KoaContextWithOIDC) =>
  findUser(tenant, ctx.oidc.entities.Account?.accountId ?? '')

/**
 * The resource of a request that names none.
 *
 * @throws InvalidTarget when a machine names no resource: Logto gives it no token for nothing in particular
 */
export function resourceOfRequest(ctx: KoaContextWithOIDC): string | undefined {
  if (organizationAsked(ctx) !== undefined) return ORGANIZATIONS
  if (ctx.oidc.params?.grant_type !== 'client_credentials') return undefined
  throw new errors.InvalidTarget('both `resource` and `organization_id` are not provided')
}

/** A token for an API, asked for in the name of an organization, names it beside the API's audience. */
export function organizationClaim(ctx: KoaContextWithOIDC): { organization_id: string } | undefined {
  const id = organizationAsked(ctx)
  return id !== undefined && ctx.oidc.params?.resource !== undefined ? { organization_id: id } : undefined
}
