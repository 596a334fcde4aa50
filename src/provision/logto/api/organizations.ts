import { z } from 'zod'
import { Organization, OrganizationRole, Scope, User } from './answers.ts'
import { type Answer, inPages, type Reading } from './people.ts'

/** Organizations: who joins them, and the template of roles and permissions that they share. */
export function organizationCalls({ client, read, isLacking }: Reading) {
  const ids = z.array(z.looseObject({ id: z.string() })).transform((list) => list.map(({ id }) => id))
  /** Answers `Created`, and no JSON. */
  const done = (call: Promise<Answer>) => read(z.unknown(), call)

  const joinedAs = (id: string) =>
    read(ids, client.GET('/api/organizations/{id}/jit/roles', { params: { path: { id } } }))

  return {
    /** All of them. */
    organizations: () =>
      inPages((query) =>
        read(z.array(Organization), client.GET('/api/organizations', { params: { query } })),
      ),

    /** @returns undefined where the tenant's plan has no room for another one */
    async createOrganization(name: string, customData: Record<string, string>) {
      const call = client.POST('/api/organizations', { body: { name, customData } })
      return (await isLacking(call, 403)) ? undefined : read(Organization, call)
    },

    changeOrganization: (id: string, customData: Record<string, unknown>) =>
      read(
        Organization,
        client.PATCH('/api/organizations/{id}', { params: { path: { id } }, body: { customData } }),
      ),

    /** The connectors through which people join, by their IDs. */
    joinedThrough: (id: string) =>
      read(ids, client.GET('/api/organizations/{id}/jit/sso-connectors', { params: { path: { id } } })),

    joinThrough: (id: string, connectorId: string) =>
      done(
        client.POST('/api/organizations/{id}/jit/sso-connectors', {
          params: { path: { id } },
          body: { ssoConnectorIds: [connectorId] },
          parseAs: 'text',
        }),
      ),

    /** The roles that people get who join, by their IDs. */
    joinedAs,

    joinAs: (id: string, organizationRoleIds: string[]) =>
      done(
        client.POST('/api/organizations/{id}/jit/roles', {
          params: { path: { id } },
          body: { organizationRoleIds },
          parseAs: 'text',
        }),
      ),

    /**
     * Makes somebody a member with the roles that people get who join. Who is one already stays as they are.
     *
     * @throws ProvisionError also where the account is gone
     */
    async addMember(id: string, userId: string): Promise<void> {
      const path = { params: { path: { id } }, parseAs: 'text' as const }
      await done(client.POST('/api/organizations/{id}/users', { ...path, body: { userIds: [userId] } }))
      const organizationRoleIds = await joinedAs(id)
      if (organizationRoleIds.length === 0) return
      const body = { userIds: [userId], organizationRoleIds }
      await done(client.POST('/api/organizations/{id}/users/roles', { ...path, body }))
    },

    /** The organizations that somebody is a member of, by their IDs. */
    organizationsOf: (userId: string) =>
      read(ids, client.GET('/api/users/{userId}/organizations', { params: { path: { userId } } })),

    /** Those whom Logto lists first, 500 of them at most. */
    members: (id: string) =>
      inPages(
        (query) =>
          read(
            z.array(User),
            client.GET('/api/organizations/{id}/users', { params: { path: { id }, query } }),
          ),
        5,
      ),

    organizationRoles: () =>
      inPages((query) =>
        read(z.array(OrganizationRole), client.GET('/api/organization-roles', { params: { query } })),
      ),

    createOrganizationRole: (name: string) =>
      read(
        Scope,
        client.POST('/api/organization-roles', {
          body: { name, organizationScopeIds: [], resourceScopeIds: [] },
        }),
      ),

    organizationPermissions: () =>
      inPages((query) => read(z.array(Scope), client.GET('/api/organization-scopes', { params: { query } }))),

    createOrganizationPermission: (name: string) =>
      read(Scope, client.POST('/api/organization-scopes', { body: { name } })),

    givePermissions: (id: string, organizationScopeIds: string[]) =>
      done(
        client.POST('/api/organization-roles/{id}/scopes', {
          params: { path: { id } },
          body: { organizationScopeIds },
          parseAs: 'text',
        }),
      ),
  }
}
