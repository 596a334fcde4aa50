import { logtoId } from '../../shared/random.ts'
import type { ApiResource, Permission } from './api-resource.ts'
import type { Organization, OrganizationRole } from './organization.ts'
import type { Tenant, User } from './state.ts'

/** Adds an organization with everything empty but what is given. */
export function addOrganization(
  { organizations }: Tenant,
  given: Pick<Organization, 'name'> & Partial<Organization>,
): Organization {
  const organization: Organization = {
    id: logtoId(),
    description: null,
    customData: {},
    isMfaRequired: false,
    color: {},
    branding: {},
    customCss: null,
    createdAt: Date.now(),
    jit: { ssoConnectorIds: [], emailDomains: [], roleIds: [] },
    ...given,
  }
  organizations.push(organization)
  return organization
}

/** Makes the person a member, or gives a member these roles beside those that they have. */
export function joinOrganization(user: User, id: string, roleIds: readonly string[]): void {
  const membership = user.organizations.find((each) => each.id === id)
  if (!membership) user.organizations.push({ id, roleIds: [...new Set(roleIds)] })
  else membership.roleIds = [...new Set([...membership.roleIds, ...roleIds])]
}

/** Gives who has come through a connector for the first time what that brings. */
export function joinThroughConnector({ organizations }: Tenant, user: User, connectorId: string): void {
  for (const { id, jit } of organizations)
    if (jit.ssoConnectorIds.includes(connectorId)) joinOrganization(user, id, jit.roleIds)
}

/** The organizations of a person, with the roles there. */
export function membershipsOf({ organizations, organizationRoles }: Tenant, user: User) {
  return user.organizations.flatMap(({ id, roleIds }) => {
    const roles = organizationRoles.filter((role) => roleIds.includes(role.id))
    const organization = organizations.find((each) => each.id === id)
    return organization ? [{ organization, roles }] : []
  })
}

/** The members of an organization. */
export const membersOf = ({ users }: Tenant, organizationId: string) =>
  users.flatMap((user) => {
    const membership = user.organizations.find(({ id }) => id === organizationId)
    return membership ? [{ user, membership }] : []
  })

/** The permissions of API resources that a role opens. */
export const resourceScopesOf = (
  { apiResources }: Tenant,
  { resourceScopeIds, resourceScopeNames }: OrganizationRole,
): Array<{ resource: ApiResource; scope: Permission }> =>
  apiResources.flatMap((resource) =>
    resource.scopes
      .filter(({ id, name }) => resourceScopeIds.includes(id) || resourceScopeNames.includes(name))
      .map((scope) => ({ resource, scope })),
  )
