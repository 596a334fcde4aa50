import { z } from 'zod'
import { Organization, OrganizationRole, Scope } from './answers.ts'
import { type Answer, inPages, type Reading } from './people.ts'

/** Organizations: who joins them, and the template of roles and permissions that they share. */
export function organizationCalls({ client, read, isLacking }: Reading) {
  const ids = z.array(z.looseObject({ id: z.string() })).transform((list) => list.map(({ id }) => id))
  /** Answers `Created`, and no JSON. */
  const done = (call: Promise<Answer>) => read(z.unknown(), call)

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
    joinedAs: (id: string) =>
      read(ids, client.GET('/api/organizations/{id}/jit/roles', { params: { path: { id } } })),

    joinAs: (id: string, organizationRoleIds: string[]) =>
      done(
        client.POST('/api/organizations/{id}/jit/roles', {
          params: { path: { id } },
          body: { organizationRoleIds },
          parseAs: 'text',
        }),
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
