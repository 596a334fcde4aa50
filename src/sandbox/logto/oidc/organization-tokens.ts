import { errors, type KoaContextWithOIDC } from 'oidc-provider'
import type { OrganizationRole } from '../state/organization.ts'
import { membershipsOf } from '../state/organizations.ts'
import type { Tenant, User } from '../state/state.ts'

/** The resource that a sign-in names to get organization tokens later; Logto's SDK does with its scope. */
export const ORGANIZATIONS = 'urn:logto:resource:organizations'

/** The scope without which there is none. */
const SCOPE = 'urn:logto:scope:organizations'

const FORBIDDEN = 403

/** The audience of a token for what is an organization's own. */
export const audienceOf = (organizationId: string) => `urn:logto:organization:${organizationId}`

/** The organization a token request names, which is Logto's own extension of the refresh token grant. */
export function organizationAsked({ oidc }: KoaContextWithOIDC): string | undefined {
  const id = oidc.params?.grant_type === 'refresh_token' ? oidc.body?.organization_id : undefined
  return typeof id === 'string' && id !== '' ? id : undefined
}

/**
 * Looked at before anything is given or rotated, as Logto does.
 *
 * @throws AccessDenied (403) when the request names an organization that the user is no member of
 * @throws InsufficientScope when the sign-in did not ask for organizations
 */
export function requireMembership(ctx: KoaContextWithOIDC, user: User): void {
  const id = organizationAsked(ctx)
  if (id === undefined) return
  if (!user.organizations.some((organization) => organization.id === id)) {
    const error = new errors.AccessDenied('user is not a member of the organization')
    error.statusCode = FORBIDDEN
    throw error
  }
  if (!ctx.oidc.entities.RefreshToken?.scopes.has(SCOPE)) {
    throw new errors.InsufficientScope('refresh token missing required scope', SCOPE)
  }
}

/** The roles of the user in an organization. */
export const rolesThere = (tenant: Tenant, user: User, organizationId: string): OrganizationRole[] =>
  membershipsOf(tenant, user).find(({ organization }) => organization.id === organizationId)?.roles ?? []

/** What these roles open of the organization template, by name. */
export function organizationPermissions(
  { organizationScopes }: Tenant,
  roles: readonly OrganizationRole[],
): string[] {
  const ids = roles.flatMap(({ scopeIds }) => scopeIds)
  return organizationScopes.filter(({ id }) => ids.includes(id)).map(({ name }) => name)
}
